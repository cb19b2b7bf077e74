import type { Db } from '#platform/database/database'

export type Customer = { readonly id: string; readonly customerNumber: string; readonly phoneValue: Buffer }

/**
 * The customer of that 顧客番号: as written, and if nobody has it so, without leading zeros, which many senders fill in.
 * Two who differ only in leading zeros are both returned; the caller refuses to guess.
 */
export async function listCustomersByNumber(db: Db, customerNumber: string): Promise<readonly Customer[]> {
  const typed = customerNumber.trim()
  const rows = await db
    .selectFrom('customers')
    .select(['id', 'customer_number', 'phone_value'])
    .where('customer_number_bare', '=', bareNumber(typed))
    .orderBy('customer_number')
    .execute()
  const found = rows.map((row) => ({ id: row.id, customerNumber: row.customer_number, phoneValue: row.phone_value }))
  const exact = found.filter((customer) => customer.customerNumber === typed)
  return exact.length > 0 ? exact : found
}

/** Maybe one: nobody, or more than one that leading zeros do not tell apart, is undefined. */
export async function findCustomerByNumber(db: Db, customerNumber: string): Promise<Customer | undefined> {
  const [first, ...others] = await listCustomersByNumber(db, customerNumber)
  return others.length === 0 ? first : undefined
}

/** By customer id. */
export async function listCustomerNumbers(
  db: Db,
  customerIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (customerIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('customers')
    .select(['id', 'customer_number'])
    .where('id', 'in', [...customerIds])
    .execute()
  return new Map(rows.map((row) => [row.id, row.customer_number]))
}

/** Without leading zeros; a number of zeros alone keeps one. */
export function bareNumber(customerNumber: string): string {
  return customerNumber.replace(/^0+(?=.)/, '')
}
