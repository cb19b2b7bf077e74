import { type Db, sql } from '#platform/database/database'
import type { Day } from '#values/day'

/** A promise that a customer made, whichever case it was for; one that was moved is told as it stood last. */
export type KeptPromise = {
  readonly caseId: string
  readonly day: Day
  readonly promisedAt: Date
  readonly receiptNumber: string
  readonly state: 'pending' | 'kept' | 'broken' | 'cancelled'
}

/** Who has promised more often is known for it. */
const promisesMax = 20

/** What became of what this customer promised, the latest first. */
export const listPromisesOf = async (db: Db, customerId: string): Promise<readonly KeptPromise[]> => {
  const { rows } = await sql<KeptPromise>`
    select a.case_id as "caseId", v.promised_day as day, v.answered_at as "promisedAt",
      v.receipt_number as "receiptNumber", coalesce(o.outcome, 'pending') as state
    from answer_versions v
    join answers a on a.customer_id = v.customer_id and a.id = v.answer_id
    left join promise_outcomes o
      on o.customer_id = v.customer_id and o.answer_id = v.answer_id and o.version = v.version
    left join live_promises l
      on l.customer_id = v.customer_id and l.answer_id = v.answer_id and l.version = v.version
    where v.customer_id = ${customerId} and v.kind = 'promise' and (o.outcome is not null or l.version is not null)
    order by v.answered_at desc, v.version desc limit ${promisesMax}`.execute(db)
  return rows
}

/** Whose answer has this 受付番号: one receipt may cover several customers of one person. */
export const listCustomersByReceipt = async (db: Db, receiptNumber: string): Promise<readonly string[]> => {
  const { rows } = await sql<{ id: string }>`
    select distinct customer_id as id from answer_versions where receipt_number = ${receiptNumber}
    order by id`.execute(db)
  return rows.map(({ id }) => id)
}
