import type { Creditor } from '#creditor'
import { addDays, type Day } from '#values/day'

/** What decides whether a customer who matches may have a code. */
export type MatchFacts = {
  readonly customerId: string
  readonly open: readonly BillFacts[]
  readonly settled: readonly (BillFacts & { readonly onDay: Day })[]
  readonly holds: readonly string[]
}

export type BillFacts = { readonly product: string | null; readonly excluded: boolean }

export type MatchOutcome =
  | { readonly kind: 'real'; readonly customerIds: readonly string[]; readonly readOnly: boolean }
  | { readonly kind: 'decoy'; readonly because: 'nobody' | 'hold' | 'nothing-owed' }

/** Under these we do not write at all. Dispute and hardship only stop the request to pay. */
const silencingHolds: readonly string[] = ['legal', 'death', 'wrong-number']

/**
 * Who gets a real code: an open bill, or one settled lately, outside the excluded products. Several customer numbers
 * that match are one person: what silences one of them silences all.
 */
export function matchOutcome(
  matches: readonly MatchFacts[],
  { products, policies }: Pick<Creditor, 'products' | 'policies'>,
  today: Day,
): MatchOutcome {
  if (matches.length === 0) return { kind: 'decoy', because: 'nobody' }
  if (matches.some(({ holds }) => holds.some((reason) => silencingHolds.includes(reason))))
    return { kind: 'decoy', because: 'hold' }
  const isShown = ({ product, excluded }: BillFacts) =>
    !excluded && !(product !== null && products[product]?.excluded === true)
  const firstDay = addDays(today, -policies.visit.readOnlyDays)
  const owes = ({ open }: MatchFacts) => open.some(isShown)
  const hasPaid = ({ settled }: MatchFacts) => settled.some((bill) => isShown(bill) && bill.onDay >= firstDay)
  const shown = matches.filter((match) => owes(match) || hasPaid(match))
  if (shown.length === 0) return { kind: 'decoy', because: 'nothing-owed' }
  return { kind: 'real', customerIds: shown.map(({ customerId }) => customerId), readOnly: !shown.some(owes) }
}
