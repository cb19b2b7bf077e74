import { type AnswerFacts, getAnswerFacts } from '#answers'
import { lastSettled } from '#bills'
import type { Reply } from '#platform/http/http'
import { type AnswerSummary, answerSummary } from './answer-summary.rules.ts'
import { type Desk, page, seeOther, type Visiting } from './door.pages.ts'
import { type MenuNotice, type MenuOffer, menuPage, settledPage } from './menu.views.ts'
import { menuOffer } from './menu-offer.rules.ts'
import { urls } from './urls.ts'

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
  if (standing === undefined) {
    const settled = await lastSettled(desk.w.db, visiting.visit.customerIds, desk.w.creditor.products)
    return page(settledPage(desk.look, { ...visiting, settledOn: settled?.onDay }))
  }
  return page(menuPage(desk.look, { ...visiting, ...standing, ...(notice && { notice }) }), notice ? 422 : 200)
}
