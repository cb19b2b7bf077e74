import type { ResultMeaning } from '#creditor'

/** What became of a debit. Every record of a result file has exactly one. */
export type DebitOutcome = keyof typeof debitOutcomes

/** In the words an operator reads. Those with `report: true` are listed after an import: nobody is asked to pay there. */
export const debitOutcomes = {
  billed: { report: false, because: '案内の対象' },
  'failed-again': { report: false, because: '再振替も不能: 未入金の請求がそのまま残ります' },
  'unknown-customer': { report: true, because: '顧客番号に該当する顧客がいません' },
  'several-customers': { report: true, because: '顧客番号に該当する顧客が複数います' },
  'excluded-product': { report: true, because: 'サービス対象外の契約です' },
  'contract-unclear': { report: true, because: '契約を特定できません' },
  'zero-amount': { report: true, because: '引落金額が0円です' },
  'account-repair': { report: true, because: '口座の確認が必要です' },
  'stopped-by-depositor': { report: true, because: '預金者の都合による振替停止です' },
  'stopped-by-creditor': { report: true, because: '委託者の都合による振替停止です' },
  manual: { report: true, because: '個別の確認が必要です' },
  paid: { report: false, because: '振替済' },
  settled: { report: false, because: '再振替により入金' },
  'paid-twice': { report: true, because: '振替済ですが、請求は別の方法で入金済みです（過入金）' },
  'settles-unclear': { report: true, because: '振替済ですが、同じ金額の請求が複数あり、入金先を特定できません' },
  'paid-other-amount': { report: true, because: '振替済ですが、未入金の請求と金額が異なります' },
} as const satisfies Record<string, { readonly report: boolean; readonly because: string }>

/** Counts and yen of one outcome. */
export interface OutcomeTotal {
  readonly outcome: DebitOutcome
  readonly count: number
  readonly amount: number
}

export const reportedOutcomes: readonly DebitOutcome[] = (Object.keys(debitOutcomes) as DebitOutcome[]).filter(
  (outcome) => debitOutcomes[outcome].report,
)

/** How a record ends that neither asks for a bill nor settles one. */
export function outcomeOfMeaning(meaning: Exclude<ResultMeaning, 'bill'>): DebitOutcome {
  return meaning
}
