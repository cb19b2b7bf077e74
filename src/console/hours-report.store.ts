import { type Db, sql } from '#platform/database/database'
import type { Span } from './cohort-report.store.ts'

/** What customers answered in one hour of one weekday. */
export type AnsweredHour = {
  /** 0 is Sunday. */
  readonly weekday: number
  readonly hour: number
  readonly answers: number
  readonly people: number
}

/** When customers answer by themselves; what the contact centre enters for them says nothing about that. */
export const countAnsweredHours = async (db: Db, { from, until }: Span): Promise<readonly AnsweredHour[]> => {
  const { rows } = await sql<AnsweredHour>`
    select extract(dow from at)::int as weekday, extract(hour from at)::int as hour, count(*)::int as answers,
      count(distinct customer_id)::int as people
    from (
      select customer_id, answered_at at time zone 'Asia/Tokyo' as at from answer_versions
      where answered_at >= ${from} and answered_at < ${until} and answered_by = 'customer'
    ) answered
    group by 1, 2 order by 1, 2`.execute(db)
  return rows
}
