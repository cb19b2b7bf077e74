import { type Pipeline, type RawBuilder, sql, takingLocks } from '#platform/database/database'
import { assert } from '#values/assert'
import { endOpenClaims, markDoubtful } from './doubtful.store.ts'
import { bindLock, queueLock } from './lock-names.ts'
import type { Claimant, DueMessage, Stream } from './outbox.ts'
import { firstIdOf, inIndexOrder, streamName } from './stream.store.ts'

export type Due = {
  /** The claim's number, if one is made. */
  readonly number: number
  readonly toPosition: number
  readonly messages: readonly DueMessage[]
}

/** Nobody else moves the queue's cursor, and nobody takes the bind over, until this transaction ends. */
export const lockFor = ({ queueId }: Stream, { gateway, bind }: Claimant): RawBuilder<unknown> =>
  takingLocks({ alone: queueLock(queueId), shared: bindLock(gateway, bind) })

/** With these locks in hand: looks that the lease still holds, and reads what comes after the cursor. */
export const readDue = async (
  { send, tx }: Pipeline,
  stream: Stream,
  by: Claimant,
  { limit, now }: { readonly limit: number; readonly now: Date },
): Promise<Due | 'fenced'> => {
  const [heads, due] = await Promise.all([
    send(headOf(stream, by)),
    // Read before it is known whether they may be taken: almost always they may.
    stream.retry ? send(dueRetries(stream, limit, now)) : send<Row>(dueMessages(stream, limit, now)),
  ])
  const [head] = heads.rows
  assert(head !== undefined, 'a left join of one row has a row')
  const { holds, hasOpenClaim, isResting, number, at } = head
  if (!holds) return 'fenced'
  // An earlier claim of this slot was never answered for: its messages may have left.
  if (hasOpenClaim) await markDoubtful(tx, await endOpenClaims(tx, by), 'answer-lost', now)
  if (isResting) return { number, toPosition: at, messages: [] }
  const rows = beforeNotDue(due.rows, now)
  return { number, toPosition: rows.at(-1)?.position ?? at, messages: rows }
}

type Head = {
  readonly holds: boolean
  readonly hasOpenClaim: boolean
  readonly isResting: boolean
  readonly number: number
  readonly at: number
}

const headOf = (stream: Stream, by: Claimant): RawBuilder<Head> => sql`
  select
    exists (
      select from gateway_leases
      where gateway = ${by.gateway} and bind = ${by.bind} and worker = ${by.worker} and epoch = ${by.epoch}
    ) as holds,
    exists (
      select from (
        select * from claims where worker = ${by.worker} and slot = ${by.slot} order by serial desc limit 1
      ) c
      where not exists (
        select from claim_ends e where e.queue_id = c.queue_id and e.stream = c.stream and e.number = c.number
      )
    ) as "hasOpenClaim",
    coalesce((
      select act <> 'resumed' from queue_controls where queue_id = ${stream.queueId} order by number desc limit 1
    ), false) as "isResting",
    coalesce(k.number, 0) + 1 as number, coalesce(k.to_position, 0) as at,
    ${inIndexOrder}
  from (select) one
  left join lateral (
    select number, to_position from claims
    where queue_id = ${stream.queueId} and stream = ${streamName(stream)} order by number desc limit 1
  ) k on true`

type Row = DueMessage & { readonly position: number; readonly notBefore?: Date }

const columns = sql`
  m.id as "messageId", m.customer_id as "customerId", m.class, m.case_id as "caseId", m.campaign_id as "campaignId",
  m.phone_value as "phoneValue", m.sender, m.reference, m.part_count as "partCount", m.valid_until as "validUntil"`

const cursorOf = (stream: Stream) => sql`coalesce((
  select to_position from claims where queue_id = ${stream.queueId} and stream = ${streamName(stream)}
  order by number desc limit 1
), 0)`

const dueMessages = (stream: Stream, limit: number, now: Date): RawBuilder<Row> => sql`
  select ${columns}, m.position from messages m
  where m.queue_id = ${stream.queueId} and m.position > ${cursorOf(stream)} and m.id >= ${firstIdOf(stream.lane, now)}
  order by m.position limit ${limit}`

const dueRetries = (stream: Stream, limit: number, now: Date): RawBuilder<Row> => sql`
  select ${columns}, r.position, r.not_before as "notBefore" from (
    select * from retries
    where queue_id = ${stream.queueId} and stream = ${streamName(stream)} and position > ${cursorOf(stream)}
      and message_id >= ${firstIdOf(stream.lane, now)}
    order by position limit ${limit}
  ) r
  join messages m on m.id = r.message_id and m.id >= ${firstIdOf(stream.lane, now)}
  order by r.position`

/** First in first out: behind somebody who is not due, nobody is. */
const beforeNotDue = (rows: readonly Row[], now: Date): readonly Row[] => {
  const notDue = rows.findIndex(({ notBefore }) => notBefore !== undefined && notBefore > now)
  return notDue === -1 ? rows : rows.slice(0, notDue)
}
