import { type Db, type RawBuilder, sql } from '#platform/database/database'
import type { Day } from '#values/day'

export type BillKey = { readonly customerId: string; readonly billId: string }

/** The day from which the last money counts, and the import that brought it, if one did. */
export type SettledBill = BillKey & { readonly onDay: Day; readonly importId: string | null }

export const settleBills = async (tx: Db, bills: readonly SettledBill[], now: Date): Promise<void> => {
  if (bills.length === 0) return
  await sql`
    insert into bill_endings (customer_id, bill_id, how, on_day, ended_at, import_id)
    select "customerId", "billId", 'settled', "onDay", ${now}::timestamptz, "importId"
    from jsonb_to_recordset(${JSON.stringify(bills)}::jsonb)
      as b ("customerId" uuid, "billId" uuid, "onDay" date, "importId" uuid)`.execute(tx)
}

/** They should never have been: the import that made them was taken back. */
export const withdrawBills = async (tx: Db, bills: readonly BillKey[], onDay: Day, now: Date): Promise<void> => {
  if (bills.length === 0) return
  await sql`
    insert into bill_endings (customer_id, bill_id, how, on_day, ended_at, import_id)
    select b.customer_id, b.id, 'withdrawn', ${onDay}::date, ${now}::timestamptz, b.import_id
    from ${keysOf(bills)} join bills b on b.customer_id = key.customer_id and b.id = key.bill_id`.execute(tx)
}

/**
 * Opens settled bills again, in the customer's open case; who has none gets the latest of their cases back. What was
 * not settled stays as it is.
 */
export const reopenBills = async (tx: Db, bills: readonly BillKey[]): Promise<void> => {
  if (bills.length === 0) return
  await sql`
    delete from bill_endings e using ${keysOf(bills)}
    where e.customer_id = key.customer_id and e.bill_id = key.bill_id and e.how = 'settled'`.execute(tx)
  const reopened = sql`${keysOf(bills)} join open_bills o on o.customer_id = key.customer_id and o.id = key.bill_id`
  await reopenCases(tx, reopened)
  await joinOpenCases(tx, reopened)
}

/**
 * Closes the open cases of these customers that have no open bill: settled when money came for any of theirs, else
 * withdrawn.
 * @returns how many were closed.
 */
export const closeEmptyCases = async (tx: Db, customerIds: readonly string[], now: Date): Promise<number> => {
  const { numAffectedRows } = await sql`
    update cases c set closed_at = ${now}, closed_because = case
      when exists (
        select from bills b join bill_endings e on e.customer_id = b.customer_id and e.bill_id = b.id
        where b.customer_id = c.customer_id and b.case_id = c.id and e.how = 'settled'
      ) then 'settled' else 'withdrawn' end
    where c.closed_at is null
      and c.customer_id = any(${[...customerIds]}::uuid[])
      and exists (select from bills b where b.customer_id = c.customer_id and b.case_id = c.id)
      and not exists (select from open_bills b where b.customer_id = c.customer_id and b.case_id = c.id)
  `.execute(tx)
  return Number(numAffectedRows ?? 0)
}

type Fragment = RawBuilder<unknown>

const keysOf = (bills: readonly BillKey[]): Fragment => {
  const [customerIds, billIds] = [bills.map(({ customerId }) => customerId), bills.map(({ billId }) => billId)]
  return sql`unnest(${customerIds}::uuid[], ${billIds}::uuid[]) as key (customer_id, bill_id)`
}

/** A customer has one open case, and all their open bills are in it. */
const joinOpenCases = async (tx: Db, bills: Fragment): Promise<void> => {
  await sql`
    update bills b set case_id = k.id
    from (select o.customer_id, o.id from ${bills}) n, cases k
    where b.customer_id = n.customer_id and b.id = n.id and k.customer_id = b.customer_id
      and k.closed_at is null and k.id <> b.case_id`.execute(tx)
}

/** The latest of the cases that these bills are in, for customers without an open one. */
const reopenCases = async (tx: Db, bills: Fragment): Promise<void> => {
  await sql`
    update cases k set closed_at = null, closed_because = null
    from (
      select distinct on (o.customer_id) o.customer_id, o.case_id from ${bills} order by o.customer_id, o.case_id desc
    ) latest
    where k.customer_id = latest.customer_id and k.id = latest.case_id and k.closed_at is not null
      and not exists (select from cases c where c.customer_id = k.customer_id and c.closed_at is null)`.execute(tx)
}
