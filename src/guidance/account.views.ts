import type { TransferAccount } from '#creditor'
import { type Html, html } from '#platform/html/html'
import type { Day } from '#values/day'
import type { Yen } from '#values/yen'
import { linkButton, stack } from './button.views.ts'
import { facts } from './facts.views.ts'
import { type Look, layout } from './layout.views.ts'
import type { Signed } from './menu.views.ts'
import { urls } from './urls.ts'
import { dayWords, yenWords } from './words.views.ts'

export type AccountView = Signed & {
  readonly accounts: readonly TransferAccount[]
  readonly total: Yen
  readonly today: Day
}

export const accountPage = (look: Look, { endFormId, idleMinutes, accounts, total, today }: AccountView): string =>
  layout(look, {
    title: 'お手続き',
    exit: { kind: 'end', formId: endFormId },
    idleMinutes,
    scripts: ['copy'],
    body: html`<h1>お振込み口座</h1>
<div class="note"><p>お支払い金額</p><p class="big">${yenWords(total)}</p><p class="soft">${dayWords(today)}にお支払いの場合</p></div>
${accounts.map((account) => accountFacts(look, account, total))}
<p class="soft">金融機関の営業時間外や土日祝日のお振込みは、翌営業日のお取扱いとなる場合がございます。</p>
${stack(linkButton(urls.menu, 'メニューへ戻る'))}`,
  })

const accountFacts = (look: Look, account: TransferAccount, total: Yen): Html => {
  const { bankName, bankCode, branchName, branchCode, type, number, holder, holderKana } = account
  return facts([
    { name: '金融機関名', value: html`${bankName}<span class="whole">（${bankCode}）</span>`, copy: bankName },
    { name: '支店名', value: html`${branchName}<span class="whole">（${branchCode}）</span>`, copy: branchName },
    { name: '種別', value: type },
    { name: '口座番号', value: html`<span class="whole">${number}</span>`, copy: number },
    { name: '口座名義', value: holder, copy: holder },
    { name: '口座名義（カナ）', value: holderKana, copy: holderKana },
    { name: '金額', value: yenWords(total), copy: String(total) },
    { name: '振込依頼人名', value: 'ご契約者様のお名前（カナ）でお願いいたします。', kind: 'way' },
    { name: '手数料', value: '振込手数料はお客様のご負担となります。', kind: 'way' },
    {
      name: '反映の目安',
      value: `ご入金の確認まで${look.creditor.policies.deposits.confirmationBusinessDays}営業日ほどかかる場合がございます。`,
      kind: 'way',
    },
  ])
}
