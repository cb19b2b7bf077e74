import { type Db, sql } from '#platform/database/database'
import type { Day } from '#values/day'

/** The promises for the days of one week, as they stand: one that was moved counts where it stands last. */
export type PromisedWeek = {
  /** Its Monday. */
  readonly monday: Day
  readonly promises: number
  readonly kept: number
  readonly broken: number
  readonly cancelled: number
  /** Still waited for. */
  readonly pending: number
  readonly people: number
}

export const countPromisedWeeks = async (
  db: Db,
  { from, until }: { readonly from: Day; readonly until: Day },
): Promise<readonly PromisedWeek[]> => {
  const { rows } = await sql<PromisedWeek>`
    select date_trunc('week', v.promised_day)::date as monday, count(*)::int as promises,
      count(*) filter (where o.outcome = 'kept')::int as kept,
      count(*) filter (where o.outcome = 'broken')::int as broken,
      count(*) filter (where o.outcome = 'cancelled')::int as cancelled,
      count(*) filter (where o.outcome is null)::int as pending,
      count(distinct v.customer_id)::int as people
    from answer_versions v
    left join promise_outcomes o
      on o.customer_id = v.customer_id and o.answer_id = v.answer_id and o.version = v.version
    left join live_promises l
      on l.customer_id = v.customer_id and l.answer_id = v.answer_id and l.version = v.version
    where v.promised_day between ${from}::date and ${until}::date and (o.outcome is not null or l.version is not null)
    group by 1 order by 1`.execute(db)
  return rows
}
