import { type Html, html } from '#platform/html/html'
import type { Yen } from '#values/yen'
import { linkButton, stack, submitButton } from './button.views.ts'
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
  /** What the address bar shows at the provider's. */
  readonly providerHost: string
  readonly redebits: readonly RedebitView[]
  readonly because: 'unavailable' | 'stale-page' | undefined
}

/** The way to the provider, where alone a card is typed. */
export const cardPage = (look: Look, view: CardView): string => {
  const { endFormId, idleMinutes, formId, amount, providerHost, redebits, because } = view
  return layout(look, {
    title: 'お手続き',
    exit: { kind: 'end', formId: endFormId },
    idleMinutes,
    body: html`<h1>カードでのお支払い</h1>
${because && becauseNote(because)}${redebitNotes(redebits)}<div class="note"><p>お支払い金額</p><p class="big">${yenWords(amount)}</p></div>
<p>次の画面から、決済会社の画面に移ります。カード番号は、そちらの画面でご入力いただきます。当社の画面やお電話でお聞きすることはありません。</p>
<p>決済会社の画面では、アドレス欄に<b class="whole">${providerHost}</b>と表示されていることをご確認ください。</p>
${form(
  urls.card,
  formId,
  html`<div class="stack">
${submitButton('決済会社の画面へ進む')}${linkButton(urls.menu, 'メニューへ戻る')}</div>`,
)}`,
  })
}

export type CardReturn = 'paid' | 'pending' | 'not-paid'

/** Back from the provider. Only its own signed word says that something was paid; until then we say that we wait for it. */
export const cardReturnPage = (
  look: Look,
  { endFormId, idleMinutes, outcome }: Signed & { readonly outcome: CardReturn },
): string =>
  layout(look, {
    title: 'お手続き',
    exit: { kind: 'end', formId: endFormId },
    idleMinutes,
    body: html`<h1>カードでのお支払い</h1>
${outcomeWords[outcome]}
${outcome === 'not-paid' ? stack(linkButton(urls.card, 'もう一度お手続きする', 'main'), linkButton(urls.menu, 'メニューへ戻る')) : stack(linkButton(urls.menu, 'メニューへ戻る', 'main'))}`,
  })

const outcomeWords: Readonly<Record<CardReturn, Html>> = {
  paid: html`<div class="note good" role="status"><p><b>お支払いを確認いたしました。ありがとうございます。</b></p></div>`,
  pending: html`<div class="note" role="status"><p><b>ただいまお支払いの結果を確認しております。</b></p>
<p>お手続きを終えられた場合、もう一度お支払いいただく必要はありません。結果は、しばらくしてからメニューでご確認いただけます。</p></div>`,
  'not-paid': html`<div class="note" role="status"><p><b>カードでのお支払いは、まだ完了しておりません。</b></p>
<p>もう一度お手続きいただくか、ほかのお支払い方法をご利用ください。</p></div>`,
}

const becauseNote = (because: NonNullable<CardView['because']>): Html =>
  html`<div class="note warn" role="status"><p>${becauseWords[because]}</p></div>
`

const becauseWords: Readonly<Record<NonNullable<CardView['because']>, string>> = {
  unavailable:
    'ただいまカードでのお支払いをご利用いただけません。恐れ入りますが、しばらくしてからお試しいただくか、ほかのお支払い方法をご利用ください。',
  'stale-page':
    '画面を開いてから時間がたったか、すでに送信済みの画面です。金額をご確認のうえ、もう一度「決済会社の画面へ進む」を押してください。',
}
