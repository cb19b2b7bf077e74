import { type Db, sql } from '#platform/database/database'
import type { Day } from '#values/day'
import type { PromisedBill } from './promise-outcome.rules.ts'

export type LivePromise = {
  readonly customerId: string
  readonly caseId: string
  readonly answerId: string
  readonly version: number
  readonly promisedDay: Day
  readonly quietUntil: Day
  readonly receiptNumber: string
  readonly bills: readonly PromisedBill[]
}

/** Waits for this promise, and not any more for the one that it moves. */
export const upsertLivePromise = async (
  tx: Db,
  promise: Pick<LivePromise, 'customerId' | 'answerId' | 'version' | 'quietUntil'>,
): Promise<void> => {
  const { customerId, answerId, version, quietUntil } = promise
  await tx
    .insertInto('live_promises')
    .values({ customer_id: customerId, answer_id: answerId, version, quiet_until: quietUntil })
    .onConflict((conflict) =>
      conflict.columns(['customer_id', 'answer_id']).doUpdateSet({ version, quiet_until: quietUntil }),
    )
    .execute()
}

/** The promises of one customer that are waited for. The case is locked by the caller. */
export const listLivePromisesOf = (tx: Db, customerId: string): Promise<readonly LivePromise[]> =>
  livePromises(tx, sql`where p.customer_id = ${customerId} order by p.answer_id`)

/**
 * Takes promises that can be decided: their day of judgement is over, or all their bills have ended in time. What
 * another worker, a customer or a hold has in hand is passed by until the next round.
 */
export const takeJudgeable = (tx: Db, lastJudgedDay: Day, limit: number): Promise<readonly LivePromise[]> =>
  livePromises(
    tx,
    sql`where p.quiet_until <= ${lastJudgedDay} or not exists (
        select from answer_bills b
        left join bill_endings e on e.customer_id = b.customer_id and e.bill_id = b.bill_id
        where b.customer_id = p.customer_id and b.answer_id = p.answer_id and b.version = p.version
          and (e.how is null or (e.how = 'settled' and e.on_day > p.quiet_until)))
      order by p.quiet_until, p.customer_id limit ${limit} for no key update of p, c skip locked`,
  )

const livePromises = async (tx: Db, which: ReturnType<typeof sql>): Promise<readonly LivePromise[]> => {
  const { rows } = await sql<LivePromise>`
    select p.customer_id as "customerId", a.case_id as "caseId", p.answer_id as "answerId", p.version,
      v.promised_day as "promisedDay", p.quiet_until as "quietUntil", v.receipt_number as "receiptNumber",
      (
        select coalesce(json_agg(json_build_object('how', coalesce(e.how, 'open'), 'onDay', e.on_day)), '[]')
        from answer_bills b left join bill_endings e on e.customer_id = b.customer_id and e.bill_id = b.bill_id
        where b.customer_id = p.customer_id and b.answer_id = p.answer_id and b.version = p.version
      ) as bills
    from live_promises p
    join answers a on a.customer_id = p.customer_id and a.id = p.answer_id
    join cases c on c.customer_id = a.customer_id and c.id = a.case_id
    join answer_versions v on v.customer_id = p.customer_id and v.answer_id = p.answer_id and v.version = p.version
    ${which}`.execute(tx)
  return rows
}

/** Ends the waiting for these promises. */
export const insertOutcomes = async (
  tx: Db,
  outcomes: readonly {
    readonly promise: Pick<LivePromise, 'customerId' | 'answerId' | 'version'>
    readonly outcome: 'kept' | 'broken' | 'cancelled'
    readonly because: string
  }[],
  now: Date,
): Promise<void> => {
  if (outcomes.length === 0) return
  const rows = outcomes.map(({ promise, outcome, because }) => ({
    customer_id: promise.customerId,
    answer_id: promise.answerId,
    version: promise.version,
    outcome,
    because,
    decided_at: now,
  }))
  await tx.insertInto('promise_outcomes').values(rows).execute()
  await sql`
    delete from live_promises p
    using unnest(${rows.map((row) => row.customer_id)}::uuid[], ${rows.map((row) => row.answer_id)}::uuid[])
      as o (customer_id, answer_id)
    where p.customer_id = o.customer_id and p.answer_id = o.answer_id`.execute(tx)
}
