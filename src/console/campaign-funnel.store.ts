import { type Db, sql } from '#platform/database/database'
import { firstIdAt } from '#platform/ids'

/** Of those to whom a campaign's notice was sent, how many have come how far. Each is a count of customers. */
export type Funnel = {
  /** アクセス: typed what is on file. Whoever only opened the notice page is not known to anybody. */
  readonly accessed: number
  /** 認証: a visit was opened. */
  readonly identified: number
  /** 回答: an answer for the case, on the site or through the contact centre. */
  readonly answered: number
  /** 入金: money was put on a bill of the case, and not taken back. */
  readonly paid: number
  /** 完済: the case was closed because everything is paid. */
  readonly cured: number
}

export type Window = { readonly from: Date; readonly until: Date }

/**
 * What followed a campaign in this window, counted from the facts. Ids are ordered by time, so that of visits and
 * challenges only those of the window are read.
 */
export const countFunnel = async (db: Db, campaignId: string, { from, until }: Window): Promise<Funnel> => {
  const made = (id: string) =>
    sql`${sql.raw(id)} >= ${firstIdAt(from)}::uuid and ${sql.raw(id)} < ${firstIdAt(until)}::uuid`
  const { rows } = await sql<Funnel>`
    with ids as (
      select min(id::text collate "C")::uuid as first, max(id::text collate "C")::uuid as last
      from messages where queue_id = ${campaignId}
    ), reached as materialized (
      -- Taken from the queue, and not stopped by a rule at that moment.
      select distinct m.customer_id, m.case_id from messages m
      where m.queue_id = ${campaignId}
        and m.position <= (select max(to_position) from claims where queue_id = ${campaignId} and stream = '')
        and not exists (
          select from message_events e
          where e.message_id = m.id and e.state in ('excluded', 'deferred')
            and e.message_id between (select first from ids) and (select last from ids)
            and not exists (select from message_events s where s.message_id = m.id and s.state = 'sending')
        )
      union
      select customer_id, case_id from message_outcomes
      where campaign_id = ${campaignId} and state in ('sending', 'unknown', 'submitted', 'delivered', 'failed', 'expired')
    ), typed as (
      select distinct unnest(customer_ids) as customer_id from challenges where ${made('id')}
    ), visited as (
      select distinct v.customer_id from visits o join visit_customers v on v.visit_id = o.id where ${made('o.id')}
    )
    select count(*) filter (where exists (select from typed t where t.customer_id = r.customer_id)
        or exists (select from visited v where v.customer_id = r.customer_id))::int as accessed,
      count(*) filter (where exists (select from visited v where v.customer_id = r.customer_id))::int as identified,
      count(*) filter (where exists (
        select from answers a
        join answer_versions v on v.customer_id = a.customer_id and v.answer_id = a.id
        where a.customer_id = r.customer_id and a.case_id = r.case_id and v.kind <> 'cancelled'
          and v.answered_at >= ${from} and v.answered_at < ${until}
      ))::int as answered,
      count(*) filter (where (
        select coalesce(sum(l.amount), 0) from bills b
        join ledger_lines l on l.customer_id = b.customer_id and l.bill_id = b.id
        where b.customer_id = r.customer_id and b.case_id = r.case_id and l.at >= ${from} and l.at < ${until}
      ) > 0)::int as paid,
      count(*) filter (where exists (
        select from cases k
        where k.customer_id = r.customer_id and k.id = r.case_id and k.closed_because = 'settled'
          and k.closed_at >= ${from} and k.closed_at < ${until}
      ))::int as cured
    from reached r`.execute(db)
  return rows[0] ?? { accessed: 0, identified: 0, answered: 0, paid: 0, cured: 0 }
}
