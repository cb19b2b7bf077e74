import { listOpenBills, type OpenBill, totalOn } from '#bills'
import type { Creditor } from '#creditor'
import { type Db, sql } from '#platform/database/database'
import type { Day } from '#values/day'

/** What a customer's payment is likely to come to. */
export type OwedFacts = {
  readonly bills: readonly OpenBill[]
  /** The sums of the promises that are waited for. */
  readonly promised: readonly number[]
  readonly products: Creditor['products']
}

/** By customer id. */
export const listOwedFacts = async (
  db: Db,
  { products }: Creditor,
  customerIds: readonly string[],
): Promise<ReadonlyMap<string, OwedFacts>> => {
  if (customerIds.length === 0) return new Map()
  const bills = Map.groupBy(await listOpenBills(db, customerIds, products), ({ customerId }) => customerId)
  const promised = Map.groupBy(await listPromisedSums(db, customerIds), ({ customerId }) => customerId)
  return new Map(
    customerIds.map((id) => [
      id,
      { bills: bills.get(id) ?? [], promised: (promised.get(id) ?? []).map(({ sum }) => sum), products },
    ]),
  )
}

/** What the deposit is equal to on its day; only bills that were due by then can have been meant. */
export const equalAmount = (
  { amount, onDay }: { readonly amount: number; readonly onDay: Day },
  owed: OwedFacts | undefined,
): 'total' | 'bill' | 'promised' | undefined => {
  if (owed === undefined) return undefined
  const due = owed.bills.filter((bill) => bill.dueDay <= onDay)
  if (due.length > 0 && totalOn(due, owed.products, onDay) === amount) return 'total'
  if (due.some((bill) => totalOn([bill], owed.products, onDay) === amount)) return 'bill'
  return owed.promised.includes(amount) ? 'promised' : undefined
}

const listPromisedSums = async (db: Db, customerIds: readonly string[]) => {
  const { rows } = await sql<{ customerId: string; sum: number }>`
    select p.customer_id as "customerId", sum(b.amount)::bigint as sum
    from live_promises p
    join answer_bills b on b.customer_id = p.customer_id and b.answer_id = p.answer_id and b.version = p.version
    where p.customer_id = any(${[...customerIds]}::uuid[])
    group by p.customer_id, p.answer_id`.execute(db)
  return rows
}
