import { type Db, sql } from '#platform/database/database'

/**
 * Gives the next positions to up to `limit` committed versions that have none yet, oldest first; tells how many. A
 * version never comes before one that it supersedes, should the clocks of two nodes differ.
 */
export const numberWaiting = async (tx: Db, limit: number): Promise<number> => {
  const { rows } = await sql`
    with waiting as (
      select v.customer_id, v.answer_id, v.version, max(v.answered_at) over (
        partition by v.customer_id, v.answer_id order by v.version rows unbounded preceding) as reached
      from answer_feed_waiting w
      join answer_versions v using (customer_id, answer_id, version)
    ), numbered as (
      select customer_id, answer_id, version, row_number() over (order by reached, answer_id, version) as nth
      from waiting order by nth limit ${limit}
    ), placed as (
      insert into answer_feed (position, customer_id, answer_id, version)
      select coalesce((select max(position) from answer_feed), 0) + nth, customer_id, answer_id, version from numbered
      returning customer_id, answer_id, version
    )
    delete from answer_feed_waiting w using placed p
    where w.customer_id = p.customer_id and w.answer_id = p.answer_id and w.version = p.version
    returning w.version`.execute(tx)
  return rows.length
}

export type FeedRow = {
  readonly cursor: number
  readonly answerId: string
  readonly version: number
  readonly customerNumber: string
  readonly contractNumbers: readonly string[]
  readonly kind: string
  readonly promisedDay: string | null
  readonly answeredAt: Date
  readonly receiptNumber: string
}

/** The versions behind `after`, in the order of the feed. */
export const listFeed = async (db: Db, after: number, limit: number): Promise<readonly FeedRow[]> => {
  const { rows } = await sql<FeedRow>`
    select f.position as cursor, f.answer_id as "answerId", f.version, c.customer_number as "customerNumber",
      coalesce(
        (select array_agg(distinct k.contract_number order by k.contract_number)
         from answer_bills a
         join bills b on b.customer_id = a.customer_id and b.id = a.bill_id
         join contracts k on k.customer_id = b.customer_id and k.id = b.contract_id
         where a.customer_id = f.customer_id and a.answer_id = f.answer_id and a.version = f.version),
        '{}') as "contractNumbers",
      v.kind, v.promised_day as "promisedDay", v.answered_at as "answeredAt", v.receipt_number as "receiptNumber"
    from answer_feed f
    join answer_versions v using (customer_id, answer_id, version)
    join customers c on c.id = f.customer_id
    where f.position > ${after}
    order by f.position
    limit ${limit}`.execute(db)
  return rows
}
