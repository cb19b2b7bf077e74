import { type AnswerFacts, getAnswerFacts } from '#answers'
import { lastSettled } from '#bills'
import { listReceived } from '#payments'
import type { Reply } from '#platform/http/http'
import { dayInJst } from '#values/day'
import { type AnswerSummary, answerSummary } from './answer-summary.rules.ts'
import { paidSoFar } from './bill-amount.rules.ts'
import { type Desk, page, seeOther, type Visiting } from './door.pages.ts'
import { type MenuNotice, type MenuOffer, menuPage, settledPage } from './menu.views.ts'
import { menuOffer } from './menu-offer.rules.ts'
import { urls } from './urls.ts'
import { findWays } from './ways.pages.ts'

/** Where the customer of a visit stands now. */
export type Standing = {
  readonly facts: AnswerFacts
  readonly offer: MenuOffer
  readonly answer: AnswerSummary | undefined
}

/** Undefined when nothing is owed, or when the visit is only for reading that. */
export const findStanding = async ({ w }: Desk, { visit }: Visiting, now: Date): Promise<Standing | undefined> => {
  if (visit.readOnly) return undefined
  const facts = await getAnswerFacts(w.db, visit.customerIds, w.creditor.products)
  const offer = menuOffer(facts, { ...w, now })
  return offer.kind === 'settled' ? undefined : { facts, offer, answer: answerSummary(facts) }
}

/** For pages that are about what is owed: who owes nothing reads so on the menu. */
export const withStanding = async (
  desk: Desk,
  visiting: Visiting,
  now: Date,
  go: (standing: Standing) => Promise<Reply>,
): Promise<Reply> => {
  const standing = await findStanding(desk, visiting, now)
  return standing === undefined ? seeOther(urls.menu) : go(standing)
}

/** The menu as it is now, with the reason why something was not taken. */
export const showMenu = async (desk: Desk, visiting: Visiting, now: Date, notice?: MenuNotice): Promise<Reply> => {
  const standing = await findStanding(desk, visiting, now)
  if (standing === undefined) return showSettled(desk, visiting)
  const { bills } = standing.facts
  const ways = await findWays(desk, visiting, bills, now)
  const paid = paidSoFar(bills, desk.w.creditor.products, dayInJst(now))
  const view = { ...visiting, ...standing, ways, paid, ...(notice && { notice }) }
  return page(menuPage(desk.look, view), notice ? 422 : 200)
}

const showSettled = async ({ w, look }: Desk, visiting: Visiting): Promise<Reply> => {
  const { customerIds } = visiting.visit
  const { products } = w.creditor
  const settled = await lastSettled(w.db, customerIds, products)
  const received = await listReceived(w.db, customerIds, products)
  return page(settledPage(look, { ...visiting, settledOn: settled?.onDay, hasReceipt: received.length > 0 }))
}
