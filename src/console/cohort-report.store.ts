import { type Db, sql } from '#platform/database/database'
import { firstIdAt } from '#platform/ids'
import type { Day } from '#values/day'

export type Span = { readonly from: Date; readonly until: Date }

/** The cases that opened on one day, and how many of them have come how far until now. */
export type Cohort = {
  readonly day: Day
  /** 対象 */
  readonly cases: number
  /** 送信: at least one notice was handed to a carrier, which did not refuse it. */
  readonly sent: number
  /** 到達: at least one notice has arrived. */
  readonly delivered: number
  /** 認証: the customer has opened a visit since. */
  readonly identified: number
  /** 回答: an answer for the case, also by way of the contact centre. */
  readonly answered: number
  /** 入金: money is on a bill of the case. */
  readonly paid: number
  /** 完済: the case is closed because everything is paid; of them those within so many days. */
  readonly cured: number
  readonly curedIn3: number
  readonly curedIn7: number
  readonly curedIn14: number
}

/** By the day on which guidance began, the first first. Set by set: no case is looked up by itself. */
export const countCohorts = async (db: Db, { from, until }: Span): Promise<readonly Cohort[]> => {
  const { rows } = await sql<Cohort>`
    with cohort as materialized (
      select customer_id, id, opened_at, (opened_at at time zone 'Asia/Tokyo')::date as day,
        case when closed_because = 'settled' then closed_at end as cured_at
      from cases where opened_at >= ${from} and opened_at < ${until}
    ), notices as materialized (
      select customer_id, case_id, id from messages
      where class = 'notice' and id >= ${firstIdAt(from)}::uuid
    ), handed as (
      select i.id from claims c cross join unnest(c.message_ids) as i (id)
      where c.at >= ${from} and c.gateway is not null and i.id is not null
      union
      select message_id from message_events where state = 'sending' and message_id >= ${firstIdAt(from)}::uuid
      except
      select message_id from message_events where state = 'refused' and message_id >= ${firstIdAt(from)}::uuid
    ), arrived as (
      select distinct message_id as id from message_events
      where state = 'delivered' and message_id >= ${firstIdAt(from)}::uuid
    ), sent as (
      select n.customer_id, n.case_id from notices n join handed h on h.id = n.id
      union
      select customer_id, case_id from message_outcomes
      where class = 'notice' and queued_at >= ${from}
        and state in ('sending', 'unknown', 'submitted', 'delivered', 'failed', 'expired')
    ), delivered as (
      select n.customer_id, n.case_id from notices n join arrived a on a.id = n.id
      union
      select customer_id, case_id from message_outcomes
      where class = 'notice' and queued_at >= ${from} and state = 'delivered'
    ), identified as (
      select v.customer_id, max(o.opened_at) as at
      from visits o join visit_customers v on v.visit_id = o.id
      where o.id >= ${firstIdAt(from)}::uuid group by v.customer_id
    ), answered as (
      select distinct a.customer_id, a.case_id
      from answers a join answer_versions v on v.customer_id = a.customer_id and v.answer_id = a.id
      where v.answered_at >= ${from} and v.kind <> 'cancelled'
    ), paid as (
      select b.customer_id, b.case_id
      from cohort c
      join bills b on b.customer_id = c.customer_id and b.case_id = c.id
      join ledger_lines l on l.customer_id = b.customer_id and l.bill_id = b.id
      group by b.customer_id, b.case_id having sum(l.amount) > 0
    )
    select c.day, count(*)::int as cases, count(s.case_id)::int as sent, count(d.case_id)::int as delivered,
      count(*) filter (where i.at >= c.opened_at)::int as identified, count(a.case_id)::int as answered,
      count(p.case_id)::int as paid, count(c.cured_at)::int as cured,
      ${curedIn(3)} as "curedIn3", ${curedIn(7)} as "curedIn7", ${curedIn(14)} as "curedIn14"
    from cohort c
    left join sent s on s.customer_id = c.customer_id and s.case_id = c.id
    left join delivered d on d.customer_id = c.customer_id and d.case_id = c.id
    left join identified i on i.customer_id = c.customer_id
    left join answered a on a.customer_id = c.customer_id and a.case_id = c.id
    left join paid p on p.customer_id = c.customer_id and p.case_id = c.id
    group by c.day order by c.day`.execute(db)
  return rows
}

const curedIn = (days: number) => sql`
  count(*) filter (where c.cured_at < c.opened_at + ${days}::int * interval '1 day')::int`
