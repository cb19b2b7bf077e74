import type { Policies } from '#creditor'
import { addDays, type Day, dayInJst, instantOfJst } from '#values/day'

export type PromisedBill =
  | { readonly how: 'settled'; readonly onDay: Day }
  | { readonly how: 'withdrawn' }
  | { readonly how: 'open' }

export type PromiseVerdict = 'pending' | 'kept' | 'broken' | 'withdrawn'

/**
 * Kept as soon as every bill of the promise is settled by money that counts in time; broken when that is not so at the
 * hour of judgement on the first business day on which its money could have been seen. Bills that the creditor took
 * back do not count; when nothing else was promised, there is nothing to keep.
 */
export const judgePromise = (
  { quietUntil, bills }: { readonly quietUntil: Day; readonly bills: readonly PromisedBill[] },
  { promise }: Pick<Policies, 'promise'>,
  now: Date,
): PromiseVerdict => {
  const owed = bills.filter(({ how }) => how !== 'withdrawn')
  if (owed.length === 0) return 'withdrawn'
  if (owed.every((bill) => bill.how === 'settled' && bill.onDay <= quietUntil)) return 'kept'
  return now >= judgementOf(quietUntil, promise.judgedAt) ? 'broken' : 'pending'
}

/** The latest day whose promises are judged by now. */
export const lastJudgedDay = ({ promise }: Pick<Policies, 'promise'>, now: Date): Day => {
  const today = dayInJst(now)
  return now >= judgementOf(today, promise.judgedAt) ? today : addDays(today, -1)
}

const judgementOf = (day: Day, judgedAt: string): Date => {
  const [hour = 0, minute = 0] = judgedAt.split(':').map(Number)
  return instantOfJst(day, hour, minute)
}
