import { type Db, sql } from '#platform/database/database'

/** By minute, the first first: how many had been sent and had arrived by its end. */
export type DeliveryCurve = readonly { readonly minute: Date; readonly sent: number; readonly delivered: number }[]

/**
 * When a campaign's notices left and when the carriers said that they had arrived, told from the log; nothing of a
 * campaign whose log is dropped. A message of several parts has arrived with the last of them.
 */
export const deliveryCurve = async (db: Db, campaignId: string): Promise<DeliveryCurve> => {
  const { rows } = await sql<{ minute: Date; sent: number; delivered: number }>`
    with ids as (
      select min(id::text collate "C")::uuid as first, max(id::text collate "C")::uuid as last
      from messages where queue_id = ${campaignId}
    ), sent as (
      -- A message that was tried again left with the last try.
      select date_trunc('minute', max(c.at)) as minute, i.id
      from claims c cross join unnest(c.message_ids) as i (id)
      where c.queue_id = ${campaignId} and i.id is not null
      group by i.id
    ), parts as (
      select e.message_id, e.part, min(e.at) as at from message_events e
      where e.message_id between (select first from ids) and (select last from ids) and e.state = 'delivered'
      group by e.message_id, e.part
    ), delivered as (
      select date_trunc('minute', max(p.at)) as minute from parts p join messages m on m.id = p.message_id
      where m.queue_id = ${campaignId} group by p.message_id, m.part_count having count(*) >= m.part_count
    ), minutes as (
      select minute, count(*) as sent, 0 as delivered from sent group by minute
      union all
      select minute, 0, count(*) from delivered group by minute
    )
    select minute, (sum(sum(sent)) over (order by minute))::int as sent,
      (sum(sum(delivered)) over (order by minute))::int as delivered
    from minutes group by minute order by minute`.execute(db)
  return rows
}
