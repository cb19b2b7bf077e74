import type { Vault } from '#platform/vault/vault'
import type { Day } from '#values/day'
import { type AlternateReadings, type FoldedKana, foldKana, nameKeysHeld, nameKeysTyped } from '#values/kana'
import { domestic, type Phone } from '#values/phone'
import type { Person } from './person.rules.ts'

export const searchLabels = ['family', 'given', 'full-name', 'phone', 'phone-last4'] as const

export type SearchLabel = (typeof searchLabels)[number]

export type SearchValue = { readonly label: SearchLabel; readonly value: Buffer }

/** The one value somebody is looked up by who typed this. */
export function identityValueTyped(vault: Vault, { family, given, birthDate }: Person, phone: Phone): Buffer {
  return identityValue(vault, phone, birthDate, nameKeysTyped(family, given))
}

/** Every value a customer is found by: both orders of the name, and the readings switched on. */
export function identityValuesHeld(
  vault: Vault,
  { family, given, birthDate }: Person,
  phone: Phone,
  readings: AlternateReadings,
): readonly Buffer[] {
  return nameKeysHeld(family, given, readings).map((name) => identityValue(vault, phone, birthDate, name))
}

/** What is counted per phone: the outbox, the caps and the identity check compare it, nobody can read it. */
export function phoneValue(vault: Vault, phone: Phone): Buffer {
  return vault.blindIndex('phone', phone)
}

/** What an operator's search compares with. */
export function searchValue(vault: Vault, label: SearchLabel, text: string): Buffer {
  return vault.blindIndex(`search.${label}`, label.startsWith('phone') ? text : foldKana(text))
}

export function searchValuesHeld(vault: Vault, { family, given }: Person, phone: Phone): readonly SearchValue[] {
  const texts: Record<SearchLabel, string> = {
    family,
    given,
    'full-name': family + given,
    phone,
    'phone-last4': domestic(phone).slice(-4),
  }
  return searchLabels.map((label) => ({ label, value: searchValue(vault, label, texts[label]) }))
}

function identityValue(vault: Vault, phone: Phone, birthDate: Day, name: FoldedKana): Buffer {
  return vault.blindIndex('identity', `${phone}|${birthDate}|${name}`)
}
