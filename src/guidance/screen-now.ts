import { getAnswerFacts, silencingHolds } from '#answers'
import { lastSettled } from '#bills'
import type { Db } from '#platform/database/database'
import { addDays, type Day, dayInJst } from '#values/day'
import { type AnswerSummary, answerSummary } from './answer-summary.rules.ts'
import type { MenuOffer } from './menu.views.ts'
import { menuOffer } from './menu-offer.rules.ts'
import type { GuidanceWorld } from './world.ts'

/** What a customer would see who signed in at this moment. */
export type ScreenNow =
  /** No code comes to their phone: they are not written to, or there is nothing to show. */
  | { readonly kind: 'no-code'; readonly because: 'hold' | 'nothing-owed' }
  | { readonly kind: 'settled'; readonly onDay: Day }
  | { readonly kind: 'menu'; readonly offer: MenuOffer; readonly answer: AnswerSummary | undefined }

export const screenNow = async (
  { db, creditor, holidays }: Pick<GuidanceWorld, 'creditor' | 'holidays'> & { readonly db: Db },
  customerId: string,
  now: Date,
): Promise<ScreenNow> => {
  const facts = await getAnswerFacts(db, [customerId], creditor.products)
  if (facts.holds.some((reason) => silencingHolds.includes(reason))) return { kind: 'no-code', because: 'hold' }
  const offer = menuOffer(facts, { creditor, holidays, now })
  if (offer.kind !== 'settled') return { kind: 'menu', offer, answer: answerSummary(facts) }
  const settled = await lastSettled(db, [customerId], creditor.products)
  const firstDay = addDays(dayInJst(now), -creditor.policies.visit.readOnlyDays)
  if (settled === undefined || settled.onDay < firstDay) return { kind: 'no-code', because: 'nothing-owed' }
  return { kind: 'settled', onDay: settled.onDay }
}
