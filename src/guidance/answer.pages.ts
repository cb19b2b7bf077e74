import { type AnswerRequest, decideAnswer, lockAnswerFacts, type Refusal, recordAnswer } from '#answers'
import type { Transaction } from '#platform/database/database'
import type { Reply, Sent } from '#platform/http/http'
import { queueReceipt } from './answer-receipt.pages.ts'
import { type Desk, seeOther, type Visiting, within } from './door.pages.ts'
import type { MenuNotice } from './menu.views.ts'
import { showMenu } from './standing.pages.ts'
import { urls } from './urls.ts'

/** Takes an answer: facts, decision, record. What is refused leads back to the menu, which offers what is possible. */
export const takeAnswer = async (
  desk: Desk,
  { now }: Sent,
  visiting: Visiting,
  tx: Transaction,
  request: AnswerRequest,
): Promise<Reply> => {
  const { w } = desk
  const { visit } = visiting
  if (visit.readOnly) return seeOther(urls.menu)
  const facts = await lockAnswerFacts(tx, visit.customerIds, w.creditor.products)
  const outcome = decideAnswer(facts, request, { ...w, now })
  if (outcome.kind === 'refused') return refused(within(desk, tx), visiting, now, outcome.because)
  const recorded = { outcome, visitId: visit.id, answeredBy: 'customer' as const, now, chance: w.chance }
  const { receiptNumber } = await recordAnswer(tx, recorded)
  if (w.creditor.policies.answerReceipt) await queueReceipt(tx, w, visit.customerIds, receiptNumber, now)
  return seeOther(urls.receipt)
}

const refused = (desk: Desk, visiting: Visiting, now: Date, because: Refusal): Reply | Promise<Reply> => {
  const notice = noticeOf(because)
  return notice === undefined ? seeOther(urls.menu) : showMenu(desk, visiting, now, notice)
}

/** Undefined where the menu itself says what has changed. */
const noticeOf = (because: Refusal): MenuNotice | undefined => {
  switch (because) {
    case 'day-has-passed':
      return 'date-changed'
    case 'outside-offered-days':
      return 'not-offered'
    case 'too-late':
    case 'already-settled':
    case 'on-hold':
    case 'only-consultation':
      return undefined
  }
}
