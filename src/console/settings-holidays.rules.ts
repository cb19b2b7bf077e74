import { type HolidayCalendar, isBankDay } from '#values/business-day'
import { addDays, type Day, dayOf, weekday, yearOf } from '#values/day'

/** Days on which banks are closed though it is no weekend: public holidays, and the turn of the year. */
export type ClosedDay = { readonly day: Day; readonly because: 'holiday' | 'turn-of-year' }

/** Of a whole year; the calendar knows them by their days, not by their names. */
export const closedDaysOf = (year: number, holidays: HolidayCalendar): readonly ClosedDay[] => {
  const days: ClosedDay[] = []
  for (let day = dayOf(year, 1, 1) as Day; yearOf(day) === year; day = addDays(day, 1)) {
    const isHoliday = holidays.isHoliday(day)
    const isWeekend = weekday(day) === 0 || weekday(day) === 6
    if (isHoliday) days.push({ day, because: 'holiday' })
    else if (!isWeekend && !isBankDay(day, holidays)) days.push({ day, because: 'turn-of-year' })
  }
  return days
}
