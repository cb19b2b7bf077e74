import { type Html, html } from '#platform/html/html'
import type { Day } from '#values/day'
import type { Yen } from '#values/yen'
import { linkButton, printButton, stack } from './button.views.ts'
import { chainFacts } from './chains.views.ts'
import { type Look, layout } from './layout.views.ts'
import type { Signed } from './menu.views.ts'
import type { RedebitView } from './redebit.rules.ts'
import { redebitNotes } from './redebit-note.views.ts'
import type { Chain } from './store.rules.ts'
import { urls } from './urls.ts'
import { dayWords, yenWords } from './words.views.ts'

export type SlipView = Signed & {
  /** One; two for a person who is two customers in the creditor's books. */
  readonly slips: readonly SlipFigure[]
  readonly chains: readonly Chain[]
  readonly redebits: readonly RedebitView[]
}

export type SlipFigure = {
  readonly amount: Yen
  readonly expiresOn: Day
  /** The drawn symbol. */
  readonly symbol: Html
  /** What a cashier types when it cannot be read. */
  readonly digits: readonly [string, string]
  readonly needsStamp: boolean
}

/** What is held out at the till. The symbol lies on white in every light, as wide as the phone. */
export const slipPage = (look: Look, { endFormId, idleMinutes, slips, chains, redebits }: SlipView): string => {
  const { policies, convenienceStore } = look.creditor
  return layout(look, {
    title: 'お手続き',
    exit: { kind: 'end', formId: endFormId },
    idleMinutes,
    body: html`<h1>コンビニバーコード</h1>
${redebitNotes(redebits)}<p>画面を明るくして、レジの係の方にお見せください。</p>
${slips.length > 1 && html`<p>${slips.length}つのバーコードがございます。それぞれをお見せください。</p>`}${slips.map((slip) => slipFigure(look, slip))}<h2>お支払いの手順</h2>
<ol>
<li>画面の明るさをいちばん明るくします。</li>
<li>レジで「料金のお支払い」とお伝えになり、この画面をお見せください。</li>
<li>金額をご確認のうえお支払いになり、控え（領収書）をお受け取りください。</li>
</ol>
<p>読み取れないときは、バーコードの下の数字をレジの係の方にお見せいただくか、お振込みなど、ほかのお支払い方法をご利用ください。</p>
<p>このバーコードでのお支払いは、一度だけお願いいたします。お支払い後も、ご入金の確認ができるまで（${policies.deposits.confirmationBusinessDays}営業日ほど）は、この画面が表示されます。</p>
${slips.some(({ needsStamp }) => needsStamp) && stampNote}${chainFacts(chains)}${appsSection(convenienceStore?.apps ?? [])}${stack(printButton, linkButton(urls.menu, 'メニューへ戻る'))}`,
  })
}

const slipFigure = ({ creditor }: Look, { amount, expiresOn, symbol, digits }: SlipFigure): Html =>
  html`<figure class="slip">
<figcaption>${creditor.brand.companyName}<br><b class="big">${yenWords(amount)}</b></figcaption>
${symbol}
<p class="digits">${digits[0]}<br>${digits[1]}</p>
<p><b>お支払い期限　${dayWords(expiresOn)}</b></p>
</figure>
`

const stampNote = html`<p class="soft">※店舗でお渡しする領収書に、収入印紙が貼られる金額です。印紙の代金はいただきません。</p>
`

/** The phone that shows the symbol cannot photograph itself, and so we say how. */
const appsSection = (apps: readonly string[]): Html | undefined =>
  apps.length === 0
    ? undefined
    : html`<h2>アプリでのお支払い（請求書払い）</h2>
<p>次のアプリの「請求書払い」でも、同じバーコードでお支払いいただけます。この画面を印刷するか、別の機器に表示して、アプリのカメラで読み取ってください。</p>
<ul>${apps.map((app) => html`<li>${app}</li>`)}</ul>
`
