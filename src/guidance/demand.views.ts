import type { Amount } from '#bills'
import { type Html, html } from '#platform/html/html'
import type { Day } from '#values/day'
import type { Yen } from '#values/yen'
import { phoneWords } from './contact.views.ts'
import { facts } from './facts.views.ts'
import type { Look } from './layout.views.ts'
import { atTheContract, fullDayWords, yenWords } from './words.views.ts'

/** One bill of a loan, with what 貸金業法21条2項 wants beside its amount. */
export type Demand = {
  readonly product: string
  /** Masked. */
  readonly contractNumber: string
  readonly contractDay: Day | undefined
  readonly loanAmount: Yen | undefined
  /** Per cent a year, '18.0'. */
  readonly annualRatePercent: string | undefined
  readonly dueDay: Day
  readonly left: Amount
}

/** Folded: who wants to pay has the amount above; who wants to know by what right finds all of it here. Opened in print. */
export const demandSection = (look: Look, demands: readonly Demand[]): Html | undefined => {
  const { lender, brand } = look.creditor
  if (lender === undefined || demands.length === 0) return undefined
  return html`<details class="more">
<summary>お借入れの内容（貸金業法にもとづく表示）</summary>
<h2>貸金業者</h2>
${facts([
  { name: '商号', value: brand.companyName },
  { name: '登録番号', value: lender.registration },
  { name: '住所', value: lender.address },
  { name: '電話番号', value: phoneWords(lender.phone) },
  { name: '担当者', value: lender.personInCharge },
])}${demands.map(demandFacts)}</details>
`
}

const demandFacts = (demand: Demand): Html => {
  const { product, contractNumber, contractDay, loanAmount, annualRatePercent, dueDay, left } = demand
  return html`<h2>${product} <span class="whole soft">${contractNumber}</span></h2>
${facts([
  { name: 'ご契約年月日', value: contractDay ? fullDayWords(contractDay) : atTheContract },
  { name: '貸付けの金額', value: loanAmount === undefined ? atTheContract : yenWords(loanAmount) },
  { name: '貸付けの利率', value: annualRatePercent === undefined ? atTheContract : `年${annualRatePercent}%` },
  { name: '弁済期', value: fullDayWords(dueDay) },
  { name: 'お支払いいただく金額', value: yenWords(left.total) },
  { name: 'うち元本', value: yenWords(left.principal) },
  { name: 'うち利息・手数料', value: yenWords(left.fee) },
  { name: 'うち遅延損害金', value: yenWords(left.lateCharge) },
])}`
}
