import { type Db, sql } from '#platform/database/database'
import { firstIdAt } from '#platform/ids'
import type { NewMessage } from './queue.store.ts'

/**
 * Ends what a worker has in hand: nobody knows whether those bytes left, so each message without an answer becomes
 * doubtful. One claim per slot can be open, the last one, so this looks at few rows however long the worker has lived.
 */
export const abandonClaims = async (tx: Db, worker: string, now: Date): Promise<number> => {
  const { rows } = await sql<{ count: number }>`
    with recursive slots as (
      (select slot from claims where worker = ${worker} order by slot limit 1)
      union all
      select (select c.slot from claims c where c.worker = ${worker} and c.slot > s.slot order by c.slot limit 1)
      from slots s where s.slot is not null
    ), last as (
      select k.* from slots s
      cross join lateral (
        select * from claims c where c.worker = ${worker} and c.slot = s.slot order by c.serial desc limit 1
      ) k
    ), ended as (
      insert into claim_ends (queue_id, stream, number)
      select queue_id, stream, number from last on conflict do nothing
      returning queue_id, stream, number
    ), doubtful as (
      insert into message_events (message_id, customer_id, state, because, at)
      select m.id, m.customer_id, 'unknown', 'worker-died', ${now}
      from ended join last using (queue_id, stream, number)
      cross join unnest(last.message_ids) as i (id)
      join messages m on m.id = i.id
      returning 1
    )
    select count(*)::int as count from doubtful`.execute(tx)
  return rows[0]?.count ?? 0
}

/** Notices that are doubtful since before `before`, were not repeated yet and are no repeat themselves. */
export const listDoubtfulNotices = async (
  tx: Db,
  { before, notOlderThan }: { readonly before: Date; readonly notOlderThan: Date },
): Promise<readonly NewMessage[]> => {
  const { rows } = await sql<NewMessage>`
    select m.customer_id as "customerId", m.class, m.case_id as "caseId", m.campaign_id as "campaignId",
      m.phone_value as "phoneValue", m.sender, m.part_count as "partCount", m.id as repeats
    from message_events e
    join messages m on m.id = e.message_id and m.class = 'notice' and m.repeats is null
    join message_states s on s.customer_id = m.customer_id and s.message_id = m.id and s.state = 'unknown'
    where e.state = 'unknown' and e.at <= ${before} and e.at > ${notOlderThan}
      and e.message_id >= ${firstIdAt(new Date(notOlderThan.getTime() - 14 * 86_400_000))}
      and not exists (select from messages r where r.repeats = m.id)
    group by m.customer_id, m.id
    order by m.id
    limit 500`.execute(tx)
  return rows
}
