import { type Db, sql } from '#platform/database/database'
import type { Day } from '#values/day'
import type { Yen } from '#values/yen'

export type SurplusRow = {
  readonly depositId: string
  readonly customerId: string
  readonly customerNumber: string
  readonly channel: string
  readonly onDay: Day
  readonly receivedAt: Date
  /** Of the whole deposit. */
  readonly amount: Yen
  readonly surplus: Yen
}

/** Deposits with money left over, by id, which is the order in which they came in. */
export const listSurplusRows = async (
  db: Db,
  after: string | undefined,
  limit: number,
): Promise<readonly SurplusRow[]> => {
  const { rows } = await sql<SurplusRow>`
    with surplus as (
      select deposit_id, customer_id, sum(amount)::bigint as amount
      from ledger_lines
      where account = 'surplus' and ${after === undefined ? sql`true` : sql`deposit_id > ${after}`}
      group by deposit_id, customer_id having sum(amount) > 0
      order by deposit_id limit ${limit}
    )
    select d.id as "depositId", s.customer_id as "customerId", c.customer_number as "customerNumber", d.channel,
      d.on_day as "onDay", d.received_at as "receivedAt", d.amount, s.amount as surplus
    from surplus s join deposits d on d.id = s.deposit_id join customers c on c.id = s.customer_id
    order by d.id`.execute(db)
  return rows
}

/** Whose deposit this is, and what is left over of it. It stays theirs until the transaction ends. */
export const lockSurplusOf = async (
  tx: Db,
  depositId: string,
): Promise<{ readonly customerId: string; readonly surplus: number } | undefined> => {
  const { rows } = await sql<{ customerId: string; surplus: number }>`
    select d.customer_id as "customerId", coalesce((
      select sum(l.amount)::bigint from ledger_lines l
      where l.deposit_id = d.id and l.customer_id = d.customer_id and l.account = 'surplus'
    ), 0) as surplus
    from deposits d where d.id = ${depositId} and d.customer_id is not null
    for no key update of d`.execute(tx)
  return rows[0]
}
