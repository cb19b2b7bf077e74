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

/**
 * Takes back what the import's money had settled. That it had is still told by its records; a promise it had kept is
 * pending again. Answers with the number of bills that are open again.
 */
export async function unsettleBills(tx: Transaction, importId: string, now: Date, today: Day): Promise<number> {
  await reopenPromises(tx, importId)
  const { rows } = await sql<{ customer_id: string; bill_id: string }>`
    delete from bill_endings where import_id = ${importId} and how = 'settled'
    returning customer_id, bill_id`.execute(tx)
  const unsettled = sql`jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (customer_id uuid, bill_id uuid)`
  // Their own import may have been taken back while they were settled.
  const { numAffectedRows } = await sql`
    insert into bill_endings (customer_id, bill_id, how, on_day, ended_at, import_id)
    select b.customer_id, b.id, 'withdrawn', ${today}::date, ${now}::timestamptz, b.import_id
    from ${unsettled}
    join bills b on b.customer_id = r.customer_id and b.id = r.bill_id
    join imports i on i.id = b.import_id and i.ended_at is not null`.execute(tx)
  const bills = sql`${unsettled} join open_bills o on o.customer_id = r.customer_id and o.id = r.bill_id`
  await joinOpenCases(tx, bills)
  await reopenCases(tx, bills)
  await joinOpenCases(tx, bills)
  return rows.length - Number(numAffectedRows ?? 0)
}

/** A promise that was kept with this money is waited for again; its sweep will judge it anew. */
async function reopenPromises(tx: Transaction, importId: string): Promise<void> {
  await sql`
    with reopened as (
      delete from promise_outcomes o
      using answer_bills a, bill_endings e
      where e.import_id = ${importId} and e.how = 'settled' and a.customer_id = e.customer_id and a.bill_id = e.bill_id
        and o.customer_id = a.customer_id and o.answer_id = a.answer_id and o.version = a.version
        and o.outcome = 'kept'
      returning o.customer_id, o.answer_id, o.version
    )
    insert into live_promises (customer_id, answer_id, version, quiet_until)
    select v.customer_id, v.answer_id, v.version, v.quiet_until
    from reopened join answer_versions v using (customer_id, answer_id, version)
    on conflict do nothing`.execute(tx)
}

type Fragment = ReturnType<typeof sql>

/** A customer has one open case, and all their open bills are in it. */
async function joinOpenCases(tx: Transaction, bills: Fragment): Promise<void> {
  await sql`
    update bills b set case_id = k.id
    from (select o.customer_id, o.id from ${bills}) n, cases k
    where b.customer_id = n.customer_id and b.id = n.id and k.customer_id = b.customer_id
      and k.closed_at is null and k.id <> b.case_id`.execute(tx)
}

/** The latest of the cases that these bills are in, for customers without an open one. */
async function reopenCases(tx: Transaction, bills: Fragment): Promise<void> {
  await sql`
    update cases k set closed_at = null, closed_because = null
    from (
      select distinct on (o.customer_id) o.customer_id, o.case_id from ${bills} order by o.customer_id, o.case_id desc
    ) latest
    where k.customer_id = latest.customer_id and k.id = latest.case_id and k.closed_at is not null`.execute(tx)
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
