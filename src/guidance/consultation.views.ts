import { html } from '#platform/html/html'
import { linkButton, submitButton } from './button.views.ts'
import { callTimes, type TypedConsultation, topics, ways } from './consultation.rules.ts'
import { form, radioField } from './form.views.ts'
import { type Look, layout } from './layout.views.ts'
import type { Signed } from './menu.views.ts'
import { staleNote } from './paid.views.ts'
import { urls } from './urls.ts'

export type ConsultationView = Signed & {
  readonly formId: string
  readonly typed: TypedConsultation
  readonly isStale?: boolean
}

export const consultationPage = (
  look: Look,
  { endFormId, idleMinutes, formId, typed, isStale }: ConsultationView,
): string => {
  const { contact } = look.creditor
  return layout(look, {
    title: 'お手続き',
    exit: { kind: 'end', formId: endFormId },
    idleMinutes,
    body: html`<h1>ご相談</h1>
${isStale && staleNote}<p>担当者よりご連絡いたします。おわかりになる範囲でお選びください。選ばずにご連絡いただくこともできます。</p>
${form(
  urls.consultation,
  formId,
  html`${radioField('topic', 'ご相談の内容（任意）', listOf(topics), typed.topic)}${radioField('reachBy', 'ご連絡の方法（任意）', listOf(ways), typed.reachBy)}${radioField('callTime', 'お電話のご希望の時間帯（任意）', listOf(callTimes), typed.callTime)}<div class="stack">
${submitButton('この内容で連絡する')}${linkButton(urls.menu, '戻る')}</div>`,
)}
<p class="soft">お急ぎの場合は、<a href="${urls.contact}">${contact.name}</a>へお電話ください。</p>`,
  })
}

const listOf = (choices: Readonly<Record<string, string>>) =>
  Object.entries(choices).map(([value, label]) => ({ value, label }))
