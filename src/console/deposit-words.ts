import type { Deposit, MatchByHandOutcome, Suggestion, TakeApartOutcome } from '#payments'

export const channelWords: Readonly<Record<Deposit['channel'], string>> = {
  transfer: '振込',
  'convenience-store': 'コンビニエンスストア',
  'pay-easy': 'ペイジー',
  card: 'クレジットカード',
  debit: '口座振替',
}

/** How it was found out whose it is. */
export const matchedWords: Readonly<Record<string, string>> = {
  'virtual-account': '仮想口座',
  slip: '払込票',
  reference: '番号',
  name: '名義と金額',
  debit: '口座振替の結果',
  provider: '決済事業者の通知',
  person: '担当者による消込',
}

/** What speaks for a customer: 「名義が一致・ご請求の合計と同額」. */
export const evidenceWords = ({ account, slipId, reference, name, amount }: Suggestion): string =>
  [
    account && 'お客様の仮想口座',
    slipId && 'お客様の払込票',
    reference && { strong: '番号が一致', weak: '似た番号' }[reference],
    name && { whole: '名義が一致', family: '姓が一致', household: '名義の一部が一致' }[name],
    amount
      ? { total: 'ご請求の合計と同額', bill: 'ご請求の1件と同額', promised: 'ご予定の金額と同額' }[amount]
      : '金額は異なる',
  ]
    .filter(Boolean)
    .join('・')

type Refusal =
  | Extract<MatchByHandOutcome, { kind: 'refused' }>['because']
  | Extract<TakeApartOutcome, { kind: 'refused' }>['because']

/** Why nothing was done, and what helps. */
export const depositRefusals: Readonly<Record<Refusal, string>> = {
  'no-such-deposit': 'この入金は見つかりませんでした。',
  ended: 'この入金は取り消されています。消込は変わっていません。',
  'matched-already': 'ほかの担当者が先に消込をしていました。内容をご確認ください。',
  'no-such-customer': 'その顧客番号のお客様はいません。または、複数のお客様に当てはまります。',
  'no-open-bill': 'その契約番号には、入金日までに期日の来た未払いのご請求がありません。',
  'several-bills':
    'その契約番号には未払いのご請求が複数あり、金額から1件に決められません。契約番号を空にすると、古いご請求から充当します。',
  'not-matched': 'この入金は、まだどなたのものでもありません。',
  'told-by-channel': 'この入金は、銀行または決済事業者がお客様を特定しているため、取り消せません。',
  refunded: 'この入金の一部は返金済みのため、消込を取り消せません。',
}
