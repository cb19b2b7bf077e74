import type { PayEasy } from '#payments'
import { type Html, html } from '#platform/html/html'
import type { Day } from '#values/day'
import type { Yen } from '#values/yen'
import { linkButton, stack } from './button.views.ts'
import { type Fact, facts } from './facts.views.ts'
import { type Look, layout } from './layout.views.ts'
import type { Signed } from './menu.views.ts'
import type { RedebitView } from './redebit.rules.ts'
import { redebitNotes } from './redebit-note.views.ts'
import { urls } from './urls.ts'
import { dayWords, yenWords } from './words.views.ts'

/** The numbers of one contract, as the creditor's file has them. */
export type PayEasyContract = Omit<PayEasy, 'contractNumber' | 'customerId'> & {
  readonly product: string | undefined
  /** Masked. */
  readonly contractNumber: string
  /** What is owed on the contract today. */
  readonly total: Yen
}

export type PayEasyView = Signed & {
  readonly contracts: readonly PayEasyContract[]
  readonly redebits: readonly RedebitView[]
  readonly today: Day
}

export const payEasyPage = (look: Look, view: PayEasyView): string => {
  const { endFormId, idleMinutes, contracts, redebits, today } = view
  return layout(look, {
    title: 'お手続き',
    exit: { kind: 'end', formId: endFormId },
    idleMinutes,
    scripts: ['copy'],
    body: html`<h1>ペイジーでのお支払い</h1>
${redebitNotes(redebits)}<p>ペイジー対応のATM、インターネットバンキング、モバイルバンキングで、次の番号を入力してお支払いください。</p>
${contracts.map((contract) => contractCard(contract))}<p class="soft">お支払い金額は、${dayWords(today)}にお支払いの場合の金額です。</p>
<h2>お支払いの手順</h2>
<ol>
<li>ATMやインターネットバンキングで「ペイジー」または「税金・各種料金の払込み」をお選びください。</li>
<li>上の番号を、表示の順に入力してください。</li>
<li>お名前と金額をご確認のうえ、お支払いください。</li>
</ol>
<p class="soft">ご入金の確認まで${look.creditor.policies.deposits.confirmationBusinessDays}営業日ほどかかる場合がございます。</p>
${stack(linkButton(urls.menu, 'メニューへ戻る'))}`,
  })
}

const contractCard = (contract: PayEasyContract): Html => {
  const { product, contractNumber, institutionName, institutionNumber, payerNumber } = contract
  const { confirmationNumber, category, total } = contract
  return html`<section class="card">
<h2>ご契約　${product ?? '（詳細はお問い合わせください）'} <span class="whole soft">${contractNumber}</span></h2>
${facts([
  { name: '収納機関', value: institutionName, kind: 'number' },
  number('収納機関番号', institutionNumber),
  number('お客様番号', payerNumber),
  number('確認番号', confirmationNumber),
  ...(category === undefined ? [] : [number('納付区分', category)]),
  { name: 'お支払い金額', value: yenWords(total), copy: String(total), kind: 'number' },
])}</section>
`
}

const number = (name: string, digits: string): Fact => ({
  name,
  value: grouped(digits),
  copy: digits,
  kind: 'number',
})

/** Long ones in groups of four, as they are read and typed; a copy has no gaps. */
const grouped = (digits: string): Html => {
  const groups = digits.length > 8 ? (digits.match(/.{1,4}/g) ?? []) : [digits]
  return html`${groups.map((group, index) => html`${index > 0 && ' '}<span class="whole">${group}</span>`)}`
}
