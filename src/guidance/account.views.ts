import type { TransferAccount } from '#creditor'
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

export type AccountView = Signed & {
  /** One; two for a person who is two customers in the creditor's books. */
  readonly payments: readonly AccountToPay[]
  readonly redebits: readonly RedebitView[]
  readonly today: Day
}

export type AccountToPay = {
  /** One of these, where there are several. */
  readonly accounts: readonly TransferAccount[]
  /** The account is this customer's alone, so that the bank tells by it who has paid. */
  readonly isOwn: boolean
  readonly total: Yen
}

export const accountPage = (look: Look, { endFormId, idleMinutes, payments, redebits, today }: AccountView): string =>
  layout(look, {
    title: 'お手続き',
    exit: { kind: 'end', formId: endFormId },
    idleMinutes,
    scripts: ['copy'],
    body: html`<h1>お振込み口座</h1>
${redebitNotes(redebits)}${payments.map((payment) => paymentSection(look, payment, today))}<p class="soft">金融機関の営業時間外や土日祝日のお振込みは、翌営業日のお取扱いとなる場合がございます。</p>
${stack(linkButton(urls.menu, 'メニューへ戻る'))}`,
  })

const paymentSection = (look: Look, { accounts, isOwn, total }: AccountToPay, today: Day): Html =>
  html`<div class="note"><p>お支払い金額</p><p class="big">${yenWords(total)}</p><p class="soft">${dayWords(today)}にお支払いの場合</p></div>
${isOwn && html`<p>お客様専用のお振込み口座です。ほかの方のお支払いにはお使いいただけません。</p>\n`}${accounts.map((account) => accountFacts(look, account, isOwn, total))}`

const accountFacts = (look: Look, account: TransferAccount, isOwn: boolean, total: Yen): Html => {
  const { bankName, bankCode, branchName, branchCode, type, number, holder, holderKana } = account
  return facts([
    { name: '金融機関名', value: html`${bankName}<span class="whole">（${bankCode}）</span>`, copy: bankName },
    { name: '支店名', value: html`${branchName}<span class="whole">（${branchCode}）</span>`, copy: branchName },
    { name: '種別', value: type },
    { name: '口座番号', value: html`<span class="whole">${number}</span>`, copy: number },
    { name: '口座名義', value: holder, copy: holder },
    { name: '口座名義（カナ）', value: holderKana, copy: holderKana },
    { name: '金額', value: yenWords(total), copy: String(total) },
    payerFact(isOwn),
    { name: '手数料', value: '振込手数料はお客様のご負担となります。', kind: 'way' },
    {
      name: '反映の目安',
      value: `ご入金の確認まで${look.creditor.policies.deposits.confirmationBusinessDays}営業日ほどかかる場合がございます。`,
      kind: 'way',
    },
  ])
}

const payerFact = (isOwn: boolean): Fact => ({
  name: '振込依頼人名',
  value: isOwn
    ? '振込依頼人名の入力は不要です。ご家族など、ほかの方のお名前でもお振込みいただけます。'
    : 'ご契約者様のお名前（カナ）でお願いいたします。',
  kind: 'way',
})
