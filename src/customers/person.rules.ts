import type { Place } from '#platform/vault/vault'
import { assert } from '#values/assert'
import { type Day, day } from '#values/day'

/** Who a customer is, as the creditor's master has it: the name in full-width katakana as it was written. */
export type Person = { readonly family: string; readonly given: string; readonly birthDate: Day }

export function writePerson({ family, given, birthDate }: Person): string {
  return JSON.stringify([family, given, birthDate])
}

export function readPerson(text: string): Person {
  const [family, given, birthDate]: readonly unknown[] = JSON.parse(text)
  const isWhole = typeof family === 'string' && typeof given === 'string' && typeof birthDate === 'string'
  assert(isWhole, 'a person is three texts')
  return { family, given, birthDate: day(birthDate) }
}

export function personPlace(customerId: string): Place {
  return { table: 'customers', column: 'person', row: customerId }
}

export function phonePlace(customerId: string): Place {
  return { table: 'customers', column: 'mobile_number', row: customerId }
}
