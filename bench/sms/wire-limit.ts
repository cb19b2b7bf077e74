import type { Contestant, OpenContestant } from './contest.ts'
import { phoneOf } from './data.ts'
import { openWire } from './wire.ts'

/** No store at all: what this machine's two ends of a wire can do with each other. */
export const openWireLimit: OpenContestant = async ({ sinkPort, window, messages }): Promise<Contestant> => {
  const wire = await openWire(sinkPort, window)
  let delivered = 0
  return {
    queue: async () => {},
    drain: () =>
      new Promise((resolve) => {
        wire.onReceipts((receipts) => {
          wire.acknowledge(receipts)
          delivered += receipts.length
          if (delivered === messages) resolve()
        })
        for (let n = 1; n <= messages; n++) wire.submit(n, phoneOf(n), () => {})
      }),
    countDelivered: async () => delivered,
    close: async () => wire.close(),
  }
}
