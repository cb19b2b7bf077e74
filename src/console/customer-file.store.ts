import { type Db, sql } from '#platform/database/database'
import type { Day } from '#values/day'

/** A case as a header needs it: the open one, or else the one that was closed last. */
export type CaseHead = {
  readonly id: string
  readonly openedAt: Date
  readonly closedAt: Date | null
  readonly closedBecause: 'settled' | 'withdrawn' | null
}

export const findLatestCase = async (db: Db, customerId: string): Promise<CaseHead | undefined> => {
  const { rows } = await sql<CaseHead>`
    select id, opened_at as "openedAt", closed_at as "closedAt", closed_because as "closedBecause" from cases
    where customer_id = ${customerId} order by closed_at desc nulls first, id desc limit 1`.execute(db)
  return rows[0]
}

/** The latest cases of these customers and what holds them, for a list of results. */
export type ListedCase = {
  readonly customerId: string
  readonly openedAt: Date | null
  readonly closedAt: Date | null
  readonly closedBecause: 'settled' | 'withdrawn' | null
  readonly holds: readonly string[]
  readonly promisedDay: Day | null
  readonly contractNumbers: readonly string[]
}

export const listCasesOf = async (db: Db, customerIds: readonly string[]): Promise<ReadonlyMap<string, ListedCase>> => {
  const { rows } = await sql<ListedCase>`
    select o.id as "customerId", c.opened_at as "openedAt", c.closed_at as "closedAt", c.closed_because as "closedBecause",
      array(select h.reason from active_holds h where h.customer_id = o.id order by h.id) as holds,
      (
        select v.promised_day from live_promises l
        join answer_versions v on v.customer_id = l.customer_id and v.answer_id = l.answer_id and v.version = l.version
        where l.customer_id = o.id order by v.promised_day desc limit 1
      ) as "promisedDay",
      array(select k.contract_number from contracts k where k.customer_id = o.id order by k.contract_number limit 4)
        as "contractNumbers"
    from unnest(${[...customerIds]}::uuid[]) as o (id)
    left join lateral (
      select * from cases k where k.customer_id = o.id order by k.closed_at desc nulls first, k.id desc limit 1
    ) c on true`.execute(db)
  return new Map(rows.map((row) => [row.customerId, row]))
}

/** What the bank answered to a re-debit of this customer, the latest first. */
export type RedebitResult = { readonly day: Day; readonly resultCode: string; readonly amount: number }

export const listDebitResults = async (db: Db, customerId: string): Promise<readonly RedebitResult[]> => {
  const { rows } = await sql<RedebitResult>`
    select h.debit_day as day, d.result_code as "resultCode", d.amount
    from bills b
    join debits d on d.import_id = b.import_id and d.record = b.record
    join debit_headers h on h.import_id = d.import_id and h.number = d.header
    where b.customer_id = ${customerId} order by h.debit_day desc, b.id limit 5`.execute(db)
  return rows
}
