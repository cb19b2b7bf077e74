import { assert } from './assert.ts'
import { eraYearOf, yearsOfUnnamedEra } from './era.ts'

declare const dayBrand: unique symbol

/** A calendar day 'YYYY-MM-DD', years 0001 to 9999, without a time zone. Compares with < and > as text. */
export type Day = string & { readonly [dayBrand]: 'Day' }

export type Weekday = 0 | 1 | 2 | 3 | 4 | 5 | 6

export type TimeOfDay = { readonly hour: number; readonly minute: number; readonly second: number }

const msPerDay = 86_400_000

/** Japan has had no summer time since 1951, so its clock is nine hours ahead of UTC on every day we deal with. */
const jstOffsetMs = 9 * 3_600_000

/**
 * Claims lapse after five years (民法166条), so nobody reports older money. What looks older has a western year: 26 for
 * 2026 would be 平成26年.
 */
const eraDayYearsMax = 5

/** The widest gap between two leap years: 1896 to 1904, for 1900 was none. */
const yearsBetweenLeapDaysMax = 8

const weekdayNames = ['日', '月', '火', '水', '木', '金', '土'] as const

/** Exactly 'YYYY-MM-DD' and a day that exists; anything else is undefined. */
export function parseDay(text: string): Day | undefined {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  if (!parts) return undefined
  return dayOf(Number(parts[1]), Number(parts[2]), Number(parts[3]))
}

/** The day a literal or a column is known to hold. */
export function day(text: string): Day {
  const parsed = parseDay(text)
  assert(parsed !== undefined, 'a day is a valid YYYY-MM-DD')
  return parsed
}

/** The day of these three numbers, if the calendar has it. Months count from 1. */
export function dayOf(year: number, month: number, dayOfMonth: number): Day | undefined {
  if (year < 1 || year > 9999 || month < 1 || month > 12 || dayOfMonth < 1) return undefined
  if (dayOfMonth > daysInMonth(year, month)) return undefined
  return `${digits(year, 4)}-${digits(month, 2)}-${digits(dayOfMonth, 2)}` as Day
}

export function addDays(from: Day, days: number): Day {
  assert(Number.isInteger(days), 'days are counted in whole numbers')
  return dayOfUtc(new Date(utcMidnightMs(from) + days * msPerDay))
}

/** How many days later `to` is than `from`; negative when it is earlier. */
export function daysBetween(from: Day, to: Day): number {
  return (utcMidnightMs(to) - utcMidnightMs(from)) / msPerDay
}

/** 0 is Sunday, 6 is Saturday. */
export function weekday(of: Day): Weekday {
  return new Date(utcMidnightMs(of)).getUTCDay() as Weekday
}

/** For sort(): earlier days first. */
export function compareDays(a: Day, b: Day): -1 | 0 | 1 {
  if (a === b) return 0
  return a < b ? -1 : 1
}

export function yearOf(of: Day): number {
  return Number(of.slice(0, 4))
}

export function daysOfYear(year: number): 365 | 366 {
  return isLeapYear(year) ? 366 : 365
}

export function monthOf(of: Day): number {
  return Number(of.slice(5, 7))
}

export function dayOfMonthOf(of: Day): number {
  return Number(of.slice(8, 10))
}

export function dayInJst(now: Date): Day {
  return dayOfUtc(jstAsUtc(now))
}

export function timeInJst(now: Date): TimeOfDay {
  const jst = jstAsUtc(now)
  return { hour: jst.getUTCHours(), minute: jst.getUTCMinutes(), second: jst.getUTCSeconds() }
}

export function hourInJst(now: Date): number {
  return timeInJst(now).hour
}

/** The instant a clock in Japan shows that day and time. Hour 24 is the midnight that ends the day. */
export function instantOfJst(on: Day, hour: number, minute = 0, second = 0): Date {
  assert(isBetween(hour, 0, 24) && isBetween(minute, 0, 59) && isBetween(second, 0, 59), 'a time of day')
  return new Date(utcMidnightMs(on) - jstOffsetMs + ((hour * 60 + minute) * 60 + second) * 1000)
}

/** '2026-11-25T10:00:00+09:00', cut to whole seconds. */
export function toRfc3339Jst(instant: Date): string {
  return `${jstAsUtc(instant).toISOString().slice(0, 19)}+09:00`
}

/** '11月24日（火）' */
export function japaneseDay(of: Day): string {
  return `${monthOf(of)}月${dayOfMonthOf(of)}日（${weekdayNames[weekday(of)]}）`
}

/** '11月24日（火曜日）', for screen readers: they read （火） as fire. */
export function japaneseDayAccessible(of: Day): string {
  return `${monthOf(of)}月${dayOfMonthOf(of)}日（${weekdayNames[weekday(of)]}曜日）`
}

/** '1998年（平成10年）1月1日'; the first year of an era is 元年; days before 大正 go without an era. */
export function japaneseDayWithEra(of: Day): string {
  const era = eraYearOf(of)
  const inEra = era ? `（${era.name}${era.year === 1 ? '元' : era.year}年）` : ''
  return `${yearOf(of)}年${inEra}${monthOf(of)}月${dayOfMonthOf(of)}日`
}

/** '15時42分', in Japan. */
export function japaneseTime(instant: Date): string {
  const { hour, minute } = timeInJst(instant)
  return `${hour}時${minute}分`
}

/**
 * The day of a Zengin MMDD, which has no year: the latest such day that is not after the day the file was received.
 * 0229 is the 29th of the latest leap year, never 1 March. Undefined when no year has that day.
 */
export function resolveMonthDay(mmdd: string, received: Day): Day | undefined {
  const parts = /^(\d{2})(\d{2})$/.exec(mmdd)
  if (!parts) return undefined
  for (let back = 0; back <= yearsBetweenLeapDaysMax; back++) {
    const candidate = dayOf(yearOf(received) - back, Number(parts[1]), Number(parts[2]))
    if (candidate && candidate <= received) return candidate
  }
  return undefined
}

/**
 * The day of a Zengin YYMMDD, whose year is one of an era that is not named: 080528 is 令和8年, 2026-05-28. The latest
 * such day that is not after the day the file was received; undefined when there is none, or only one of long ago.
 */
export function resolveEraDay(yymmdd: string, received: Day): Day | undefined {
  const parts = /^(\d{2})(\d{2})(\d{2})$/.exec(yymmdd)
  if (!parts) return undefined
  return yearsOfUnnamedEra(Number(parts[1]))
    .filter((year) => year >= yearOf(received) - eraDayYearsMax)
    .map((year) => dayOf(year, Number(parts[2]), Number(parts[3])))
    .find((candidate) => candidate !== undefined && candidate <= received)
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}

function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
}

function utcMidnightMs(of: Day): number {
  return Date.parse(`${of}T00:00:00Z`)
}

function jstAsUtc(instant: Date): Date {
  return new Date(instant.getTime() + jstOffsetMs)
}

function dayOfUtc(instant: Date): Day {
  const known = dayOf(instant.getUTCFullYear(), instant.getUTCMonth() + 1, instant.getUTCDate())
  assert(known !== undefined, 'days stay within the years 0001 to 9999')
  return known
}

function isBetween(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most
}

function digits(value: number, width: number): string {
  return String(value).padStart(width, '0')
}
