import { listKnownCustomers } from '#customers'
import { maskId, maskKana } from '#values/mask'
import { maskPhone } from '#values/phone'
import type { ConsoleWorld } from './desk.ts'

/** A customer as lists show them: to be told apart, not to be known. */
export type MaskedCustomer = {
  readonly id: string
  /** 'ジ***** タ*****' */
  readonly name: string
  /** '****0024' */
  readonly number: string
  /** '090-****-1234' */
  readonly phone: string
}

/** By customer id. */
export const listMaskedCustomers = async (
  { db, vault }: Pick<ConsoleWorld, 'db' | 'vault'>,
  customerIds: readonly string[],
): Promise<ReadonlyMap<string, MaskedCustomer>> => {
  const known = await listKnownCustomers(db, vault, [...new Set(customerIds)])
  return new Map(
    known.map(({ id, customerNumber, person, phone }) => [
      id,
      {
        id,
        name: `${maskKana(person.family)} ${maskKana(person.given)}`,
        number: maskId(customerNumber),
        phone: maskPhone(phone),
      },
    ]),
  )
}
