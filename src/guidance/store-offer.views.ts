import { type Html, html } from '#platform/html/html'
import type { Day } from '#values/day'
import type { Yen } from '#values/yen'
import { linkButton, stack, submitButton } from './button.views.ts'
import { chainFacts } from './chains.views.ts'
import { form } from './form.views.ts'
import { type Look, layout } from './layout.views.ts'
import type { Signed } from './menu.views.ts'
import type { RedebitView } from './redebit.rules.ts'
import { redebitNotes } from './redebit-note.views.ts'
import type { Chain } from './store.rules.ts'
import { urls } from './urls.ts'
import { dayWords, yenWords } from './words.views.ts'

export type StoreOfferView = Signed & {
  readonly formId: string
  readonly amount: Yen
  /** The last day on which a slip made now can be paid. */
  readonly expiresOn: Day
  readonly chains: readonly Chain[]
  readonly redebits: readonly RedebitView[]
  /** Why the slip made before is of no use any more. */
  readonly because: 'expired' | 'amount-changed' | 'stale-page' | undefined
}

/** Before a slip is made: for how much, until when, and where it can be paid. Nothing is recorded yet. */
export const storeOfferPage = (look: Look, view: StoreOfferView): string => {
  const { endFormId, idleMinutes, formId, amount, expiresOn, chains, redebits, because } = view
  return layout(look, {
    title: 'お手続き',
    exit: { kind: 'end', formId: endFormId },
    idleMinutes,
    body: html`<h1>コンビニでのお支払い</h1>
${because && becauseNote(because)}${redebitNotes(redebits)}<div class="note"><p>お支払い金額</p><p class="big">${yenWords(amount)}</p><p>お支払い期限　${dayWords(expiresOn)}</p></div>
<p>レジでお見せいただくバーコードを作成します。お支払い期限までは、この金額のままお支払いいただけます。</p>
${form(
  urls.store,
  formId,
  html`<div class="stack">
${submitButton('バーコードを作成する')}${linkButton(urls.menu, 'メニューへ戻る')}</div>`,
)}
${chainFacts(chains)}`,
  })
}

/** More than a slip may carry: the other ways are open. */
export const storeTooMuchPage = (
  look: Look,
  { endFormId, idleMinutes, amount, limitYen }: Signed & { readonly amount: Yen; readonly limitYen: Yen },
): string =>
  layout(look, {
    title: 'お手続き',
    exit: { kind: 'end', formId: endFormId },
    idleMinutes,
    body: html`<h1>コンビニでのお支払い</h1>
<div class="note"><p>コンビニエンスストアでは、一度に${yenWords(limitYen)}までお取扱いいただけます。お支払い金額が${yenWords(amount)}のため、バーコードを作成できません。</p></div>
<p>恐れ入りますが、お振込みなど、ほかのお支払い方法をご利用ください。</p>
${stack(linkButton(urls.account, 'お振込み口座を表示', 'main'), linkButton(urls.menu, 'メニューへ戻る'))}`,
  })

/** A slip made now might be paid beside the debit: none is made until its result is here. */
export const storeWaitsPage = (
  look: Look,
  { endFormId, idleMinutes, redebits }: Signed & { readonly redebits: readonly RedebitView[] },
): string =>
  layout(look, {
    title: 'お手続き',
    exit: { kind: 'end', formId: endFormId },
    idleMinutes,
    body: html`<h1>コンビニでのお支払い</h1>
${redebitNotes(redebits)}<p>お支払いが重ならないように、口座振替の結果を確認できるまで、バーコードの作成を控えております。</p>
${stack(linkButton(urls.menu, 'メニューへ戻る'))}`,
  })

const becauseNote = (because: NonNullable<StoreOfferView['because']>): Html =>
  html`<div class="note warn" role="status"><p>${becauseWords[because]}</p></div>
`

const becauseWords: Readonly<Record<NonNullable<StoreOfferView['because']>, string>> = {
  expired:
    '前回のバーコードは、お支払い期限を過ぎました。すでにお支払いいただいた場合、新しいバーコードは不要です。まだの場合は、新しいバーコードを作成してください。',
  'amount-changed':
    'お支払い金額が変わりました。前回のバーコードはお使いにならず、新しいバーコードを作成してください。',
  'stale-page':
    '画面を開いてから時間がたったか、すでに送信済みの画面です。内容をご確認のうえ、もう一度「バーコードを作成する」を押してください。',
}
