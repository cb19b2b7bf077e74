import type { RawReceipt, Wire } from './wire.ts'

/**
 * Records receipts in batches: what has come while one batch was being written is the next. Each is acknowledged after
 * its batch has committed.
 * @returns resolves when `count` are recorded.
 */
export function recordReceipts(
  wire: Wire,
  count: number,
  record: (receipts: readonly RawReceipt[]) => Promise<unknown>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let come: RawReceipt[] = []
    let recorded = 0
    let isRecording = false
    const next = async () => {
      isRecording = true
      while (come.length > 0) {
        const batch = come
        come = []
        await record(batch)
        wire.acknowledge(batch)
        recorded += batch.length
      }
      isRecording = false
      if (recorded === count) resolve()
    }
    wire.onReceipts((receipts) => {
      come.push(...receipts)
      if (!isRecording) next().catch(reject)
    })
  })
}
