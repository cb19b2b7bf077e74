import holidayJp from '@holiday-jp/holiday_jp'
import { assert } from '#values/assert'
import type { HolidayCalendar } from '#values/business-day'
import { yearOf } from '#values/day'

const holidays: ReadonlySet<string> = new Set(Object.keys(holidayJp.holidays))

/** The years the package knows completely. */
export const holidayYears = { first: 1970, last: 2050 } as const

/**
 * Japan's public holidays (国民の祝日, 振替休日 and 国民の休日 included) as @holiday-jp/holiday_jp lists them.
 *
 * It knows 1970 to 2050. The Cabinet Office announces a year's days each February of the year before; later years are
 * what today's law and the computed equinoxes yield, so the package has to be kept up to date. A day outside its years
 * is refused as a bug rather than called a working day: no rule asks about days that far from today.
 */
export const japaneseHolidays: HolidayCalendar = {
  isHoliday(day) {
    const year = yearOf(day)
    assert(year >= holidayYears.first && year <= holidayYears.last, 'holidays are asked for years that are known')
    return holidays.has(day)
  },
}
