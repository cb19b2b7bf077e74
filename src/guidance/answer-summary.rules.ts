import type { AnswerFacts } from '#answers'
import type { Day } from '#values/day'

/** What a customer last told about the bills that are open now. Several cases of one person share one receipt. */
export type AnswerSummary = {
  readonly kind: 'promise' | 'already-paid' | 'consultation'
  readonly receiptNumber: string
  /** We keep quiet through this day. */
  readonly quietUntil: Day | null
  readonly promisedDay: Day | null
}

export const answerSummary = ({ bills, answers }: AnswerFacts): AnswerSummary | undefined => {
  const open = answers.filter(({ caseId }) => bills.some((bill) => bill.caseId === caseId))
  const [latest] = open.toSorted((a, b) => b.answeredAt.getTime() - a.answeredAt.getTime())
  if (latest === undefined || latest.kind === 'cancelled') return undefined
  const promise = latest.kind === 'promise' ? latest.promise : null
  if (latest.kind === 'promise' && promise?.state !== 'pending') return undefined
  return {
    kind: latest.kind,
    receiptNumber: latest.receiptNumber,
    quietUntil: latest.quietUntil,
    promisedDay: promise?.day ?? null,
  }
}
