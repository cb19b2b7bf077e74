import { silencingHolds } from '#answers'
import { getCustomerKey } from '#customers'
import { listKeptHolds, placeHoldIn, releaseHoldIn } from '#outreach'
import { dayInJst } from '#values/day'
import { type CaseAct, caseActRoutes } from './case-act.pages.ts'
import { confirmPage, holdPage } from './case-act.views.ts'
import type { ConsoleRoute } from './console-route.ts'
import type { ConsoleDesk } from './desk.ts'
import { readHold, readRelease } from './hold-form.rules.ts'
import { actorOf } from './operator.ts'
import { urls } from './urls.ts'

export const holdRoutes = (desk: ConsoleDesk): readonly ConsoleRoute[] => [
  ...caseActRoutes(desk, { path: urls.caseHold(':id'), show, act: hold }),
  ...caseActRoutes(desk, { path: urls.caseRelease(':id'), show, act: release, hasPage: false }),
  ...caseActRoutes(desk, { path: urls.caseWrongNumber(':id'), show: showWrongNumber, act: wrongNumber }),
]

const show: CaseAct['show'] = async ({ w, look }, asked, somebody, typed) => {
  const { id } = somebody.customer
  return holdPage(look, asked.frame, {
    somebody,
    typed,
    formId: asked.formId(urls.caseHold(id)),
    releaseFormId: asked.formId(urls.caseRelease(id)),
    holds: await listKeptHolds(w.db, id, await getCustomerKey(w.db, w.vault, id)),
    today: dayInJst(asked.now),
    now: asked.now,
  })
}

const hold: CaseAct['act'] = async ({ w }, { form, operator, now }, { customer }, tx) => {
  const read = readHold(form, dayInJst(now))
  if ('problems' in read) return read
  const { reason, documentDay, notification } = read
  const key = await getCustomerKey(tx, w.vault, customer.id)
  const outcome = await placeHoldIn(tx, {
    customerId: customer.id,
    reason,
    ...(documentDay && { documentDay }),
    ...(notification && { notification: { ...notification, key } }),
    by: actorOf(operator),
    now,
  })
  if (outcome.kind === 'refused')
    return { problems: [{ field: 'reason', text: 'この理由では、すでに停止しています。' }] }
  return silencingHolds.includes(reason) ? 'held' : 'held-quietly'
}

const release: CaseAct['act'] = async ({ w }, { form, operator, now }, { customer }, tx) => {
  const read = readRelease(form)
  if ('problems' in read) return read
  const key = await getCustomerKey(tx, w.vault, customer.id)
  const because = { words: read.because, key }
  const of = { customerId: customer.id, reason: read.reason, because, by: actorOf(operator), now }
  const outcome = await releaseHoldIn(tx, of)
  return outcome.kind === 'released'
    ? 'released'
    : { problems: [{ field: 'released', text: 'すでに解除されています。' }] }
}

const showWrongNumber: CaseAct['show'] = async ({ look }, asked, somebody, typed) =>
  confirmPage(look, asked.frame, {
    somebody,
    typed,
    formId: asked.formId(urls.caseWrongNumber(somebody.customer.id)),
    heading: '番号違い',
    action: urls.caseWrongNumber(somebody.customer.id),
    words: [
      '登録の携帯電話番号が、お客様ご本人のものではないとのご連絡を受けたときに記録します。',
      'この番号へは、認証番号も含めてSMSを送りません。新しい番号を登録し、連絡停止を解除すると再開します。',
      'お電話の相手がご本人でないときは、ご契約の有無もお答えしないでください。',
    ],
    button: '番号違いとして停止する',
    isGrave: true,
  })

const wrongNumber: CaseAct['act'] = async (_, { operator, now }, { customer }, tx) => {
  const outcome = await placeHoldIn(tx, { customerId: customer.id, reason: 'wrong-number', by: actorOf(operator), now })
  return outcome.kind === 'placed'
    ? 'held'
    : { problems: [{ field: 'main', text: 'すでに番号違いとして停止しています。' }] }
}
