import type { Creditor } from '#creditor'
import { bankDaysBefore, type HolidayCalendar } from '#values/business-day'
import { compareDays, type Day, day } from '#values/day'

/** An open bill, as far as the next try of its debit asks about it. */
export type RedebitFacts = {
  readonly customerId: string
  readonly caseId: string
  readonly billId: string
  /** Null when the contract is not known. */
  readonly product: string | null
  readonly dueDay: Day
  /** The re-debit days of which the bank's answer is here, for the account that this bill's debit was for. */
  readonly resultsOn: readonly Day[]
}

export type PlannedRedebit = {
  readonly day: Day
  /** The last day on which money can still come another way: after it the bank has the request. */
  readonly cutOff: Day
  readonly isPastCutOff: boolean
  /** The day has come, and nobody knows yet whether the money has. */
  readonly isAwaitingResult: boolean
}

/** A day of the creditor's calendar; without products it is for all. */
export type RedebitDay = { readonly day: Day; readonly cutOff: Day; readonly products: readonly string[] | null }

/**
 * When will this bill's debit be tried again? Of the creditor's days whose result is not here, the one whose request
 * leaves first. A bill whose product is not known may be in any request; one that fell due after the cut-off is in none.
 */
export const plannedRedebit = (
  bill: Pick<RedebitFacts, 'product' | 'dueDay' | 'resultsOn'>,
  creditor: Pick<Creditor, 'redebits'>,
  holidays: HolidayCalendar,
  today: Day,
): PlannedRedebit | undefined =>
  redebitDays(creditor, holidays)
    .filter((planned) => isTriedOn(bill, planned) && !bill.resultsOn.includes(planned.day))
    .sort((a, b) => compareDays(a.cutOff, b.cutOff) || compareDays(a.day, b.day))
    .map(({ day, cutOff }) => ({ day, cutOff, isPastCutOff: cutOff < today, isAwaitingResult: day <= today }))[0]

/**
 * The re-debit for which nobody may be asked to pay now: from the day of the cut-off on, for who is written to that day
 * pays the next, until the result is here.
 */
export const redebitUnderWay = (
  bill: Parameters<typeof plannedRedebit>[0],
  creditor: Pick<Creditor, 'redebits'>,
  holidays: HolidayCalendar,
  today: Day,
): PlannedRedebit | undefined => {
  const planned = plannedRedebit(bill, creditor, holidays, today)
  return planned !== undefined && planned.cutOff <= today ? planned : undefined
}

/** The creditor's calendar, each day with its cut-off. Counted once: a campaign asks for it with every bill. */
export const redebitDays = (
  { redebits }: Pick<Creditor, 'redebits'>,
  holidays: HolidayCalendar,
): readonly RedebitDay[] => {
  if (redebits === undefined) return []
  const known = counted.get(redebits)
  if (known?.holidays === holidays) return known.days
  const days = redebits.days.map((planned) => ({
    day: day(planned.day),
    cutOff: planned.cutOff ? day(planned.cutOff) : bankDaysBefore(day(planned.day), redebits.cutOffBankDays, holidays),
    products: planned.products ?? null,
  }))
  counted.set(redebits, { holidays, days })
  return days
}

const counted = new WeakMap<object, { readonly holidays: HolidayCalendar; readonly days: readonly RedebitDay[] }>()

const isTriedOn = ({ product, dueDay }: Pick<RedebitFacts, 'product' | 'dueDay'>, of: RedebitDay): boolean =>
  dueDay < of.day && dueDay <= of.cutOff && (of.products === null || product === null || of.products.includes(product))
