import type { Policies } from '#creditor'
import { parseBirthDate, type TypedBirthDate } from '#values/birth-date'
import type { Day } from '#values/day'
import { parseKanaName } from '#values/kana'
import { type MobileRules, type Phone, parseMobile } from '#values/phone'

export type TypedIdentity = {
  readonly family: string
  readonly given: string
  readonly birthDate: string
  readonly phone: string
}

export type IdentityFault =
  | 'family-missing'
  | 'family-not-kana'
  | 'given-missing'
  | 'given-not-kana'
  | `birth-${Exclude<TypedBirthDate['kind'], 'birth-date'>}`
  | 'phone-digits'
  | 'phone-not-mobile'

export type IdentityField = keyof TypedIdentity

export type IdentityForm =
  | {
      readonly kind: 'well-formed'
      readonly family: string
      readonly given: string
      readonly birthDate: Day
      readonly phone: Phone
    }
  | { readonly kind: 'faulty'; readonly faults: ReadonlyMap<IdentityField, IdentityFault> }

/** The longest kana name in any master is far shorter; what is longer is no name. */
const nameSignsMax = 60

/** Fewer kana than this are one name, not both: ジャックス has five. */
const wholeNameSignsMin = 6

/** Is it a name, a birth date and a mobile number, however they are written? Whose, is not asked here. */
export function readIdentityForm(typed: TypedIdentity, rules: MobileRules, today: Day): IdentityForm {
  const names = readNames(typed.family, typed.given)
  const born = parseBirthDate(typed.birthDate, today)
  const mobile = parseMobile(typed.phone, rules)
  const faults = new Map<IdentityField, IdentityFault>(names.faults)
  if (born.kind !== 'birth-date') faults.set('birthDate', `birth-${born.kind}`)
  if (mobile.kind !== 'mobile') faults.set('phone', mobile.kind === 'not-mobile' ? 'phone-not-mobile' : 'phone-digits')
  if (faults.size > 0 || born.kind !== 'birth-date' || mobile.kind !== 'mobile') return { kind: 'faulty', faults }
  const { family, given } = names
  return { kind: 'well-formed', family, given, birthDate: born.day, phone: mobile.phone }
}

export const mobileRules = (policies: Policies, isDemo: boolean): MobileRules => ({
  prefixes: policies.identity.mobilePrefixes,
  allowDemo0900: isDemo,
})

type Names = {
  readonly family: string
  readonly given: string
  readonly faults: readonly (readonly [IdentityField, IdentityFault])[]
}

/** Both names, each in its box, or the whole name in either. */
function readNames(family: string, given: string): Names {
  const names = { family: readName(family), given: readName(given) }
  const faults: (readonly [IdentityField, IdentityFault])[] = []
  for (const field of ['family', 'given'] as const) {
    const name = names[field]
    const other = field === 'family' ? given : family
    if (name === 'not-kana') faults.push([field, `${field}-not-kana`])
    if (name === 'missing' && !isWholeName(other)) faults.push([field, `${field}-missing`])
  }
  return { family: kanaOf(names.family), given: kanaOf(names.given), faults }
}

type Name = { readonly kana: string } | 'missing' | 'not-kana'

function readName(typed: string): Name {
  if (typed.trim() === '') return 'missing'
  const kana = typed.length <= nameSignsMax ? parseKanaName(typed) : undefined
  return kana === undefined ? 'not-kana' : { kana }
}

function isWholeName(typed: string): boolean {
  return /\S\s+\S/.test(typed) || (parseKanaName(typed) ?? '').length >= wholeNameSignsMin
}

function kanaOf(name: Name): string {
  return typeof name === 'object' ? name.kana : ''
}
