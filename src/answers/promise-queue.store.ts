import { type Db, type RawBuilder, sql } from '#platform/database/database'
import type { Day } from '#values/day'
import type { Yen } from '#values/yen'

/** A promise that is waited for. */
export type AwaitedPromise = {
  readonly customerId: string
  readonly caseId: string
  readonly answerId: string
  readonly promisedDay: Day
  /** The last day on which money that counts keeps it; it is judged in the evening. */
  readonly quietUntil: Day
  readonly answeredAt: Date
  readonly receiptNumber: string
  /** What was promised. */
  readonly total: Yen
  /** How many of its bills there are, and how many are paid by now. */
  readonly bills: number
  readonly settled: number
}

/** today: due on that day. coming: later. awaiting: the day has passed, and its money may still be on the way. */
export type PromisesOf = 'today' | 'coming' | 'awaiting'

/** Where a list of promises goes on: the day it is in the order of, and whose it is. */
export type PromisePlace = { readonly day: Day; readonly customerId: string; readonly answerId: string }

export type PromisesAsked = {
  readonly of: PromisesOf
  readonly today: Day
  readonly after?: PromisePlace | undefined
  readonly limit: number
}

/** Promises that are waited for, the earliest day first. */
export const listPromisesAwaited = async (db: Db, asked: PromisesAsked): Promise<readonly AwaitedPromise[]> => {
  const { rows } = await sql<AwaitedPromise>`
    select p.customer_id as "customerId", a.case_id as "caseId", p.answer_id as "answerId",
      p.promised_day as "promisedDay", p.quiet_until as "quietUntil", p.answered_at as "answeredAt",
      p.receipt_number as "receiptNumber", b.total, b.bills, b.settled
    from (${asked.of === 'awaiting' ? dayPassed(asked) : dayAhead(asked)}) p
    join answers a on a.customer_id = p.customer_id and a.id = p.answer_id
    cross join lateral (
      select coalesce(sum(s.amount), 0)::bigint as total, count(*)::int as bills,
        count(*) filter (where e.how = 'settled')::int as settled
      from answer_bills s
      left join bill_endings e on e.customer_id = s.customer_id and e.bill_id = s.bill_id
      where s.customer_id = p.customer_id and s.answer_id = p.answer_id and s.version = p.version
    ) b
    order by p.place, p.customer_id, p.answer_id`.execute(db)
  return rows
}

/** The place of a promise in its list. */
export const placeOfPromise = (of: PromisesOf, promise: AwaitedPromise): PromisePlace => ({
  day: of === 'awaiting' ? promise.quietUntil : promise.promisedDay,
  customerId: promise.customerId,
  answerId: promise.answerId,
})

/** By the promised day: ahead of us there are a few days, whatever lies behind. */
const dayAhead = ({ of, today, after, limit }: PromisesAsked): RawBuilder<unknown> => sql`
  select v.*, v.promised_day as place
  from answer_versions v
  join live_promises l on l.customer_id = v.customer_id and l.answer_id = v.answer_id and l.version = v.version
  where v.promised_day ${of === 'today' ? sql`=` : sql`>`} ${today}::date
    ${
      after === undefined
        ? sql``
        : sql`and (v.promised_day, v.customer_id, v.answer_id)
            > (${after.day}::date, ${after.customerId}::uuid, ${after.answerId}::uuid)`
    }
  order by v.promised_day, v.customer_id, v.answer_id limit ${limit}`

/** By the day on which they are judged: those whose day has passed are the first of all that are waited for. */
const dayPassed = ({ today, after, limit }: PromisesAsked): RawBuilder<unknown> => sql`
  select v.*, l.quiet_until as place
  from live_promises l
  join answer_versions v on v.customer_id = l.customer_id and v.answer_id = l.answer_id and v.version = l.version
  where v.promised_day < ${today}::date
    ${
      after === undefined
        ? sql``
        : sql`and (l.quiet_until, l.customer_id, l.answer_id)
            > (${after.day}::date, ${after.customerId}::uuid, ${after.answerId}::uuid)`
    }
  order by l.quiet_until, l.customer_id, l.answer_id limit ${limit}`

/** How many promises are due on that day, counted no further than `max`. */
export const countPromisesDue = async (db: Db, day: Day, max: number): Promise<number> => {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from (
      select from answer_versions v
      join live_promises l on l.customer_id = v.customer_id and l.answer_id = v.answer_id and l.version = v.version
      where v.promised_day = ${day}::date limit ${max}
    ) due`.execute(db)
  return rows[0]?.count ?? 0
}
