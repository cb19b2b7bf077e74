import { type Day, dayOf, yearOf } from './day.ts'
import { eraNamed, yearOfEra } from './era.ts'
import { compact, dashes } from './typed-text.ts'

export type TypedBirthDate =
  | { readonly kind: 'birth-date'; readonly day: Day }
  | { readonly kind: 'missing' | 'malformed' | 'month' | 'day' | 'year' | 'no-such-day' | 'future' }

type Parts = { readonly year: number | undefined; readonly month: number; readonly dayOfMonth: number }

/** The longest human life on record is 122 years; an earlier year is a slip of the finger. */
const ageYearsMax = 130

/** 19980101 · 1998-1-1 (every separator has become a hyphen by then) */
const western = [/^(\d{4})(\d{2})(\d{2})$/, /^(\d{4})-(\d{1,2})-(\d{1,2})$/]

/** H100101 · 平成10-1-1 */
const japanese = [/^([^\d-]{1,2})(\d{2})(\d{2})(\d{2})$/, /^([^\d-]{1,2})(元|\d{1,2})-(\d{1,2})-(\d{1,2})$/]

/** A birth date as people write it. `today` is the day in Japan. */
export function parseBirthDate(text: string, today: Day): TypedBirthDate {
  const typed = withHyphens(compact(text))
  if (typed === '') return { kind: 'missing' }
  const parts = westernParts(typed) ?? japaneseParts(typed)
  if (!parts) return { kind: 'malformed' }
  return judge(parts, today)
}

function judge({ year, month, dayOfMonth }: Parts, today: Day): TypedBirthDate {
  if (month < 1 || month > 12) return { kind: 'month' }
  if (dayOfMonth < 1 || dayOfMonth > 31) return { kind: 'day' }
  if (year === undefined || year < yearOf(today) - ageYearsMax) return { kind: 'year' }
  const born = dayOf(year, month, dayOfMonth)
  if (!born) return { kind: 'no-such-day' }
  return born > today ? { kind: 'future' } : { kind: 'birth-date', day: born }
}

/** 1998年1月1日, 1998/1/1, 1998.1.1 and every dash → 1998-1-1 */
function withHyphens(typed: string): string {
  return typed
    .replace(dashes, '-')
    .replace(/[年月/.]/g, '-')
    .replace(/日$/, '')
}

function westernParts(typed: string): Parts | undefined {
  const [, year, month, dayOfMonth] = firstMatch(western, typed) ?? []
  if (year === undefined) return undefined
  return { year: Number(year), month: Number(month), dayOfMonth: Number(dayOfMonth) }
}

function japaneseParts(typed: string): Parts | undefined {
  const [, era, year, month, dayOfMonth] = firstMatch(japanese, typed) ?? []
  const name = era === undefined ? undefined : eraNamed(era)
  if (name === undefined) return undefined
  const yearInEra = year === '元' ? 1 : Number(year)
  return { year: yearOfEra(name, yearInEra), month: Number(month), dayOfMonth: Number(dayOfMonth) }
}

function firstMatch(patterns: readonly RegExp[], typed: string): RegExpExecArray | undefined {
  for (const pattern of patterns) {
    const match = pattern.exec(typed)
    if (match) return match
  }
  return undefined
}
