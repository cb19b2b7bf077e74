import type { Policies } from '#creditor'
import type { HolidayCalendar } from '#values/business-day'
import { addDays, type Day, dayInJst, instantOfJst, timeInJst, weekday } from '#values/day'

/** From `opens` on and before `closes`, 'HH:MM' in Japan. */
export type ContactHours = { readonly opens: string; readonly closes: string }

type ContactPolicies = Pick<Policies, 'contact'>

/** 貸金業法21条1項1号 and its ordinance: 9 in the evening to 8 in the morning, whatever the configuration says. */
const lawful = { opens: '08:00', closes: '21:00' } as const

/** A year has an open day, unless somebody closed it all. */
const daysAheadMax = 366

export const contactHours = ({ contact }: ContactPolicies): ContactHours => ({
  opens: later(contact.opens, lawful.opens),
  closes: earlier(contact.closes, lawful.closes),
})

const isBefore = (a: string, b: string): boolean => a < b
const later = (a: string, b: string): string => (isBefore(a, b) ? b : a)
const earlier = (a: string, b: string): string => (isBefore(a, b) ? a : b)

/** Why nothing is sent on that day; undefined when it may be. */
export const closedDay = (
  day: Day,
  { contact }: ContactPolicies,
  calendar: HolidayCalendar,
): 'turn-of-year' | 'sunday' | 'public-holiday' | undefined => {
  if (!contact.overNewYear && ['12-31', '01-01', '01-02', '01-03'].includes(day.slice(5))) return 'turn-of-year'
  if (!contact.onSundays && weekday(day) === 0) return 'sunday'
  if (!contact.onHolidays && calendar.isHoliday(day)) return 'public-holiday'
  return undefined
}

/** The first instant from now on at which a notice may leave; undefined when no day of the coming year has one. */
export const nextAllowedInstant = (
  now: Date,
  policies: ContactPolicies,
  calendar: HolidayCalendar,
): Date | undefined => {
  const hours = contactHours(policies)
  if (hours.opens >= hours.closes) return undefined
  const today = dayInJst(now)
  for (let ahead = 0; ahead <= daysAheadMax; ahead++) {
    const day = addDays(today, ahead)
    if (closedDay(day, policies, calendar) !== undefined) continue
    const opening = instantAt(day, hours.opens)
    if (now <= opening) return opening
    if (now < closingOf(day, hours)) return now
  }
  return undefined
}

/** Whether the hour and the day allow any notice at all. */
export const mayContactNow = (
  {
    creditor,
    holidays,
  }: { readonly creditor: { readonly policies: ContactPolicies }; readonly holidays: HolidayCalendar },
  now: Date,
): boolean => nextAllowedInstant(now, creditor.policies, holidays)?.getTime() === now.getTime()

export const closingOf = (day: Day, { closes }: ContactHours): Date => instantAt(day, closes)

/** 'HH:MM:SS' in Japan. */
export const timeOf = (now: Date): string => {
  const { hour, minute, second } = timeInJst(now)
  return [hour, minute, second].map((number) => String(number).padStart(2, '0')).join(':')
}

const instantAt = (day: Day, time: string): Date => {
  const [hour = 0, minute = 0] = time.split(':').map(Number)
  return instantOfJst(day, hour, minute)
}
