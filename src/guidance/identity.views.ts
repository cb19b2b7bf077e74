import { type Html, html } from '#platform/html/html'
import { parseBirthDate } from '#values/birth-date'
import { type Day, japaneseDayWithEra } from '#values/day'
import { submitButton } from './button.views.ts'
import { errorSummary, form, textField } from './form.views.ts'
import type { IdentityFault, IdentityField, TypedIdentity } from './identity.rules.ts'
import { type Look, layout } from './layout.views.ts'
import { urls } from './urls.ts'
import { timeWords } from './words.views.ts'

export type IdentityView = {
  readonly formId: string
  readonly typed: TypedIdentity
  readonly faults: ReadonlyMap<IdentityField, IdentityFault>
  readonly today: Day
  /** The form came back without having been taken: it was open for too long, or sent before. */
  readonly isStale?: boolean
}

const faultTexts: Readonly<Record<IdentityFault, string>> = {
  'family-missing': '姓（カナ）を入力してください',
  'family-not-kana': '姓はカタカナで入力してください（例：ジャックス）',
  'given-missing': '名（カナ）を入力してください',
  'given-not-kana': '名はカタカナで入力してください（例：タロウ）',
  'birth-missing': '生年月日は西暦の8桁の数字で入力してください（例：1998年1月1日 → 19980101）',
  'birth-malformed': '生年月日は西暦の8桁の数字で入力してください（例：1998年1月1日 → 19980101）',
  'birth-month': '生年月日の「月」は01から12で入力してください（例：1月 → 01）',
  'birth-day': '生年月日の「日」は01から31で入力してください（例：1日 → 01）',
  'birth-year': '生年月日の「年」は西暦の4桁の数字で入力してください（例：1998年 → 1998）',
  'birth-no-such-day': '生年月日の「日」をご確認ください。その月にはない日付です',
  'birth-future': '生年月日をご確認ください。今日よりあとの日付です',
  'phone-digits': '携帯電話番号は11桁の数字で入力してください（例：09011112222）',
  'phone-not-mobile': 'SMSを受け取れる携帯電話の番号を入力してください',
}

export const identityPage = (look: Look, { formId, typed, faults, today, isStale }: IdentityView): string => {
  const problem = (field: IdentityField) => {
    const fault = faults.get(field)
    return fault && faultTexts[fault]
  }
  const problems = [...faults].map(([field, fault]) => ({ field, text: faultTexts[fault] }))
  return layout(look, {
    title: '認証画面',
    hasErrors: problems.length > 0,
    exit: { kind: 'contact' },
    scripts: ['identity'],
    body: html`${errorSummary(problems)}<h1>認証画面</h1>
${isStale && staleNote}<p>以下の項目をご入力ください。</p>
<p class="soft">当社にお届けの内容をご入力ください。ご結婚などで姓が変わった方は、以前の姓でお届けの場合があります。</p>
${form(
  urls.identity,
  formId,
  html`<fieldset class="field"><legend>カナ氏名</legend>
<p class="hint">ひらがな・半角カタカナで入力いただいても、自動で全角カタカナに変換します。</p>
<div class="pair">
${textField({
  name: 'family',
  label: '姓',
  hint: html`例) ジャックス`,
  value: typed.family,
  problem: problem('family'),
  attributes: html`autocomplete="off" autocapitalize="off" spellcheck="false" data-kana`,
})}${textField({
  name: 'given',
  label: '名',
  hint: html`例) タロウ`,
  value: typed.given,
  problem: problem('given'),
  attributes: html`autocomplete="off" autocapitalize="off" spellcheck="false" data-kana`,
})}</div></fieldset>
${textField({
  name: 'birthDate',
  label: '生年月日',
  hint: html`西暦 数字8桁　例)19980101`,
  value: typed.birthDate,
  problem: problem('birthDate'),
  attributes: html`inputmode="numeric" autocomplete="bday"`,
  after: html`<p class="hint" id="birthDate-read" aria-live="polite">${birthDateRead(typed.birthDate, today)}</p>
`,
})}${textField({
  name: 'phone',
  label: '携帯電話番号',
  hint: html`ハイフンなし 数字11桁　例) 09011112222<br>ご案内のSMSが届いた携帯電話番号をご入力ください。ハイフンや空白が入っていてもお手続きいただけます。`,
  value: typed.phone,
  problem: problem('phone'),
  attributes: html`inputmode="tel" autocomplete="tel-national"`,
})}<div class="stack">${submitButton('認証')}</div>`,
)}
<p class="soft">本人認証ができない場合には、<a href="${urls.contact}">${look.creditor.contact.name}</a>へご連絡ください。</p>`,
  })
}

/** Hit or miss alike: it depends on what was typed and how often, never on who is a customer. */
export const lockedPage = (look: Look, until: Date, now: Date): string =>
  noEntryPage(
    look,
    html`安全のため、ただいまこちらの画面からの本人認証を停止しております。${timeWords(until, now)}以降にもう一度お試しいただくか、コンタクトセンターへご連絡ください。`,
  )

/** The whole service takes no identity for a while; everybody sees the same page. */
export const pausedPage = (look: Look, until: Date, now: Date): string =>
  noEntryPage(
    look,
    html`ただいま本人認証の受付を一時的に停止しております。恐れ入りますが、${timeWords(until, now)}以降にもう一度お試しください。お急ぎの場合はコンタクトセンターへご連絡ください。`,
  )

const noEntryPage = (look: Look, words: Html): string =>
  layout(look, {
    title: '認証画面',
    exit: { kind: 'contact' },
    body: html`<h1>認証画面</h1>
<div class="note warn"><p>${words}</p></div>
<p><a href="${urls.contact}">お問い合わせ先・注意事項等</a></p>`,
  })

const staleNote = html`<div class="note" role="alert"><p>画面を開いてから時間がたったか、すでに送信済みの画面です。内容をご確認のうえ、もう一度ボタンを押してください。</p></div>
`

/** 1998年（平成10年）1月1日, so that a slip in eight digits is seen. */
const birthDateRead = (typed: string, today: Day): string => {
  const born = parseBirthDate(typed, today)
  return born.kind === 'birth-date' ? japaneseDayWithEra(born.day) : ''
}
