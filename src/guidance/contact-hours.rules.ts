import type { HolidayCalendar } from '#values/business-day'
import { type Day, dayInJst, timeInJst, weekday } from '#values/day'

export type ContactHours = {
  /** 'mon' to 'sun'. */
  readonly weekdays: readonly string[]
  /** 'HH:MM'. */
  readonly opens: string
  readonly closes: string
  readonly closedOnHolidays: boolean
}

const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const

/** Is somebody there to take the call? */
export function isOpenNow(hours: ContactHours, holidays: HolidayCalendar, now: Date): boolean {
  const { hour, minute } = timeInJst(now)
  const time = `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`
  return isOpenOn(hours, holidays, dayInJst(now)) && time >= hours.opens && time < hours.closes
}

function isOpenOn(hours: ContactHours, holidays: HolidayCalendar, day: Day): boolean {
  const name = weekdays[weekday(day)]
  const isWorkday = hours.weekdays.some((open) => open === name)
  const isClosedForHoliday = hours.closedOnHolidays && (holidays.isHoliday(day) || isTurnOfYear(day))
  return isWorkday && !isClosedForHoliday
}

function isTurnOfYear(day: Day): boolean {
  return ['12-31', '01-01', '01-02', '01-03'].includes(day.slice(5))
}

/** 月〜金, or the days one by one where they do not follow each other. */
export function weekdayWords(open: ContactHours['weekdays']): string {
  const week = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
  const names = { mon: '月', tue: '火', wed: '水', thu: '木', fri: '金', sat: '土', sun: '日' } as const
  const days = week.filter((day) => open.some((each) => each === day))
  const first = days[0]
  const last = days.at(-1)
  if (first === undefined || last === undefined) return ''
  const isRow = week.indexOf(last) - week.indexOf(first) === days.length - 1
  if (days.length === 7) return '毎日'
  return isRow && days.length > 2
    ? `${names[first]}曜日〜${names[last]}曜日`
    : days.map((day) => `${names[day]}曜日`).join('・')
}
