import { type Db, sql, type Transaction } from '#platform/database/database'
import type { Day } from '#values/day'

/** Whether a notice was handed to a carrier, or may have been, for a case that this import's bills are in. */
export async function hasNoticeLeft(db: Db, importId: string): Promise<boolean> {
  const { rows } = await sql<{ left: boolean }>`
    select exists (
      select from bills b
      join imports i on i.id = b.import_id
      join message_states m on m.customer_id = b.customer_id and m.case_id = b.case_id and m.class = 'notice'
        and m.sent_at >= i.imported_at
      where b.import_id = ${importId}
    ) as left`.execute(db)
  return rows[0]?.left === true
}

/** Ends the import's bills that are still open: they should never have been. */
export async function withdrawBills(tx: Transaction, importId: string, now: Date, today: Day): Promise<number> {
  const { numAffectedRows } = await sql`
    insert into bill_endings (customer_id, bill_id, how, on_day, ended_at, import_id)
    select customer_id, id, 'withdrawn', ${today}::date, ${now}::timestamptz, import_id
    from open_bills where import_id = ${importId}`.execute(tx)
  return Number(numAffectedRows ?? 0)
}

/** Customers who have answered in a case of which nothing is left: what they promised is void. */
export async function listPromisersOf(db: Db, importId: string): Promise<readonly string[]> {
  const { rows } = await sql<{ customer_id: string }>`
    select distinct a.customer_id
    from bills b join answers a on a.customer_id = b.customer_id and a.case_id = b.case_id
    where b.import_id = ${importId}
      and not exists (select from open_bills o where o.customer_id = b.customer_id and o.case_id = b.case_id)`.execute(
    db,
  )
  return rows.map((row) => row.customer_id)
}

/** Closes the cases of the import's bills that have nothing open any more. */
export async function closeWithdrawnCases(tx: Transaction, importId: string, now: Date): Promise<void> {
  await sql`
    update cases k set closed_at = ${now}::timestamptz,
      closed_because = case when exists (
        select from bills b join bill_endings e on e.customer_id = b.customer_id and e.bill_id = b.id
        where b.customer_id = k.customer_id and b.case_id = k.id and e.how = 'settled'
      ) then 'settled' else 'withdrawn' end
    where k.closed_at is null
      and exists (
        select from bills b
        where b.customer_id = k.customer_id and b.case_id = k.id and b.import_id = ${importId}
      )
      and not exists (select from open_bills b where b.customer_id = k.customer_id and b.case_id = k.id)`.execute(tx)
}
