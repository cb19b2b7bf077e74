import { html } from '#platform/html/html'
import { addDays, type Day, japaneseDay } from '#values/day'
import { linkButton, submitButton } from './button.views.ts'
import { form, radioField, selectField } from './form.views.ts'
import { type Look, layout } from './layout.views.ts'
import type { Signed } from './menu.views.ts'
import { paidDaysBack, paidMethods, type TypedPaid } from './paid.rules.ts'
import { urls } from './urls.ts'

export type PaidView = Signed & {
  readonly formId: string
  readonly today: Day
  readonly typed: TypedPaid
  readonly isStale?: boolean
}

export const paidPage = (look: Look, { endFormId, idleMinutes, formId, today, typed, isStale }: PaidView): string =>
  layout(look, {
    title: 'お手続き',
    exit: { kind: 'end', formId: endFormId },
    idleMinutes,
    body: html`<h1>すでにお支払い済み</h1>
${isStale && staleNote}<p>お支払いいただきありがとうございます。おわかりになる場合は、お支払い日と方法をお選びください。選ばずにご連絡いただくこともできます。</p>
${form(
  urls.paid,
  formId,
  html`${selectField(
    'paidOn',
    'お支払い日（任意）',
    [
      { value: '', label: '選択しない' },
      ...Array.from({ length: paidDaysBack + 1 }, (_, days) => addDays(today, -days)).map((day) => ({
        value: day,
        label: japaneseDay(day),
      })),
    ],
    typed.paidOn,
  )}${radioField(
    'method',
    'お支払い方法（任意）',
    Object.entries(paidMethods).map(([value, label]) => ({ value, label })),
    typed.method,
  )}<div class="stack">
${submitButton('この内容で連絡する')}${linkButton(urls.menu, '戻る')}</div>`,
)}`,
  })

export const staleNote = html`<div class="note" role="alert"><p>画面を開いてから時間がたったか、すでに送信済みの画面です。内容をご確認のうえ、もう一度「この内容で連絡する」を押してください。</p></div>
`
