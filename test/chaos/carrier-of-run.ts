import { readCarrierLines } from '../carrier-process.journal.ts'
import { customerNumberOfPhone } from './cast.ts'
import type { CarrierRecord, Taken } from './compare.rules.ts'

/** What the carriers wrote down: everything it took, how that ended, and which receipts it was told were received. */
export const readCarriers = async (journals: readonly string[]): Promise<CarrierRecord> => {
  const taken = new Map<string, Taken & { hasEnded: boolean; isAcknowledged: boolean }>()
  const strays = new Set<string>()
  for (const journal of journals)
    for await (const line of readCarrierLines(journal)) {
      const known = taken.get(line.id)
      switch (line.kind) {
        case 'taken': {
          const { id, at, to, text, reference, fate } = line
          const customer = customerNumberOfPhone(to)
          taken.set(id, {
            id,
            customer,
            text: sameText(text),
            ...(reference === undefined ? {} : { reference }),
            fate,
            atMs: Date.parse(at),
            hasEnded: false,
            isAcknowledged: false,
          })
          break
        }
        case 'ended':
          if (known) known.hasEnded = true
          break
        case 'acknowledged':
          if (known) known.isAcknowledged = true
          else strays.add(line.id)
          break
      }
    }
  return { taken: [...taken.values()], acknowledgedStrays: strays }
}

/** One string for all notices: a million copies of the same text are memory. */
const sameText = (() => {
  let last = ''
  return (text: string): string => {
    if (text !== last) last = text
    return last
  }
})()
