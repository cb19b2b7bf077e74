import type { PromiseChoice } from '#answers'
import { type Html, html } from '#platform/html/html'
import { addDays, type Day } from '#values/day'
import { currentAnswerNote } from './answer-note.views.ts'
import type { AnswerSummary } from './answer-summary.rules.ts'
import type { PaidSoFar } from './bill-amount.rules.ts'
import { choice, linkButton, stack } from './button.views.ts'
import { type Look, layout } from './layout.views.ts'
import { promiseOn, urls } from './urls.ts'
import { type WaysToPay, wayChoices } from './ways.views.ts'
import { dayWords, yenWords } from './words.views.ts'

export type Signed = { readonly endFormId: string; readonly idleMinutes: number }

export type MenuView = Signed & {
  readonly offer: MenuOffer
  /** What the customer has told about these bills so far. */
  readonly answer: AnswerSummary | undefined
  readonly ways: WaysToPay
  /** What has been received towards these bills, when they are not paid whole. */
  readonly paid: PaidSoFar | undefined
  /** Why an answer was not taken, when it was not. */
  readonly notice?: MenuNotice
}

export type MenuOffer =
  | { readonly kind: 'days'; readonly today: Day; readonly daysMax: number; readonly choices: readonly PromiseChoice[] }
  /** Dispute and hardship: nobody is asked to pay, and may still talk to us. */
  | { readonly kind: 'on-hold' }
  /** Promises were broken: only a conversation helps. */
  | { readonly kind: 'only-consultation' }

export type MenuNotice = 'date-changed' | 'not-offered' | 'not-taken'

export const menuPage = (look: Look, view: MenuView): string => {
  const { endFormId, idleMinutes, offer, answer, ways, paid, notice } = view
  return layout(look, {
    title: 'お手続き',
    hasErrors: notice !== undefined,
    exit: { kind: 'end', formId: endFormId },
    idleMinutes,
    body: html`${notice && noticeWords(notice)}<h1>メニュー</h1>
${answer && currentAnswerNote(answer)}${paid && paidNote(paid)}${offer.kind === 'on-hold' ? withoutRequest : html`${plans(offer)}${waysToPay(ways)}`}
<p class="soft">安全のため、${idleMinutes}分ほど操作がないと画面を終了します。</p>`,
  })
}

/** Nothing is owed any more: the visit only tells so. */
export const settledPage = (
  look: Look,
  {
    endFormId,
    idleMinutes,
    settledOn,
    hasReceipt,
  }: Signed & {
    readonly settledOn: Day | undefined
    /** Money was received of which a 受取証書 can tell. */
    readonly hasReceipt: boolean
  },
): string =>
  layout(look, {
    title: 'お手続き',
    exit: { kind: 'end', formId: endFormId },
    idleMinutes,
    body: html`<h1>メニュー</h1>
${
  settledOn === undefined
    ? html`<div class="note good"><p>お手続きの必要なご請求はございません。</p></div>`
    : html`<div class="note good"><p><b>ご入金を確認いたしました。ありがとうございます。お手続きは不要です。</b></p><p>ご入金日　${dayWords(settledOn)}</p></div>`
}
${stack(
  hasReceipt ? linkButton(urls.paymentReceipt, '受取証書を表示') : undefined,
  linkButton(urls.contact, 'お問い合わせ先・注意事項等を表示'),
)}`,
  })

/** So that nobody wonders whether a part of it has arrived. */
const paidNote = ({ amount, lastOn, left }: PaidSoFar): Html =>
  html`<div class="note good"><p><b>${yenWords(amount)}のご入金を確認いたしました。</b><br>ご入金日　${dayWords(lastOn)}</p>
<p>残りの金額　${yenWords(left)}（本日お支払いの場合）</p>
<p><a href="${urls.paymentReceipt}">受取証書を表示</a></p></div>
`

/** On hold nobody is asked to pay, and no way to pay is pointed out; who asks what is open still learns it. */
const withoutRequest = html`<div class="note"><p>ただいま、お支払いのお願いを控えております。ご不明な点は、コンタクトセンターへお問い合わせください。</p></div>
<div class="stack">
${choice(urls.consultation, 'ご相談')}${choice(urls.amount, 'お支払い金額を確認')}${choice(urls.contact, 'お問い合わせ先・注意事項等を表示')}</div>`

const waysToPay = (ways: WaysToPay): Html => html`<h2>【お支払い金額の確認・お支払い方法 など】</h2>
<p>お支払い金額やお支払い方法のご確認など、各ボタンを押してください。</p>
<div class="stack">
${choice(urls.amount, 'お支払い金額を確認')}${wayChoices(ways)}${choice(urls.contact, 'お問い合わせ先・注意事項等を表示')}</div>
<p class="soft">※お支払いのご相談については、「お問い合わせ先・注意事項等」を押して、ご連絡ください。</p>`

const plans = (offer: Exclude<MenuOffer, { kind: 'on-hold' }>): Html => {
  switch (offer.kind) {
    case 'only-consultation':
      return html`<h2>【お支払いのご予定について】</h2>
<p>お支払いのご予定について、担当者がご相談を承ります。</p>
<div class="stack">
${choice(urls.paid, 'すでにお支払い済み')}${choice(urls.consultation, 'お支払いが難しい（ご相談）')}</div>`
    case 'days':
      return offer.choices.length === 0 ? afterPromisedDay : dayPlans(offer)
  }
}

type DayOffer = Extract<MenuOffer, { kind: 'days' }>

const dayPlans = (offer: DayOffer): Html => html`<h2>【お支払いのご予定について】</h2>
<p>すでにお支払い済みもしくは${reach(offer)}までにお支払いいただける場合は、ご予定に合うボタンを押してください。</p>
<div class="stack">
${choice(urls.paid, 'すでにお支払い済み')}${offer.choices.filter(({ name }) => name !== null).map(dayChoice)}${otherDays(offer)}${choice(urls.consultation, `${lastDayWords(offer)}までのお支払いが難しい（ご相談）`)}</div>`

/** The promised day is over and its money has not been seen yet: there is no other day to choose. */
const afterPromisedDay = html`<h2>【お支払いのご予定について】</h2>
<p>お知らせいただいたご予定日を過ぎましたので、ご入金の確認をしております。すでにお支払い済みの場合や、お支払いが難しい場合は、ボタンを押してください。</p>
<div class="stack">
${choice(urls.paid, 'すでにお支払い済み')}${choice(urls.consultation, 'お支払いが難しい（ご相談）')}</div>`

const dayChoice = ({ day, name }: PromiseChoice): Html =>
  choice(promiseOn(day), `${name}までにお支払い`, { id: `by-${day}`, words: html`${dayWords(day)}まで` })

/** Only where more than the seed's two days may be promised. */
const otherDays = ({ choices }: DayOffer): Html | undefined => {
  const last = choices.filter(({ name }) => name === null).at(-1)
  return (
    last &&
    choice(urls.promise, 'ほかの日までにお支払い', {
      id: 'by-other',
      words: html`${dayWords(last.day)}までの日から選ぶ`,
    })
  )
}

/** 明日・明後日, or the last day where there are more. */
const reach = ({ choices }: DayOffer): Html => {
  const last = choices.at(-1)
  return last !== undefined && last.name === null
    ? dayWords(last.day)
    : html`${choices.map(({ name }) => name).join('・')}`
}

const lastDayWords = ({ today, daysMax }: DayOffer): string => {
  if (daysMax === 1) return '明日'
  return daysMax === 2 ? '明後日' : shortDay(addDays(today, daysMax))
}

const shortDay = (day: Day): string => `${Number(day.slice(5, 7))}月${Number(day.slice(8))}日`

const noticeWords = (notice: MenuNotice): Html =>
  html`<div class="note warn" role="alert"><p><b>${noticeTexts[notice]}</b></p></div>
`

const noticeTexts: Readonly<Record<MenuNotice, string>> = {
  'date-changed': '日付が変わりました。お支払いのご予定日をもう一度お選びください。',
  'not-offered': 'そのお支払いのご予定日は、お選びいただけません。下のボタンからもう一度お選びください。',
  'not-taken': '画面を開いてから時間がたったか、すでに送信済みの画面です。恐れ入りますが、もう一度お選びください。',
}
