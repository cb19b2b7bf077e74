import { type Db, sql } from '#platform/database/database'
import type { CustomerKey, Vault } from '#platform/vault/vault'
import { assert } from '#values/assert'
import { type Phone, phone } from '#values/phone'
import { type Person, personPlace, phonePlace, readPerson } from './person.rules.ts'

/** Name and birth date in clear. Reading them for an operator is an act with a reason; the caller audits it. */
export async function getPerson(db: Db, vault: Vault, customerId: string): Promise<Person> {
  const row = await db
    .selectFrom('customers')
    .select(['data_key', 'person'])
    .where('id', '=', customerId)
    .executeTakeFirst()
  assert(row !== undefined, 'a person is read whose customer exists')
  const plain = vault.customerKey(customerId, row.data_key).open(personPlace(customerId), row.person)
  return readPerson(plain.toString())
}

/** The number on file: the only one an SMS ever goes to. */
export async function getPhone(db: Db, vault: Vault, customerId: string): Promise<Phone> {
  const found = (await listPhones(db, vault, [customerId])).get(customerId)
  assert(found !== undefined, 'a phone is read whose customer exists')
  return found
}

/** By customer id. */
export async function listPhones(
  db: Db,
  vault: Vault,
  customerIds: readonly string[],
): Promise<ReadonlyMap<string, Phone>> {
  if (customerIds.length === 0) return new Map()
  const { rows } = await sql<{ id: string; data_key: Buffer; mobile_number: Buffer }>`
    select id, data_key, mobile_number from customers where id = any(${[...customerIds]}::uuid[])`.execute(db)
  return new Map(
    rows.map(({ id, data_key, mobile_number }) => {
      const plain = vault.customerKey(id, data_key).open(phonePlace(id), mobile_number)
      return [id, phone(plain.toString())]
    }),
  )
}

/** What is sealed with it is about this customer and nobody else. */
export async function getCustomerKey(db: Db, vault: Vault, customerId: string): Promise<CustomerKey> {
  const row = await db.selectFrom('customers').select('data_key').where('id', '=', customerId).executeTakeFirst()
  assert(row !== undefined, 'a key is asked for whose customer exists')
  return vault.customerKey(customerId, row.data_key)
}

/** A customer as a list or a page of the console has it, in clear: whoever shows it masks it. */
export type KnownCustomer = {
  readonly id: string
  readonly customerNumber: string
  readonly person: Person
  readonly phone: Phone
  readonly phoneValue: Buffer
}

/** Those of these customers who exist, in the order asked. */
export async function listKnownCustomers(
  db: Db,
  vault: Vault,
  customerIds: readonly string[],
): Promise<readonly KnownCustomer[]> {
  if (customerIds.length === 0) return []
  const rows = await db
    .selectFrom('customers')
    .select(['id', 'customer_number', 'data_key', 'person', 'mobile_number', 'phone_value'])
    .where('id', 'in', [...customerIds])
    .execute()
  const known = new Map(
    rows.map((row): readonly [string, KnownCustomer] => {
      const key = vault.customerKey(row.id, row.data_key)
      return [
        row.id,
        {
          id: row.id,
          customerNumber: row.customer_number,
          person: readPerson(key.open(personPlace(row.id), row.person).toString()),
          phone: phone(key.open(phonePlace(row.id), row.mobile_number).toString()),
          phoneValue: row.phone_value,
        },
      ]
    }),
  )
  return customerIds.flatMap((id) => known.get(id) ?? [])
}
