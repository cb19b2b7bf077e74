import type { Unmatched } from '#payments'

/** Why a deposit waits for people. */
export const unmatchedWords: Readonly<Record<Unmatched, string>> = {
  'account-unassigned': 'どのお客様のものでもない仮想口座への入金',
  'slip-unknown': '当社で発行していない払込票の番号',
  'several-fit': '複数のお客様に当てはまります',
  'amount-differs': '名義は合いますが、金額がご請求と異なります',
  'name-differs': '金額は合いますが、名義が異なります',
  'reference-weak': '短い番号だけが合っています',
  'by-name-off': '金額と名義は合いますが、名義による消込が設定されていません',
  'nobody-fits': '口座・番号・名義・金額のどれも当てはまりません',
  'taken-apart': '担当者が消込を取り消しました',
}
