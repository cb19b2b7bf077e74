import type { Vault } from '#platform/vault/vault'
import type { AlternateReadings } from '#values/kana'
import type { Phone } from '#values/phone'
import { identityValuesHeld, phoneValue, type SearchValue, searchValuesHeld } from './index-value.rules.ts'
import { type Person, personPlace, phonePlace, writePerson } from './person.rules.ts'

export type PlainCustomer = Person & {
  readonly id: string
  readonly phone: Phone
  /** The customer's key as it is stored; a customer who is new has none and gets one. */
  readonly dataKey?: Uint8Array
}

export type SealedCustomer = {
  /** Columns of `customers`. */
  readonly columns: {
    readonly data_key: Buffer
    readonly person: Buffer
    readonly mobile_number: Buffer
    readonly phone_value: Buffer
  }
  /** Rows of `identity_index`. */
  readonly identityValues: readonly Buffer[]
  /** Rows of `customer_search`. */
  readonly searchValues: readonly SearchValue[]
}

/** Everything the database holds about one person, none of it readable without the keys. No I/O: imports seal millions. */
export function sealCustomer(vault: Vault, customer: PlainCustomer, readings: AlternateReadings): SealedCustomer {
  const { wrapped, key } = keyOf(vault, customer)
  return {
    columns: {
      data_key: wrapped,
      person: key.seal(personPlace(customer.id), writePerson(customer)),
      mobile_number: key.seal(phonePlace(customer.id), customer.phone),
      phone_value: phoneValue(vault, customer.phone),
    },
    identityValues: identityValuesHeld(vault, customer, customer.phone, readings),
    searchValues: searchValuesHeld(vault, customer, customer.phone),
  }
}

function keyOf(vault: Vault, { id, dataKey }: PlainCustomer): ReturnType<Vault['newCustomerKey']> {
  if (dataKey === undefined) return vault.newCustomerKey(id)
  return { wrapped: Buffer.from(dataKey), key: vault.customerKey(id, dataKey) }
}
