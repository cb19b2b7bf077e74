import type { Received } from '#payments'
import { type Html, html } from '#platform/html/html'
import { type Day, dayInJst } from '#values/day'
import { type Yen, yen } from '#values/yen'
import { linkButton, printButton, stack } from './button.views.ts'
import { phoneWords } from './contact.views.ts'
import { type Fact, facts } from './facts.views.ts'
import { type Look, layout } from './layout.views.ts'
import type { Signed } from './menu.views.ts'
import { urls } from './urls.ts'
import { atTheContract, dayWords, fullDayWords, yenWords } from './words.views.ts'

export type PaymentReceiptView = Signed & {
  /** ジャックス タロウ: a receipt says whose money it was. */
  readonly name: string
  readonly received: readonly ReceivedView[]
  /** What is still owed now. */
  readonly left: Yen
  readonly now: Date
}

export type ReceivedView = Pick<Received, 'onDay' | 'channel' | 'amount' | 'isFinal' | 'surplus' | 'refunded'> & {
  readonly parts: readonly ReceivedPart[]
}

export type ReceivedPart = {
  readonly product: string | undefined
  /** Masked. */
  readonly contractNumber: string | undefined
  readonly dueDay: Day
  readonly principal: Yen
  readonly fee: Yen
  readonly lateCharge: Yen
  /** What 貸金業法18条 wants of the contract, where it is a loan. */
  readonly loan: undefined | { readonly contractDay: Day | undefined; readonly loanAmount: Yen | undefined }
}

/** 受取証書: what was received when, what it was put on, and what is left. */
export const paymentReceiptPage = (look: Look, view: PaymentReceiptView): string => {
  const { endFormId, idleMinutes, name, received, left, now } = view
  return layout(look, {
    title: 'お手続き',
    exit: { kind: 'end', formId: endFormId },
    idleMinutes,
    body: html`<h1>受取証書</h1>
<p class="whose"><b>${name}</b> 様</p>
<p>次のとおり、お支払いいただいた金額を受領いたしました。</p>
${received.map(receivedCard)}<h2>残りの金額</h2>
${facts([{ name: '残りのご請求額', value: html`${yenWords(left)}<br><small>${dayWords(dayInJst(now))}現在</small>`, kind: 'sum' }])}
<h2>発行者</h2>
${facts([...issuer(look, received), { name: '発行日', value: fullDayWords(dayInJst(now)) }])}
${stack(printButton, linkButton(urls.menu, 'メニューへ戻る'))}`,
  })
}

const receivedCard = (received: ReceivedView): Html => {
  const { onDay, channel, amount, isFinal, parts, surplus, refunded } = received
  return html`<section class="card">
<h2>${dayWords(onDay)}のお支払い</h2>
${facts([
  { name: '受領金額', value: yenWords(amount), kind: 'sum' },
  { name: '受領日', value: fullDayWords(onDay) },
  {
    name: 'お支払い方法',
    value: html`${channelWords[channel]}${!isFinal && html`<br><small>店舗からの速報によるものです</small>`}`,
  },
])}${parts.map(partFacts)}${surplus + refunded > 0 && surplusFacts(surplus, refunded)}</section>
`
}

const partFacts = (part: ReceivedPart): Html => {
  const { product, contractNumber, dueDay, principal, fee, lateCharge, loan } = part
  return html`<h3>充当先　${product ?? 'ご契約'}${contractNumber !== undefined && html` <span class="whole soft">${contractNumber}</span>`}</h3>
${facts([
  { name: 'お支払い期日', value: dayWords(dueDay) },
  ...(loan === undefined
    ? []
    : [
        { name: 'ご契約年月日', value: loan.contractDay ? fullDayWords(loan.contractDay) : atTheContract },
        { name: '貸付けの金額', value: loan.loanAmount === undefined ? atTheContract : yenWords(loan.loanAmount) },
      ]),
  { name: loan === undefined ? 'ご請求額へ' : '元本へ', value: yenWords(principal) },
  ...(loan !== undefined || fee > 0
    ? [{ name: loan === undefined ? '手数料へ' : '利息・手数料へ', value: yenWords(fee) }]
    : []),
  { name: '遅延損害金へ', value: yenWords(lateCharge) },
])}`
}

const surplusFacts = (surplus: Yen, refunded: Yen): Html =>
  facts([
    ...(surplus > 0
      ? [
          {
            name: 'ご請求を超えた金額',
            value: html`${yenWords(surplus)}<br><small>お取扱いは、担当者よりご連絡いたします。</small>`,
          },
        ]
      : []),
    ...(refunded > 0 ? [{ name: 'ご返金した金額', value: yenWords(yen(refunded)) }] : []),
  ])

/** The lender's own data where a loan was paid, else the company's. */
const issuer = ({ creditor }: Look, received: readonly ReceivedView[]): readonly Fact[] => {
  const { brand, contact, lender } = creditor
  const isLoan = received.some(({ parts }) => parts.some(({ loan }) => loan !== undefined))
  const name = { name: isLoan ? '商号' : '会社名', value: brand.companyName }
  if (lender === undefined || !isLoan) {
    return [
      name,
      ...(contact.address === undefined ? [] : [{ name: '住所', value: contact.address }]),
      { name: '電話番号', value: phoneWords(contact.phone) },
    ]
  }
  return [
    name,
    { name: '登録番号', value: lender.registration },
    { name: '住所', value: lender.address },
    { name: '電話番号', value: phoneWords(lender.phone) },
  ]
}

const channelWords: Readonly<Record<Received['channel'], string>> = {
  transfer: '銀行振込',
  'convenience-store': 'コンビニエンスストア',
  'pay-easy': 'ペイジー',
  card: 'カード',
  debit: '口座振替',
}
