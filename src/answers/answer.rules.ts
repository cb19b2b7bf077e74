import { amountOn, type OpenBill } from '#bills'
import type { Creditor } from '#creditor'
import type { HolidayCalendar } from '#values/business-day'
import { addDays, type Day, dayInJst } from '#values/day'
import { sumYen, type Yen } from '#values/yen'
import { promiseChoices, quietAfterTelling, quietUntil } from './promise-days.rules.ts'

export type HoldReason = 'legal' | 'death' | 'dispute' | 'hardship' | 'wrong-number'

/** Under these we say nothing at all. Dispute and hardship only stop the request to pay: people may still talk to us. */
export const silencingHolds: readonly HoldReason[] = ['legal', 'death', 'wrong-number']

export type PaidDetails = {
  readonly paidOn?: Day
  readonly method?: 'transfer' | 'convenience-store' | 'pay-easy' | 'debit' | 'other'
}

export type ConsultationDetails = {
  readonly topic?: 'part-only' | 'another-day' | 'instalments' | 'unknown-claim' | 'other'
  readonly callTime?: 'morning' | 'afternoon' | 'evening' | 'any'
  /** For people who cannot telephone. */
  readonly reachBy?: 'phone' | 'sms' | 'letter'
}

export type AnswerRequest =
  /** `shownOn` is the day on which the form was shown: what it called tomorrow is another day after midnight. */
  | { readonly kind: 'promise'; readonly day: Day; readonly shownOn: Day }
  | { readonly kind: 'already-paid'; readonly details?: PaidDetails }
  | { readonly kind: 'consultation'; readonly details?: ConsultationDetails }

/** What counts in a case now. */
export type CurrentAnswer = {
  readonly customerId: string
  readonly caseId: string
  readonly answerId: string
  readonly version: number
  readonly kind: 'already-paid' | 'promise' | 'consultation' | 'cancelled'
  readonly answeredAt: Date
  readonly receiptNumber: string
  /** No notice until this day has passed. */
  readonly quietUntil: Day | null
  /** The latest promise. It stays a promise when the customer tells something else after it. */
  readonly promise: null | {
    readonly version: number
    readonly day: Day
    readonly lastOfferedDay: Day
    readonly quietUntil: Day
    readonly receiptNumber: string
    readonly state: 'pending' | 'kept' | 'broken' | 'cancelled'
  }
  readonly brokenCount: number
}

export type AnswerFacts = {
  readonly bills: readonly OpenBill[]
  readonly holds: readonly HoldReason[]
  readonly answers: readonly CurrentAnswer[]
}

export type AnswerContext = {
  readonly now: Date
  readonly holidays: HolidayCalendar
  readonly creditor: Pick<Creditor, 'policies' | 'products'>
}

export type Refusal =
  | 'already-settled'
  | 'on-hold'
  | 'only-consultation'
  | 'day-has-passed'
  | 'too-late'
  | 'outside-offered-days'

export type AnswerOutcome = RecordedOutcome | { readonly kind: 'refused'; readonly because: Refusal }

export type RecordedOutcome = {
  readonly kind: 'recorded'
  readonly answer: AnswerRequest['kind']
  readonly promisedDay: Day | null
  readonly quietUntil: Day | null
  readonly details: PaidDetails | ConsultationDetails
  readonly total: Yen
  /** An answer covers everything that the person owes: each case with its bills and what they come to. */
  readonly cases: readonly {
    readonly customerId: string
    readonly caseId: string
    readonly lastOfferedDay: Day | null
    readonly bills: readonly { readonly billId: string; readonly amount: Yen }[]
  }[]
}

/** May this person answer that now? */
export const decideAnswer = (facts: AnswerFacts, request: AnswerRequest, context: AnswerContext): AnswerOutcome => {
  const because = refusal(facts, request, context)
  return because === undefined ? recorded(facts, request, context) : { kind: 'refused', because }
}

const refusal = (facts: AnswerFacts, request: AnswerRequest, context: AnswerContext): Refusal | undefined => {
  if (facts.bills.length === 0) return 'already-settled'
  if (facts.holds.some((reason) => silencingHolds.includes(reason))) return 'on-hold'
  if (facts.holds.length > 0 && request.kind !== 'consultation') return 'on-hold'
  return request.kind === 'promise' ? refusalOfPromise(facts, request, context) : undefined
}

const refusalOfPromise = (
  facts: AnswerFacts,
  { day, shownOn }: Extract<AnswerRequest, { kind: 'promise' }>,
  { now, holidays, creditor }: AnswerContext,
): Refusal | undefined => {
  const today = dayInJst(now)
  const { days, brokenMax } = creditor.policies.promise
  const pending = pendingPromises(facts)
  if (answersToOpenCases(facts).some(({ brokenCount }) => brokenCount >= brokenMax)) return 'only-consultation'
  if (shownOn !== today) return 'day-has-passed'
  if (pending.some((promise) => promise.day < today)) return 'too-late'
  const choices = promiseChoices({ today, days, holidays, pending })
  return choices.some((choice) => choice.day === day) ? undefined : 'outside-offered-days'
}

/** The promises that a new one would move. */
export const pendingPromises = (facts: AnswerFacts) =>
  answersToOpenCases(facts).flatMap(({ promise, caseId }) =>
    promise?.state === 'pending' ? [{ ...promise, caseId }] : [],
  )

const answersToOpenCases = ({ answers, bills }: AnswerFacts) =>
  answers.filter(({ caseId }) => bills.some((bill) => bill.caseId === caseId))

const recorded = (facts: AnswerFacts, request: AnswerRequest, context: AnswerContext): RecordedOutcome => {
  const { now, holidays, creditor } = context
  const today = dayInJst(now)
  const promisedDay = request.kind === 'promise' ? request.day : null
  const amountOf = (bill: OpenBill) => amountOn(bill, creditor.products, promisedDay ?? today).total
  const newLastDay = addDays(today, creditor.policies.promise.days)
  const pending = pendingPromises(facts)
  const lastOfferedDay = (caseId: string): Day | null =>
    promisedDay && (pending.find((promise) => promise.caseId === caseId)?.lastOfferedDay ?? newLastDay)
  return {
    kind: 'recorded',
    answer: request.kind,
    promisedDay,
    quietUntil: promisedDay
      ? quietUntil(promisedDay, holidays, creditor.policies)
      : quietAfterTelling(today, holidays, creditor.policies),
    details: request.kind === 'promise' ? {} : (request.details ?? {}),
    total: sumYen(facts.bills.map(amountOf)),
    cases: [...Map.groupBy(facts.bills, ({ caseId }) => caseId).values()].flatMap((bills) => {
      const [first] = bills
      if (first === undefined) return []
      const { customerId, caseId } = first
      const amounts = bills.map((bill) => ({ billId: bill.billId, amount: amountOf(bill) }))
      return [{ customerId, caseId, lastOfferedDay: lastOfferedDay(caseId), bills: amounts }]
    }),
  }
}
