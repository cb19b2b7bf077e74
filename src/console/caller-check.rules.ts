import type { Person } from '#customers'
import { parseBirthDate } from '#values/birth-date'
import type { Day } from '#values/day'
import { type AlternateReadings, foldKana, nameKeysHeld, parseKanaName } from '#values/kana'
import { type MobileRules, type Phone, parseMobile } from '#values/phone'

export const checkedFields = ['name', 'birthDate', 'phone'] as const
export type CheckedField = (typeof checkedFields)[number]

/** What a caller says. A field that was not asked for is empty. */
export type Said = Readonly<Record<CheckedField, string>>

export type CallerCheck =
  | { readonly kind: 'compared'; readonly asked: readonly CheckedField[]; readonly matched: readonly CheckedField[] }
  /** Nothing was compared: something was not understood. */
  | { readonly kind: 'unclear'; readonly fields: readonly CheckedField[] }

/**
 * Is that what is on file? Only whether: whoever asks does not see what is compared with. What cannot be read as a name, a
 * day or a number is asked for again and not counted as a mismatch.
 */
export const checkCaller = (
  onFile: { readonly person: Person; readonly phone: Phone },
  said: Said,
  rules: { readonly mobile: MobileRules; readonly readings: AlternateReadings },
  today: Day,
): CallerCheck => {
  const asked = checkedFields.filter((field) => said[field].trim() !== '')
  const verdicts = {
    name: nameMatches(onFile.person, said.name, rules.readings),
    birthDate: birthDateMatches(onFile.person, said.birthDate, today),
    phone: phoneMatches(onFile.phone, said.phone, rules.mobile),
  }
  const unclear = asked.filter((field) => verdicts[field] === undefined)
  if (asked.length === 0 || unclear.length > 0)
    return { kind: 'unclear', fields: asked.length === 0 ? ['name'] : unclear }
  return { kind: 'compared', asked, matched: asked.filter((field) => verdicts[field] === true) }
}

/**
 * A birth date has some 30,000 values: somebody at a desk who may ask ten times a day learns nothing, and who asks for
 * sixty callers an hour does not ask callers.
 */
export const checksMax = { ofCustomerPerDay: 10, ofOperatorPerHour: 60 } as const

export const checkLimit = (counts: {
  readonly ofCustomerToday: number
  readonly ofOperatorThisHour: number
}): 'customer' | 'operator' | undefined => {
  if (counts.ofCustomerToday >= checksMax.ofCustomerPerDay) return 'customer'
  return counts.ofOperatorThisHour >= checksMax.ofOperatorPerHour ? 'operator' : undefined
}

/** The whole name in either order, or nothing: a family name alone is no proof. */
const nameMatches = ({ family, given }: Person, said: string, readings: AlternateReadings): boolean | undefined => {
  const name = parseKanaName(said)
  return name === undefined ? undefined : nameKeysHeld(family, given, readings).includes(foldKana(name))
}

const birthDateMatches = ({ birthDate }: Person, said: string, today: Day): boolean | undefined => {
  const read = parseBirthDate(said, today)
  return read.kind === 'birth-date' ? read.day === birthDate : undefined
}

const phoneMatches = (phone: Phone, said: string, rules: MobileRules): boolean | undefined => {
  const read = parseMobile(said, rules)
  return read.kind === 'mobile' ? read.phone === phone : undefined
}
