import { type Db, sql } from '#platform/database/database'
import type { ExportedDeposit } from './deposit-row.format.ts'

/** Gives the next positions to up to `limit` committed lines of the ledger that have none yet, oldest first; tells how many. */
export const numberWaitingLines = async (tx: Db, limit: number): Promise<number> => {
  const { rows } = await sql<{ count: number }>`
    with waiting as (
      select customer_id, line_id from ledger_feed_waiting order by line_id, customer_id limit ${limit}
    ), numbered as (
      select customer_id, line_id, row_number() over (order by line_id, customer_id) as nth from waiting
    ), placed as (
      insert into ledger_feed (position, customer_id, line_id, is_settled)
      select coalesce((select max(position) from ledger_feed), 0) + n.nth, n.customer_id, n.line_id,
        case when l.bill_id is not null then e.how is not null and e.how = 'settled' end
      from numbered n
      join ledger_lines l on l.customer_id = n.customer_id and l.id = n.line_id
      left join bill_endings e on e.customer_id = l.customer_id and e.bill_id = l.bill_id
      returning customer_id, line_id
    ), gone as (
      delete from ledger_feed_waiting w using placed p
      where w.line_id = p.line_id and w.customer_id = p.customer_id
      returning w.line_id
    )
    select count(*) as count from gone`.execute(tx)
  return rows[0]?.count ?? 0
}

export type DepositFeedRow = Omit<ExportedDeposit, 'writtenAt'> & { readonly writtenAt: Date }

/** The lines behind `after`, in the order of the feed. */
export const listDepositFeed = async (db: Db, after: number, limit: number): Promise<readonly DepositFeedRow[]> => {
  const { rows } = await sql<DepositFeedRow>`
    select f.position as cursor, l.deposit_id as "depositId", d.channel, d.on_day as "onDay",
      c.customer_number as "customerNumber", k.contract_number as "contractNumber", l.bill_id as "billId",
      b.due_day as "dueDay", l.account, l.fee, l.late_charge as "lateCharge", l.principal, l.amount,
      f.is_settled as "billSettled", l.at as "writtenAt"
    from ledger_feed f
    join ledger_lines l on l.customer_id = f.customer_id and l.id = f.line_id
    join deposits d on d.id = l.deposit_id
    join customers c on c.id = l.customer_id
    left join bills b on b.customer_id = l.customer_id and b.id = l.bill_id
    left join contracts k on k.customer_id = b.customer_id and k.id = b.contract_id
    where f.position > ${after}
    order by f.position
    limit ${limit}`.execute(db)
  return rows
}
