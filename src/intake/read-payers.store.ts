import type { Db } from '#platform/database/database'
import type { Vault } from '#platform/vault/vault'
import { findImport } from './import.store.ts'
import { readChunks } from './import-chunks.store.ts'
import type { DepositsReport } from './import-deposits.jobs.ts'
import { fieldText } from './zengin.format.ts'
import { layout01 } from './zengin-01.format.ts'
import { layout03 } from './zengin-03.format.ts'

/**
 * 振込依頼人名 of these records as the bank wrote it, out of the sealed copy of the file: it is stored nowhere else.
 * Records without one are left out, and so is everything of a file that names no payers.
 */
export async function readPayers(
  { db, vault }: { readonly db: Db; readonly vault: Vault },
  importId: string,
  records: readonly number[],
): Promise<ReadonlyMap<number, string>> {
  const payers = new Map<number, string>()
  const found = await findImport(db, importId)
  if (found?.kind !== 'deposits') return payers
  const { file } = found.report as DepositsReport
  if (file.kind === 'convenience-store') return payers
  const { payerName } = { '01': layout01, '03': layout03 }[file.kind].data
  for await (const { record, bytes } of readRecords(readChunks(db, vault, importId), records, file.stride)) {
    const payer = fieldText(bytes, 0, payerName).trim()
    if (payer !== '') payers.set(record, payer)
  }
  return payers
}

/** These records of a file in the order in which they stand in it, which is read once. */
async function* readRecords(pieces: AsyncIterable<Buffer>, records: readonly number[], stride: number) {
  const wanted = [...new Set(records)].sort((one, other) => one - other)
  let rest: Buffer = Buffer.alloc(0)
  let restAt = 0
  let next = 0
  for await (const piece of pieces) {
    const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece])
    for (; next < wanted.length; next++) {
      const record = wanted[next] as number
      const at = (record - 1) * stride - restAt
      if (at + stride > bytes.length) break
      yield { record, bytes: bytes.subarray(at, at + stride) }
    }
    if (next === wanted.length) return
    const keptFrom = Math.min(bytes.length, Math.max(0, ((wanted[next] as number) - 1) * stride - restAt))
    rest = bytes.subarray(keptFrom)
    restAt += keptFrom
  }
}
