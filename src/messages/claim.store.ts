import {
  type Database,
  type Db,
  inTransaction,
  type RawBuilder,
  sql,
  type Transaction,
  withAdvisoryLocks,
} from '#platform/database/database'
import { firstIdAt } from '#platform/ids'
import { assert } from '#values/assert'
import { endOpenClaims, markDoubtful } from './doubtful.store.ts'
import { bindLock, queueLock } from './lock-names.ts'
import { appending, type LogLine } from './log.store.ts'
import { codeQueue, type Deferral, type Delay, delaysMs, type Lane } from './message.rules.ts'
import type { Claimant, DueMessage, Stream } from './outbox.ts'

/** A campaign older than this sends nothing any more: its text speaks of a day that is long over. */
export const campaignLifeMs = 14 * 86_400_000
/** Nothing waits in the queue of codes for longer. */
const codeLifeMs = 2 * 86_400_000

const lifeBegan = (lane: Lane, now: Date): Date =>
  new Date(now.getTime() - (lane === 'code' ? codeLifeMs : campaignLifeMs))

/** Ids before this one lie in partitions that need not be looked at. */
const firstIdOf = (lane: Lane, now: Date): string => firstIdAt(lifeBegan(lane, now))

/** Where something is due now: the head of a line after its cursor. Campaigns that rest are passed over. */
export const listDueStreams = (
  db: Database,
  of: { readonly lane: Lane; readonly gateways: readonly string[] },
  now: Date,
): Promise<readonly Stream[]> =>
  inTransaction(db, async (tx) => {
    await sql`select ${inIndexOrder}`.execute(tx)
    return readDueStreams(tx, of, now)
  })

/**
 * An index in its order, whatever the statistics say of a table that has grown by a million rows since; planned once, for
 * planning these statements costs more than running them.
 */
const inIndexOrder = sql`
  set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true),
  set_config('plan_cache_mode', 'force_generic_plan', true)`

const readDueStreams = async (
  tx: Db,
  { lane, gateways }: { readonly lane: Lane; readonly gateways: readonly string[] },
  now: Date,
): Promise<readonly Stream[]> => {
  const queues =
    lane === 'code'
      ? sql`select ${codeQueue}::uuid as id`
      : sql`
        select c.id from campaigns c
        left join lateral (
          select act from queue_controls q where q.queue_id = c.id order by q.number desc limit 1
        ) control on true
        where c.approved_at > ${lifeBegan(lane, now)} and coalesce(control.act, 'resumed') = 'resumed'`
  const { rows } = await sql<{ queueId: string; stream: string }>`
    select q.id as "queueId", s.name as stream
    from (${queues}) q
    cross join unnest(${streamNames(gateways)}::text[]) as s (name)
    cross join lateral (
      select coalesce((
        select k.to_position from claims k where k.queue_id = q.id and k.stream = s.name order by k.number desc limit 1
      ), 0) as at
    ) head
    where case when s.name = ''
      then exists (
        select from messages m where m.queue_id = q.id and m.position > head.at and m.id >= ${firstIdOf(lane, now)}
      )
      else (
        select r.not_before from retries r
        where r.queue_id = q.id and r.stream = s.name and r.position > head.at and r.message_id >= ${firstIdOf(lane, now)}
        order by r.position limit 1
      ) <= ${now}
      end
    order by q.id, s.name desc`.execute(tx)
  return rows.map(({ queueId, stream }) => ({ queueId, lane, ...parseStream(stream) }))
}

const deferrals: readonly Deferral[] = ['deferred', 'deferred-soon']
const delays = Object.keys(delaysMs) as readonly Delay[]

const streamNames = (gateways: readonly string[]): readonly string[] => [
  '',
  ...deferrals,
  ...gateways.flatMap((gateway) => delays.map((delay) => streamName({ retry: { gateway, delay } }))),
]

/** Names of gateways hold no blank. */
export const streamName = ({ retry }: Pick<Stream, 'retry'>): string => {
  if (retry === undefined) return ''
  return 'deferral' in retry ? retry.deferral : `${retry.delay} ${retry.gateway}`
}

const parseStream = (name: string): Pick<Stream, 'retry'> => {
  if (name === '') return {}
  const deferral = deferrals.find((known) => known === name)
  if (deferral !== undefined) return { retry: { deferral } }
  const delay = delays.find((known) => name.startsWith(`${known} `))
  assert(delay !== undefined, 'a stream has one of the names that were asked for')
  return { retry: { delay, gateway: name.slice(delay.length + 1) } }
}

/** The streams of a queue that were ever claimed from, as the inside of `with recursive streams as (…)`; the last is null. */
export const streamsOf = (queueId: string): RawBuilder<unknown> => sql`
  (select stream from claims where queue_id = ${queueId} order by stream limit 1)
  union all
  select (
    select c.stream from claims c where c.queue_id = ${queueId} and c.stream > s.stream order by c.stream limit 1
  )
  from streams s where s.stream is not null`

export type Due = {
  /** The claim's number, if one is made. */
  readonly number: number
  readonly toPosition: number
  readonly messages: readonly DueMessage[]
}

/** Locks the queue, looks that the lease still holds, and reads what comes after the cursor. */
export const readDue = async (
  tx: Transaction,
  stream: Stream,
  by: Claimant,
  { limit, now }: { readonly limit: number; readonly now: Date },
): Promise<Due | 'fenced'> => {
  await withAdvisoryLocks(tx, { alone: queueLock(stream.queueId), shared: bindLock(by.gateway, by.bind) })
  const { holds, hasOpenClaim, isResting, number, at } = await readHead(tx, stream, by)
  if (!holds) return 'fenced'
  // An earlier claim of this slot was never answered for: its messages may have left.
  if (hasOpenClaim) await markDoubtful(tx, await endOpenClaims(tx, by), 'answer-lost', now)
  if (isResting) return { number, toPosition: at, messages: [] }
  const rows = await (stream.retry ? readRetries : readMessages)(tx, stream, { after: at, limit, now })
  return { number, toPosition: rows.at(-1)?.position ?? at, messages: rows }
}

/** With the queue's lock in hand, so nothing moves the cursor meanwhile. */
const readHead = async (tx: Db, stream: Stream, by: Claimant) => {
  const { rows } = await sql<{ holds: boolean; hasOpenClaim: boolean; isResting: boolean; number: number; at: number }>`
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
    ) k on true`.execute(tx)
  const [head] = rows
  assert(head !== undefined, 'a left join of one row has a row')
  return head
}

type Row = DueMessage & { readonly position: number }
type After = { readonly after: number; readonly limit: number; readonly now: Date }

const columns = sql`
  m.id as "messageId", m.customer_id as "customerId", m.class, m.case_id as "caseId", m.campaign_id as "campaignId",
  m.phone_value as "phoneValue", m.sender, m.reference, m.part_count as "partCount", m.valid_until as "validUntil"`

const readMessages = async (
  tx: Db,
  { queueId, lane }: Stream,
  { after, limit, now }: After,
): Promise<readonly Row[]> => {
  const { rows } = await sql<Row>`
    select ${columns}, m.position from messages m
    where m.queue_id = ${queueId} and m.position > ${after} and m.id >= ${firstIdOf(lane, now)}
    order by m.position limit ${limit}`.execute(tx)
  return rows
}

/** First in first out: behind somebody who is not due, nobody is. */
const readRetries = async (tx: Db, stream: Stream, { after, limit, now }: After): Promise<readonly Row[]> => {
  const { rows } = await sql<Row & { notBefore: Date }>`
    select ${columns}, r.position, r.not_before as "notBefore" from (
      select * from retries
      where queue_id = ${stream.queueId} and stream = ${streamName(stream)} and position > ${after}
        and message_id >= ${firstIdOf(stream.lane, now)}
      order by position limit ${limit}
    ) r
    join messages m on m.id = r.message_id and m.id >= ${firstIdOf(stream.lane, now)}
    order by r.position`.execute(tx)
  const notDue = rows.findIndex(({ notBefore }) => notBefore > now)
  return notDue === -1 ? rows : rows.slice(0, notDue)
}

export type Retry = { readonly stream: string; readonly messageId: string; readonly notBefore: Date }

/** Moves the cursor, and with it writes down who has which messages in hand, and what the rules said. */
export const insertClaim = async (
  tx: Db,
  stream: Stream,
  by: Claimant,
  claim: {
    readonly number: number
    readonly toPosition: number
    readonly messageIds: readonly string[]
    readonly lines: readonly LogLine[]
    readonly retries: readonly Retry[]
  },
  now: Date,
): Promise<void> => {
  await sql`
    with claimed as (
      insert into claims (queue_id, stream, number, to_position, worker, slot, message_ids, at)
      values (${stream.queueId}, ${streamName(stream)}, ${claim.number}, ${claim.toPosition}, ${by.worker}, ${by.slot},
        ${[...claim.messageIds]}::uuid[], ${now})
    ), ended as (
      insert into claim_ends (queue_id, stream, number)
      select ${stream.queueId}, ${streamName(stream)}, ${claim.number} where ${claim.messageIds.length === 0}
    ), ${appendingRetries(stream.queueId, claim.retries)}, ${appending(claim.lines, now)}
    select`.execute(tx)
}

/**
 * Ends a claim; false when somebody else has ended it, because this worker was thought dead. Who must keep the order of
 * retries holds the queue's lock.
 */
export const endClaim = async (tx: Db, { stream, number }: { readonly stream: Stream; readonly number: number }) => {
  const { numAffectedRows } = await sql`
    insert into claim_ends (queue_id, stream, number)
    values (${stream.queueId}, ${streamName(stream)}, ${number}) on conflict do nothing`.execute(tx)
  return Number(numAffectedRows) === 1
}

export const appendRetries = async (tx: Transaction, queueId: string, retries: readonly Retry[]): Promise<void> => {
  if (retries.length > 0) await sql`with ${appendingRetries(queueId, retries)} select`.execute(tx)
}

const appendingRetries = (queueId: string, retries: readonly Retry[]) => sql`
  new_retries as (
    insert into retries (queue_id, stream, message_id, not_before)
    select ${queueId}::uuid, * from unnest(
      ${retries.map(({ stream }) => stream)}::text[], ${retries.map(({ messageId }) => messageId)}::uuid[],
      ${retries.map(({ notBefore }) => notBefore)}::timestamptz[])
  )`

/** Ends a claim whose messages all came to an end, in one statement. */
export const endClaimWith = async (
  db: Db,
  { stream, number }: { readonly stream: Stream; readonly number: number },
  lines: readonly LogLine[],
  now: Date,
): Promise<void> => {
  await sql`
    with ended as (
      insert into claim_ends (queue_id, stream, number)
      values (${stream.queueId}, ${streamName(stream)}, ${number}) on conflict do nothing
    ), ${appending(lines, now)}
    select`.execute(db)
}
