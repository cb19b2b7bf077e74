import { type Html, html } from '#platform/html/html'
import { type Day, dayInJst, hourInJst } from '#values/day'
import type { Yen } from '#values/yen'
import type { BillAmount } from './bill-amount.rules.ts'
import { linkButton, stack } from './button.views.ts'
import { type Demand, demandSection } from './demand.views.ts'
import { type Fact, facts } from './facts.views.ts'
import { type Look, layout } from './layout.views.ts'
import type { Signed } from './menu.views.ts'
import type { RedebitView } from './redebit.rules.ts'
import { redebitNotes } from './redebit-note.views.ts'
import { urls } from './urls.ts'
import { type WaysToPay, wayButtons } from './ways.views.ts'
import { dayWords, lessWords, yenWords } from './words.views.ts'

export type AmountView = Signed & {
  readonly contracts: readonly ContractAmount[]
  readonly now: Date
  readonly totals: readonly { readonly name: string; readonly day: Day; readonly total: Yen }[]
  /** What was received towards these bills so far. */
  readonly paid: Yen
  /** What a demand for a loan has to name, for the loans among the contracts. */
  readonly demands: readonly Demand[]
  readonly redebits: readonly RedebitView[]
  /** On hold nobody is asked to pay: no way to pay is shown either. */
  readonly ways: WaysToPay | 'on-hold'
}

export type ContractAmount = {
  readonly product: string | undefined
  /** Masked. */
  readonly contractNumber: string | undefined
  readonly bills: readonly BillAmount[]
}

export const amountPage = (look: Look, view: AmountView): string => {
  const { endFormId, idleMinutes, contracts, now, totals, paid, demands, redebits, ways } = view
  const [today] = totals
  return layout(look, {
    title: 'お手続き',
    exit: { kind: 'end', formId: endFormId },
    idleMinutes,
    body: html`<h1>お支払い金額</h1>
${today && html`<div class="note"><p>合計</p><p class="big">${yenWords(today.total)}</p>${paid > 0 && html`<p>これまでのご入金 ${yenWords(paid)}を差し引いた金額です。</p>`}<p class="soft">${dayWords(dayInJst(now))}${hourInJst(now)}時現在</p></div>`}
${ways !== 'on-hold' && redebitNotes(redebits)}${contracts.map(contractCard)}
<h2>お支払い日ごとの合計</h2>
${facts(totals.map(({ name, day, total }) => ({ name, value: html`${yenWords(total)}<br><small>${dayWords(day)}にお支払いの場合</small>` })))}
${demandSection(look, demands)}<p class="soft">この画面は、お客様のご照会に応じて、お支払い状況をお知らせするものです。</p>
${stack(
  ...(ways === 'on-hold' ? [] : wayButtons(ways)),
  paid > 0 ? linkButton(urls.paymentReceipt, '受取証書を表示') : undefined,
  linkButton(urls.menu, 'メニューへ戻る'),
)}`,
  })
}

const contractCard = ({ product, contractNumber, bills }: ContractAmount): Html => html`<section class="card">
<h2>ご契約　${product ?? '（詳細はお問い合わせください）'}${contractNumber !== undefined && html` <span class="whole soft">${contractNumber}</span>`}</h2>
${bills.map((bill) => facts(linesOf(bill)))}</section>
`

/** What was billed and has run up, less what was paid: the lines come to the last one, to the yen. */
const linesOf = ({ dueDay, principal, fee, lateCharge, paid, left }: BillAmount): readonly Fact[] => [
  { name: 'お支払い期日', value: dayWords(dueDay) },
  { name: 'ご請求額', value: yenWords(principal) },
  ...(fee > 0 ? [{ name: '手数料', value: yenWords(fee) }] : []),
  { name: '遅延損害金', value: yenWords(lateCharge) },
  ...(paid > 0 ? [{ name: 'ご入金済み', value: lessWords(paid) }] : []),
  { name: paid > 0 ? '残りの金額' : '合計', value: yenWords(left.total), kind: 'sum' },
]
