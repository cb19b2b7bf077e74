import { assert } from './assert.ts'
import { addDays, type Day, weekday } from './day.ts'

export type HolidayCalendar = {
  /** Whether that day is a public holiday; Sundays are asked separately. */
  isHoliday(day: Day): boolean
}

/** Banks never close longer than the ten days of 2019; a calendar that closes a month is broken. */
const closedDaysMax = 31

/** Ten years of bank days: nobody plans further, and a slip in a unit shall not run for minutes. */
const bankDaysMax = 2_500

/** Banks close on Saturdays, Sundays, public holidays and from 31 December to 3 January (銀行法施行令5条1項). */
export function isBankDay(day: Day, holidays: HolidayCalendar): boolean {
  const isWeekend = weekday(day) === 0 || weekday(day) === 6
  return !isWeekend && !isTurnOfYear(day) && !holidays.isHoliday(day)
}

export function nextBankDayOnOrAfter(day: Day, holidays: HolidayCalendar): Day {
  for (let closedDays = 0; closedDays <= closedDaysMax; closedDays++) {
    const candidate = addDays(day, closedDays)
    if (isBankDay(candidate, holidays)) return candidate
  }
  assert(false, 'a calendar has a bank day in every month')
}

/**
 * The nth bank day after that day, which need not be one itself: one after Saturday is Monday.
 * Zero is the day itself, moved to the next bank day.
 */
export function addBankDays(day: Day, bankDays: number, holidays: HolidayCalendar): Day {
  assert(Number.isInteger(bankDays) && bankDays >= 0 && bankDays <= bankDaysMax, 'bank days are counted forwards')
  if (bankDays === 0) return nextBankDayOnOrAfter(day, holidays)
  let reached = day
  for (let counted = 0; counted < bankDays; counted++) {
    reached = nextBankDayOnOrAfter(addDays(reached, 1), holidays)
  }
  return reached
}

/** The nth bank day before that day, which need not be one itself: one before Monday is Friday. Zero is the day itself. */
export function bankDaysBefore(day: Day, bankDays: number, holidays: HolidayCalendar): Day {
  assert(
    Number.isInteger(bankDays) && bankDays >= 0 && bankDays <= bankDaysMax,
    'bank days are counted in whole numbers',
  )
  let reached = day
  for (let counted = 0; counted < bankDays; counted++) {
    reached = lastBankDayOnOrBefore(addDays(reached, -1), holidays)
  }
  return reached
}

function lastBankDayOnOrBefore(day: Day, holidays: HolidayCalendar): Day {
  for (let closedDays = 0; closedDays <= closedDaysMax; closedDays++) {
    const candidate = addDays(day, -closedDays)
    if (isBankDay(candidate, holidays)) return candidate
  }
  assert(false, 'a calendar has a bank day in every month')
}

function isTurnOfYear(day: Day): boolean {
  return ['12-31', '01-01', '01-02', '01-03'].includes(day.slice(5))
}
