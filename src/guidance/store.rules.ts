import { type OpenBill, totalOn } from '#bills'
import type { Creditor } from '#creditor'
import { convenienceStoreOffer, plannedRedebit, type RedebitFacts, type Slip, type SlipStanding } from '#payments'
import type { HolidayCalendar } from '#values/business-day'
import { compareDays, type Day } from '#values/day'
import { sumYen, type Yen, yen } from '#values/yen'

/** What the page of convenience stores shows. A person who is two customers in the creditor's books has two slips. */
export type StoreState =
  | { readonly kind: 'slips'; readonly slips: readonly Slip[]; readonly chains: readonly Chain[] }
  | {
      readonly kind: 'offer'
      readonly amount: Yen
      readonly expiresOn: Day
      readonly chains: readonly Chain[]
      /** Why the slip made before is of no use any more. */
      readonly because: 'expired' | 'amount-changed' | undefined
    }
  | { readonly kind: 'too-much'; readonly amount: Yen; readonly limitYen: Yen }
  /** A re-debit is under way, and nobody shall pay twice. */
  | { readonly kind: 'redebit-under-way' }
  | { readonly kind: 'closed' }

export type Chain = { readonly name: string; readonly limitYen: Yen }

export type SlipFacts = {
  readonly standing: SlipStanding
  /** What this customer owes today. */
  readonly owed: Yen
  readonly lastDay: Day | undefined
}

/** A slip that can be paid is shown; else what one made now would be for. */
export const storeState = (
  facts: readonly SlipFacts[],
  creditor: Pick<Creditor, 'convenienceStore'>,
  today: Day,
): StoreState => {
  const asked = facts.map(({ standing, owed, lastDay }) => {
    const slip = standing.kind === 'current' ? standing.slip : undefined
    return { standing, slip, offer: convenienceStoreOffer(creditor, { total: slip?.amount ?? owed, today, lastDay }) }
  })
  const offers = asked.map(({ offer }) => offer)
  const offered = offers.filter((offer) => offer.kind === 'offered')
  const [tooMuch] = offers.filter((offer) => offer.kind === 'too-much')
  const [expiresOn] = offered.map((offer) => offer.expiresOn).toSorted(compareDays)
  if (expiresOn === undefined && tooMuch !== undefined)
    return { kind: 'too-much', amount: sumYen(facts.map(({ owed }) => owed)), limitYen: yen(tooMuch.limitYen) }
  if (expiresOn === undefined)
    return offers.some((offer) => offer.kind === 'unavailable' && offer.because === 'no-day-left')
      ? { kind: 'redebit-under-way' }
      : { kind: 'closed' }
  const names = new Set(offered.flatMap(({ chains }) => chains))
  const chains = chainsOf(creditor).filter(({ name }) => names.has(name))
  const payable = asked.filter(({ offer }) => offer.kind === 'offered')
  const slips = payable.map(({ slip }) => slip).filter((slip) => slip !== undefined)
  if (slips.length === payable.length) return { kind: 'slips', slips, chains }
  const kinds = payable.map(({ standing }) => standing.kind)
  return {
    kind: 'offer',
    amount: sumYen(offered.map(({ amount }) => amount)),
    expiresOn,
    chains,
    because: kinds.includes('changed') ? 'amount-changed' : kinds.includes('expired') ? 'expired' : undefined,
  }
}

export type Owing = {
  readonly customerId: string
  readonly owed: Yen
  /** The cut-off of the re-debit that comes next: from then on money shall not come this way until its result is here. */
  readonly lastDay: Day | undefined
}

/** Who of a visit's customers owes, in the order in which they are locked. */
export const owingOf = (
  bills: readonly OpenBill[],
  redebits: readonly RedebitFacts[],
  creditor: Pick<Creditor, 'redebits' | 'products'>,
  holidays: HolidayCalendar,
  today: Day,
): readonly Owing[] =>
  [...new Set(bills.map(({ customerId }) => customerId))].toSorted().map((customerId) => {
    const own = bills.filter((bill) => bill.customerId === customerId)
    const cutOffs = redebits
      .filter((bill) => bill.customerId === customerId)
      .map((bill) => plannedRedebit(bill, creditor, holidays, today))
      .flatMap((redebit) => (redebit === undefined ? [] : [redebit.cutOff]))
    return { customerId, owed: totalOn(own, creditor.products, today), lastDay: cutOffs.toSorted(compareDays)[0] }
  })

const chainsOf = ({ convenienceStore }: Pick<Creditor, 'convenienceStore'>): readonly Chain[] =>
  (convenienceStore?.chains ?? []).map(({ name, limitYen }) => ({
    name,
    limitYen: yen(Math.min(limitYen ?? Number.POSITIVE_INFINITY, convenienceStore?.limitYen ?? 0)),
  }))
