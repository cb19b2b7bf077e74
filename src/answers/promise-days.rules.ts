import type { Policies } from '#creditor'
import { addBankDays, type HolidayCalendar, nextBankDayOnOrAfter } from '#values/business-day'
import { addDays, type Day } from '#values/day'

export type PromiseChoice = {
  readonly day: Day
  readonly name: '明日' | '明後日' | null
  /** When a transfer of that day counts: the day itself, or the next one on which banks are open. */
  readonly countsOn: Day
}

/** What a promise that is still waited for allows. */
export type PendingPromise = { readonly day: Day; readonly lastOfferedDay: Day }

/**
 * The days that may be promised now: tomorrow and on, calendar days in Japan. A promise moves only within the days that
 * were first offered, and not any more once its day has passed.
 */
export const promiseChoices = ({
  today,
  days,
  holidays,
  pending = [],
}: {
  readonly today: Day
  readonly days: number
  readonly holidays: HolidayCalendar
  readonly pending?: readonly PendingPromise[]
}): readonly PromiseChoice[] => {
  if (pending.some((promise) => promise.day < today)) return []
  return Array.from({ length: days }, (_, n) => addDays(today, n + 1))
    .filter((day) => pending.every(({ lastOfferedDay }) => day <= lastOfferedDay))
    .map((day) => ({ day, name: nameOf(today, day), countsOn: nextBankDayOnOrAfter(day, holidays) }))
}

/**
 * The last day on which nothing is sent because of a promise: banks are open on the promised day or after it, and then
 * its money has had the time it takes to be seen. Money that counts by this day keeps the promise.
 */
export const quietUntil = (
  promisedDay: Day,
  holidays: HolidayCalendar,
  { promise }: Pick<Policies, 'promise'>,
): Day => {
  const paidOn = nextBankDayOnOrAfter(promisedDay, holidays)
  return promise.postingBankDays === 0 ? paidOn : addBankDays(paidOn, promise.postingBankDays, holidays)
}

/** The same after "already paid" and after a consultation; null when the policy gives no such days. */
export const quietAfterTelling = (
  today: Day,
  holidays: HolidayCalendar,
  { contact }: Pick<Policies, 'contact'>,
): Day | null => (contact.quietBusinessDays === 0 ? null : addBankDays(today, contact.quietBusinessDays, holidays))

const nameOf = (today: Day, day: Day): PromiseChoice['name'] =>
  day === addDays(today, 1) ? '明日' : day === addDays(today, 2) ? '明後日' : null
