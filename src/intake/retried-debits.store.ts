import type { RedebitDay } from '#payments'
import { sql, type Transaction } from '#platform/database/database'
import { bare, type Matching } from './match-debits.store.ts'

/**
 * The bills that the requests for this file's days may have held, by the creditor's calendar of re-debits: those that are
 * open, and those for which money came another way since they were last tried. On other days there are none, and a debit
 * is a new one.
 */
export async function collectRetriedBills(
  tx: Transaction,
  { importId }: Matching,
  calendar: readonly RedebitDay[],
): Promise<void> {
  await sql`
    create temp table retried_bills on commit drop as
    with calendar as materialized (
      select * from jsonb_to_recordset(${JSON.stringify(calendar)}::jsonb) as d (day date, "cutOff" date, products text[])
    ),
    tried as materialized (
      select b.customer_id, b.id as bill_id, b.due_day, b.principal + b.fee as amount, ${bare(sql`b.debit_number`)} as bare,
        d.day, e.on_day as settled_on
      from bills b
      left join contracts k on k.customer_id = b.customer_id and k.id = b.contract_id
      left join bill_endings e on e.customer_id = b.customer_id and e.bill_id = b.id
      join calendar d on b.due_day < d.day and b.due_day <= d."cutOff"
        and coalesce(coalesce(k.product, b.product) = any(d.products), true)
      where e.how is distinct from 'withdrawn' and exists (select from debit_headers where import_id = ${importId}::uuid)
    )
    select t.* from tried t
    where t.day in (select h.debit_day from debit_headers h where h.import_id = ${importId}::uuid)
      and not exists (
        select from tried p where p.customer_id = t.customer_id and p.bill_id = t.bill_id and p.day < t.day
          and t.settled_on <= p.day
      )`.execute(tx)
  await sql`analyze retried_bills`.execute(tx)
}

/** Money of a re-debit for a bill that was paid another way in the meantime: it came twice, and belongs to the customer. */
export async function matchPaidTwice(tx: Transaction, { importId, paidCodes }: Matching): Promise<void> {
  await sql`
    create temp table paid_twice on commit drop as
    with closed as (
      select *, row_number() over (partition by bare, amount, day order by due_day, bill_id) as nth
      from retried_bills where settled_on is not null
    ),
    paid as (
      select s.record, s.bare, s.amount, h.debit_day as day,
        row_number() over (partition by s.bare, s.amount, h.debit_day order by s.record) as nth
      from staged_debits s
      join debit_headers h on h.import_id = ${importId}::uuid and h.number = s.header
      where s.code = any(${paidCodes}::text[]) and s.bare in (select bare from closed)
        and s.record not in (select record from settling_debits where outcome in ('settled', 'settles-unclear'))
    )
    select p.record, p.amount, c.customer_id, c.bill_id, p.day as on_day, 'paid-twice' as outcome
    from paid p join closed c using (bare, amount, day, nth)`.execute(tx)
  await sql`delete from settling_debits where record in (select record from paid_twice)`.execute(tx)
  await sql`
    insert into settling_debits (record, amount, customer_id, bill_id, on_day, outcome)
    select record, amount, customer_id, bill_id, on_day, outcome from paid_twice`.execute(tx)
}

/** A bill whose debit fails once more is the same bill, also when it was paid another way: nobody is billed twice. */
export async function markFailedAgain(tx: Transaction, { importId }: Matching): Promise<void> {
  await sql`
    with tried as (
      select r.*, row_number() over (
        partition by customer_id, bare, amount, day order by settled_on nulls first, due_day, bill_id) as nth
      from retried_bills r
      where bill_id not in (
        select bill_id from settling_debits where outcome in ('settled', 'paid-twice') and bill_id is not null)
    ),
    failed as (
      select f.record, f.customer_id, ${bare(sql`btrim(f.came)`)} as bare, f.amount, h.debit_day as day,
        row_number() over (
          partition by f.customer_id, ${bare(sql`btrim(f.came)`)}, f.amount, h.debit_day order by f.record) as nth
      from failed_debits f
      join debit_headers h on h.import_id = ${importId}::uuid and h.number = f.header
      where f.outcome = 'billed' and f.customer_id in (select customer_id from tried)
    )
    update failed_debits d set outcome = 'failed-again'
    from failed join tried using (customer_id, bare, amount, day, nth)
    where d.record = failed.record`.execute(tx)
}
