import type { CardReturn } from '#payments'
import { type Html, html } from '#platform/html/html'
import type { Yen } from '#values/yen'
import { linkButton, stack, submitButton } from './button.views.ts'
import { cardWayName } from './card-way.rules.ts'
import { form } from './form.views.ts'
import { type Look, layout } from './layout.views.ts'
import type { Signed } from './menu.views.ts'
import type { RedebitView } from './redebit.rules.ts'
import { redebitNotes } from './redebit-note.views.ts'
import { urls } from './urls.ts'
import { yenWords } from './words.views.ts'

export type CardView = Signed & {
  readonly formId: string
  readonly amount: Yen
  /** Two for a person who is two customers in the creditor's books: they pay one after the other. */
  readonly count: number
  readonly methods: readonly ('card' | 'konbini')[]
  /** What the address bar shows at the provider's. */
  readonly providerHost: string
  readonly redebits: readonly RedebitView[]
  readonly because: 'unavailable' | 'stale-page' | undefined
}

/** The way to the provider, where alone a card is typed. */
export const cardPage = (look: Look, view: CardView): string => {
  const { endFormId, idleMinutes, formId, amount, count, methods, providerHost, redebits, because } = view
  return layout(look, {
    title: 'お手続き',
    exit: { kind: 'end', formId: endFormId },
    idleMinutes,
    body: html`<h1>${cardWayName(look.creditor)}</h1>
${because && becauseNote(because)}${redebitNotes(redebits)}<div class="note"><p>お支払い金額</p><p class="big">${yenWords(amount)}</p></div>
${count > 1 && html`<p>お支払いは${count}回に分かれます。はじめに、こちらの金額のお手続きをお願いいたします。</p>\n`}<p>次の画面から、決済会社の画面に移ります。${methods.includes('card') && 'カード番号は、そちらの画面でご入力いただきます。当社の画面やお電話でお聞きすることはありません。'}</p>
${methods.includes('konbini') && html`<p>決済会社の画面で、コンビニエンスストアでのお支払いをお選びいただけます。</p>\n`}<p>決済会社の画面では、アドレス欄に<b class="whole">${providerHost}</b>と表示されていることをご確認ください。</p>
${form(
  urls.card,
  formId,
  html`<div class="stack">
${submitButton('決済会社の画面へ進む')}${linkButton(urls.menu, 'メニューへ戻る')}</div>`,
)}`,
  })
}

/** Beside a debit that is under way a card would be a second payment. */
export const cardWaitsPage = (
  look: Look,
  { endFormId, idleMinutes, redebits }: Signed & { readonly redebits: readonly RedebitView[] },
): string =>
  layout(look, {
    title: 'お手続き',
    exit: { kind: 'end', formId: endFormId },
    idleMinutes,
    body: html`<h1>${cardWayName(look.creditor)}</h1>
${redebitNotes(redebits)}<p>お支払いが重ならないように、口座振替の結果を確認できるまで、こちらでのお支払いを控えております。</p>
${stack(linkButton(urls.menu, 'メニューへ戻る'))}`,
  })

/** Back from the provider. Only its own signed word says that something was paid; until then we say that we wait for it. */
export const cardReturnPage = (
  look: Look,
  { endFormId, idleMinutes, outcome }: Signed & { readonly outcome: CardReturn },
): string =>
  layout(look, {
    title: 'お手続き',
    exit: { kind: 'end', formId: endFormId },
    idleMinutes,
    body: html`<h1>${cardWayName(look.creditor)}</h1>
${outcomeWords[outcome]}
${outcome === 'not-paid' ? stack(linkButton(urls.card, 'もう一度お手続きする', 'main'), linkButton(urls.menu, 'メニューへ戻る')) : stack(linkButton(urls.menu, 'メニューへ戻る', 'main'))}`,
  })

const outcomeWords: Readonly<Record<CardReturn, Html>> = {
  paid: html`<div class="note good" role="status"><p><b>お支払いを確認いたしました。ありがとうございます。</b></p></div>`,
  pending: html`<div class="note" role="status"><p><b>ただいまお支払いの結果を確認しております。</b></p>
<p>お手続きを終えられた場合、もう一度お支払いいただく必要はありません。結果は、しばらくしてからメニューでご確認いただけます。</p></div>`,
  'not-paid': html`<div class="note" role="status"><p><b>お支払いは、まだ完了しておりません。</b></p>
<p>もう一度お手続きいただくか、ほかのお支払い方法をご利用ください。</p></div>`,
}

const becauseNote = (because: NonNullable<CardView['because']>): Html =>
  html`<div class="note warn" role="status"><p>${becauseWords[because]}</p></div>
`

const becauseWords: Readonly<Record<NonNullable<CardView['because']>, string>> = {
  unavailable:
    'ただいまこちらでのお支払いをご利用いただけません。恐れ入りますが、しばらくしてからお試しいただくか、ほかのお支払い方法をご利用ください。',
  'stale-page':
    '画面を開いてから時間がたったか、すでに送信済みの画面です。金額をご確認のうえ、もう一度「決済会社の画面へ進む」を押してください。',
}
