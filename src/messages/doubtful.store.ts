import { type Db, sql } from '#platform/database/database'
import { firstIdAt } from '#platform/ids'
import { appendLines, stateOf } from './log.store.ts'
import type { NewMessage } from './queue.store.ts'

export type OpenMessage = { readonly queueId: string; readonly messageId: string }

/** A commit whose answer was lost may come to light late; never this many claims of the slot later. */
const claimsLookedAt = 3

/**
 * Ends the claims that a worker, or one slot of it, has open, and names their messages. A slot has one at a time, the last,
 * so this looks at few rows however long the worker has lived.
 */
export const endOpenClaims = async (
  tx: Db,
  { worker, slot }: { readonly worker: string; readonly slot?: string },
): Promise<readonly OpenMessage[]> => {
  const slots =
    slot === undefined
      ? sql`
        (select slot from claims where worker = ${worker} order by slot limit 1)
        union all
        select (select c.slot from claims c where c.worker = ${worker} and c.slot > s.slot order by c.slot limit 1)
        from slots s where s.slot is not null`
      : sql`select ${slot}::text as slot`
  const { rows } = await sql<OpenMessage>`
    with recursive slots as (${slots}), last as (
      select k.* from slots s
      cross join lateral (
        select * from claims c where c.worker = ${worker} and c.slot = s.slot
        order by c.serial desc limit ${claimsLookedAt}
      ) k
    ), ended as (
      insert into claim_ends (queue_id, stream, number)
      select queue_id, stream, number from last on conflict do nothing
      returning queue_id, stream, number
    )
    select m.queue_id as "queueId", m.id as "messageId"
    from ended join last using (queue_id, stream, number)
    cross join unnest(last.message_ids) as i (id)
    join messages m on m.id = i.id
    order by m.queue_id, m.id`.execute(tx)
  return rows
}

/** Nobody knows whether the bytes of these left. */
export const markDoubtful = (tx: Db, messages: readonly OpenMessage[], because: string, now: Date): Promise<void> =>
  appendLines(
    tx,
    messages.map(({ messageId }) => ({ messageId, state: 'unknown', because })),
    now,
  )

/** Notices that are doubtful since before `before`, were not repeated yet and are no repeat themselves. */
export const listDoubtfulNotices = async (
  tx: Db,
  { before, notOlderThan }: { readonly before: Date; readonly notOlderThan: Date },
): Promise<readonly NewMessage[]> => {
  const since = firstIdAt(new Date(notOlderThan.getTime() - 14 * 86_400_000))
  const { rows } = await sql<NewMessage>`
    select m.customer_id as "customerId", m.class, m.case_id as "caseId", m.campaign_id as "campaignId",
      m.phone_value as "phoneValue", m.sender, m.part_count as "partCount", m.message_id as repeats
    from (
      select distinct message_id from message_events
      where state = 'unknown' and at <= ${before} and at > ${notOlderThan} and message_id >= ${since}
    ) e
    cross join lateral (
      select *, id as message_id from messages n
      where n.id = e.message_id and n.class = 'notice' and n.repeats is null
        and not exists (select from messages r where r.repeats = n.id and r.id >= ${since})
      limit 1
    ) m
    cross join lateral ${stateOf(sql`m`)} s
    where s.state = 'unknown'
    order by m.message_id
    limit 500`.execute(tx)
  return rows
}
