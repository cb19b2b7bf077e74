import { type Db, sql } from '#platform/database/database'
import { bareNumber } from './customer.store.ts'
import type { SearchValue } from './index-value.rules.ts'

/** Everything that may lead to a customer. What is found by any of it is found. */
export type SearchTerms = {
  /** 顧客番号 or 契約番号, as they may be written. */
  readonly numbers: readonly string[]
  /** Names and phones, as the index has them. */
  readonly values: readonly SearchValue[]
}

/**
 * The customers found by these terms, after `after` in the order of their ids: oldest customers first. Every branch reads
 * one range of one index and no more than a page of it, so that a name which ten thousand share costs what a rare one does.
 */
export async function searchCustomers(
  db: Db,
  { numbers, values }: SearchTerms,
  { after, limit }: { readonly after: string | undefined; readonly limit: number },
): Promise<readonly string[]> {
  const from = after ?? '00000000-0000-0000-0000-000000000000'
  const branches = [
    ...numbers.map(
      (number) => sql`
        select id from customers
        where customer_number_bare = ${bareNumber(number)} and id > ${from}::uuid order by id limit ${limit}`,
    ),
    ...numbers.map(
      (number) =>
        sql`select customer_id as id from contracts where contract_number = ${number} and customer_id > ${from}::uuid`,
    ),
    ...values.map(
      ({ label, value }) => sql`
        select customer_id as id from customer_search
        where label = ${label} and value = ${value} and customer_id > ${from}::uuid order by customer_id limit ${limit}`,
    ),
  ]
  if (branches.length === 0) return []
  const { rows } = await sql<{ id: string }>`
    select distinct id from (${sql.join(
      branches.map((branch) => sql`(${branch})`),
      sql` union all `,
    )}) as found
    order by id limit ${limit}`.execute(db)
  return rows.map(({ id }) => id)
}

/** A page holds no more of those who share a number. */
const sharersMax = 20

/** Whoever has this number on file. */
export async function listCustomersByPhoneValue(db: Db, phoneValue: Buffer): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('customers')
    .select('id')
    .where('phone_value', '=', phoneValue)
    .orderBy('id')
    .limit(sharersMax)
    .execute()
  return rows.map(({ id }) => id)
}
