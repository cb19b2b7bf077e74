import type { Policies } from '#creditor'
import { type DebitOutcome, debitOutcomes, type OutcomeTotal, outcomeOfMeaning } from './debit-outcome.rules.ts'

/** Every outcome that occurred, with its records and yen. */
export type DebitTotals = readonly OutcomeTotal[]

/** What a file holds, counted by 振替結果コード while it is read. */
export interface CodeTotals {
  add(code: number, amount: number): void
  list(): readonly { readonly code: string; readonly count: number; readonly amount: number }[]
}

export interface CodeMeanings {
  readonly billCodes: readonly string[]
  readonly paidCodes: readonly string[]
  /** Every other code that the configuration knows, and the paid ones as long as no open bill is involved. */
  readonly outcomes: ReadonlyMap<string, DebitOutcome>
}

export function meaningsOf({ resultCodes }: Policies): CodeMeanings {
  const [billCodes, paidCodes]: [string[], string[]] = [[], []]
  const outcomes = new Map<string, DebitOutcome>()
  for (const [code, meaning] of Object.entries(resultCodes)) {
    if (meaning === 'bill') billCodes.push(code)
    else outcomes.set(code, outcomeOfMeaning(meaning))
    if (meaning === 'paid') paidCodes.push(code)
  }
  return { billCodes, paidCodes, outcomes }
}

export function codeTotals(): CodeTotals {
  const counts = new Float64Array(256)
  const amounts = new Float64Array(256)
  return {
    add(code, amount) {
      counts[code] = (counts[code] as number) + 1
      amounts[code] = (amounts[code] as number) + amount
    },
    list: () =>
      [...counts].flatMap((count, code) =>
        count === 0 ? [] : [{ code: String.fromCharCode(code), count, amount: amounts[code] ?? 0 }],
      ),
  }
}

/** All records by outcome: those that were looked at one by one, and the rest, whose code says it all. */
export function debitTotals(
  codes: CodeTotals,
  judged: readonly (OutcomeTotal & { readonly code: string })[],
  { billCodes, outcomes }: CodeMeanings,
): DebitTotals {
  const totals = new Map<DebitOutcome, { count: number; amount: number }>()
  const add = (outcome: DebitOutcome, count: number, amount: number) => {
    const total = totals.get(outcome) ?? { count: 0, amount: 0 }
    totals.set(outcome, { count: total.count + count, amount: total.amount + amount })
  }
  for (const { outcome, count, amount } of judged) add(outcome, count, amount)
  for (const { code, count, amount } of codes.list()) {
    if (billCodes.includes(code)) continue
    const [done, doneAmount] = sum(judged.filter((total) => total.code === code))
    add(outcomes.get(code) ?? 'manual', count - done, amount - doneAmount)
  }
  return (Object.keys(debitOutcomes) as DebitOutcome[]).flatMap((outcome) => {
    const total = totals.get(outcome)
    return total === undefined || total.count === 0 ? [] : [{ outcome, ...total }]
  })
}

function sum(totals: readonly OutcomeTotal[]): readonly [number, number] {
  return totals.reduce(([counts, amounts], { count, amount }) => [counts + count, amounts + amount], [0, 0])
}
