import { cancelPromises, decideAnswer, lockAnswerFacts, type Refusal, recordAnswer } from '#answers'
import { dayInJst } from '#values/day'
import { readAnswer } from './answer-form.rules.ts'
import { type CaseAct, caseActRoutes } from './case-act.pages.ts'
import { answerPage } from './case-act.views.ts'
import type { ConsoleRoute } from './console-route.ts'
import { openFile } from './customer-file.ts'
import type { ConsoleDesk } from './desk.ts'
import { actorOf } from './operator.ts'
import { urls } from './urls.ts'

export const answerActRoutes = (desk: ConsoleDesk): readonly ConsoleRoute[] => [
  ...caseActRoutes(desk, { path: urls.caseAnswer(':id'), show, act: answer }),
  ...caseActRoutes(desk, { path: urls.caseCancelPromise(':id'), show, act: cancel, hasPage: false }),
]

const show: CaseAct['show'] = async ({ w, look }, asked, somebody, typed) => {
  const { id } = somebody.customer
  return answerPage(look, asked.frame, {
    somebody,
    typed,
    formId: asked.formId(urls.caseAnswer(id)),
    cancelFormId: asked.formId(urls.caseCancelPromise(id)),
    file: await openFile(w, somebody, asked.now),
    today: dayInJst(asked.now),
  })
}

/** The same facts, the same decision and the same record as when the customer presses the button. */
const answer: CaseAct['act'] = async ({ w }, { form, operator, now }, { customer }, tx) => {
  const read = readAnswer(form, dayInJst(now))
  if ('problems' in read) return read
  const facts = await lockAnswerFacts(tx, [customer.id], w.creditor.products)
  const outcome = decideAnswer(facts, read.request, { ...w, now })
  if (outcome.kind === 'refused') return { problems: [{ field: 'main', text: refusals[outcome.because] }] }
  await recordAnswer(tx, { outcome, answeredBy: actorOf(operator), now, chance: w.chance })
  return 'answered'
}

const cancel: CaseAct['act'] = async (_, { operator, now }, { customer }, tx) => {
  const cancelled = await cancelPromises(tx, {
    customerId: customer.id,
    because: 'told-by-customer',
    by: actorOf(operator),
    now,
  })
  return cancelled > 0
    ? 'promise-cancelled'
    : { problems: [{ field: 'main', text: 'お待ちしているご予定はありません。' }] }
}

const refusals: Readonly<Record<Refusal, string>> = {
  'already-settled': 'いま、お支払いいただくご請求はありません。',
  'on-hold': '連絡停止のため、この回答は受け付けられません。',
  'only-consultation': 'お支払いのご予定が続けて守られていないため、ご相談のみ受け付けられます。',
  'day-has-passed': '日付が変わりました。お支払いのご予定日をもう一度お選びください。',
  'too-late': 'お知らせいただいたご予定日を過ぎているため、別の日には変えられません。',
  'outside-offered-days': 'その日は選べません。はじめにお選びいただいた日の範囲で変えられます。',
}
