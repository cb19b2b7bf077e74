import type { Amount } from '#bills'
import { type Html, html } from '#platform/html/html'
import { type Day, dayInJst, hourInJst } from '#values/day'
import type { Yen } from '#values/yen'
import { linkButton, stack } from './button.views.ts'
import { type Fact, facts } from './facts.views.ts'
import { type Look, layout } from './layout.views.ts'
import type { Signed } from './menu.views.ts'
import { urls } from './urls.ts'
import { dayWords, yenWords } from './words.views.ts'

export type AmountView = Signed & {
  readonly contracts: readonly ContractAmount[]
  readonly now: Date
  readonly totals: readonly { readonly name: string; readonly day: Day; readonly total: Yen }[]
  /** On hold nobody is asked to pay: no way to pay is shown either. */
  readonly isOnHold: boolean
}

export type ContractAmount = {
  readonly product: string | undefined
  /** Masked. */
  readonly contractNumber: string | undefined
  readonly bills: readonly { readonly dueDay: Day; readonly amount: Amount }[]
}

export const amountPage = (
  look: Look,
  { endFormId, idleMinutes, contracts, now, totals, isOnHold }: AmountView,
): string => {
  const [today] = totals
  return layout(look, {
    title: 'お手続き',
    exit: { kind: 'end', formId: endFormId },
    idleMinutes,
    body: html`<h1>お支払い金額</h1>
${today && html`<div class="note"><p>合計</p><p class="big">${yenWords(today.total)}</p><p class="soft">${dayWords(dayInJst(now))}${hourInJst(now)}時現在</p></div>`}
${contracts.map(contractCard)}
<h2>お支払い日ごとの合計</h2>
${facts(totals.map(({ name, day, total }) => ({ name, value: html`${yenWords(total)}<br><small>${dayWords(day)}にお支払いの場合</small>` })))}
<p class="soft">この画面は、お客様のご照会に応じて、お支払い状況をお知らせするものです。</p>
${stack(isOnHold ? undefined : linkButton(urls.account, 'お振込み口座を表示', 'main'), linkButton(urls.menu, 'メニューへ戻る'))}`,
  })
}

const contractCard = ({ product, contractNumber, bills }: ContractAmount): Html => html`<section class="card">
<h2>ご契約　${product ?? '（詳細はお問い合わせください）'}${contractNumber !== undefined && html` <span class="whole soft">${contractNumber}</span>`}</h2>
${bills.map(({ dueDay, amount }) => facts(linesOf(dueDay, amount)))}</section>
`

const linesOf = (dueDay: Day, { principal, fee, lateCharge, total }: Amount): readonly Fact[] => [
  { name: 'お支払い期日', value: dayWords(dueDay) },
  { name: 'ご請求額', value: yenWords(principal) },
  ...(fee > 0 ? [{ name: '手数料', value: yenWords(fee) }] : []),
  { name: '遅延損害金', value: yenWords(lateCharge) },
  { name: '合計', value: yenWords(total), kind: 'sum' },
]
