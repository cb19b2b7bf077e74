import { type OpenBill, totalOn } from '#bills'
import { convenienceStoreOffer, listPayEasy, listRedebitFacts } from '#payments'
import { dayInJst } from '#values/day'
import { cardWayName } from './card-way.rules.ts'
import type { Desk, Visiting } from './door.pages.ts'
import { type RedebitView, redebitViews } from './redebit.rules.ts'
import type { WaysToPay } from './ways.views.ts'

/** Which ways are open to this customer today: nobody is led to a page that only says no. */
export const findWays = async (
  { w }: Desk,
  { visit }: Visiting,
  bills: readonly OpenBill[],
  now: Date,
): Promise<WaysToPay> => {
  const today = dayInJst(now)
  const offer = convenienceStoreOffer(w.creditor, { total: totalOn(bills, w.creditor.products, today), today })
  const payEasy = await listPayEasy(w.db, w.creditor, visit.customerIds)
  return {
    store: offer.kind === 'offered',
    payEasy: payEasy.length > 0,
    card: w.cardProvider && cardWayName(w.creditor),
  }
}

export const findRedebits = async ({ w }: Desk, { visit }: Visiting, now: Date): Promise<readonly RedebitView[]> => {
  const facts = await listRedebitFacts(w.db, visit.customerIds, w.creditor)
  return redebitViews(facts, w.creditor, w.holidays, dayInJst(now))
}
