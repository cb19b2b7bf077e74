import { listCustomerNumbers } from '#customers'
import type { Db } from '#platform/database/database'
import type { Deposit } from './deposit.store.ts'
import { judgeMatch, type Tie, type Unmatched } from './match.rules.ts'
import type { Ownerless } from './ownerless.ts'
import { gatherEvidence } from './ties.store.ts'
import type { PaymentsWorld } from './world.ts'

/** Reads payers' names out of the sealed copy of a file, by their records. */
export type ReadPayers = (importId: string, records: readonly number[]) => Promise<ReadonlyMap<number, string>>

export type Suggestion = Tie & { readonly customerNumber: string }

export type Advice = {
  readonly deposit: Deposit
  /** As it came; only for eyes that may see it. */
  readonly payer: string | undefined
  /** As things are now, which may be otherwise than when it came. */
  readonly because: Unmatched | 'would-match'
  readonly suggestions: readonly Suggestion[]
}

/** Whose each of these may be, and why nobody but a person can tell. */
export const adviseOn = async (
  db: Db,
  w: Pick<PaymentsWorld, 'vault' | 'creditor'>,
  deposits: readonly Deposit[],
  readPayers: ReadPayers,
): Promise<readonly Advice[]> => {
  const payers = await payersOf(deposits, readPayers)
  const ownerless = deposits.map((deposit) => asOwnerless(deposit, payers.get(deposit.id)))
  const evidence = await gatherEvidence(db, w, ownerless, { households: true })
  const ties = [...evidence.values()].flatMap((one) => one.ties)
  const numbers = await listCustomerNumbers(db, [...new Set(ties.map(({ customerId }) => customerId))])
  return deposits.map((deposit) => {
    const known = evidence.get(deposit.id)
    const match = known && judgeMatch(known.clues, known.ties, { byName: w.creditor.policies.deposits.matchByName })
    const because = match?.kind === 'for-people' ? match.because : 'would-match'
    return {
      deposit,
      payer: payers.get(deposit.id),
      because: deposit.because === 'taken-apart' ? 'taken-apart' : because,
      suggestions: bestFirst(known?.ties ?? []).map((tie) => ({
        ...tie,
        customerNumber: numbers.get(tie.customerId) ?? '',
      })),
    }
  })
}

/** By deposit id. Each file is opened once. */
export const payersOf = async (
  deposits: readonly Deposit[],
  readPayers: ReadPayers,
): Promise<ReadonlyMap<string, string>> => {
  const payers = new Map<string, string>()
  for (const [importId, those] of Map.groupBy(deposits, (deposit) => deposit.importId)) {
    if (importId === null) continue
    const records = those.flatMap(({ record }) => (record === null ? [] : [record]))
    const read = await readPayers(importId, records)
    for (const { id, record } of those) {
      const payer = record === null ? undefined : read.get(record)
      if (payer !== undefined) payers.set(id, payer)
    }
  }
  return payers
}

export const asOwnerless = (
  { id, channel, amount, onDay, account, reference }: Deposit,
  payer: string | undefined,
): Ownerless => ({
  key: id,
  channel: channel === 'convenience-store' ? channel : 'transfer',
  amount,
  onDay,
  account,
  reference,
  payer: payer ?? null,
})

/** As many as a person compares at a glance. */
const suggestionsMax = 5

/** A name and an amount together say more than either alone. */
const bestFirst = (ties: readonly Tie[]): readonly Tie[] =>
  ties.toSorted((one, other) => weightOf(other) - weightOf(one)).slice(0, suggestionsMax)

const weightOf = ({ account, slipId, reference, name, amount }: Tie): number =>
  (account ? 16 : 0) +
  (slipId ? 16 : 0) +
  (reference === 'strong' ? 8 : reference === 'weak' ? 3 : 0) +
  (name === 'whole' ? 4 : name === 'family' ? 2 : name === 'household' ? 1 : 0) +
  (amount === undefined ? 0 : 3)
