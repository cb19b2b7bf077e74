import { type Database, inPipeline, type RawBuilder, sql } from '#platform/database/database'
import { firstIdAt } from '#platform/ids'
import { assert } from '#values/assert'
import { codeQueue, type Deferral, type Delay, delaysMs, type Lane } from './message.rules.ts'
import type { Stream } from './outbox.ts'

/** A campaign older than this sends nothing any more: its text speaks of a day that is long over. */
export const campaignLifeMs = 14 * 86_400_000
/** Nothing waits in the queue of codes for longer. */
const codeLifeMs = 2 * 86_400_000

const lifeBegan = (lane: Lane, now: Date): Date =>
  new Date(now.getTime() - (lane === 'code' ? codeLifeMs : campaignLifeMs))

/** Ids before this one lie in partitions that need not be looked at. */
export const firstIdOf = (lane: Lane, now: Date): string => firstIdAt(lifeBegan(lane, now))

/**
 * An index in its order, whatever the statistics say of a table that has grown by a million rows since; planned once, for
 * planning these statements costs more than running them.
 */
export const inIndexOrder = sql`
  set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true),
  set_config('plan_cache_mode', 'force_generic_plan', true)`

/** Where something is due now: the head of a line after its cursor. Campaigns that rest are passed over. */
export const listDueStreams = (
  db: Database,
  of: { readonly lane: Lane; readonly gateways: readonly string[] },
  now: Date,
): Promise<readonly Stream[]> =>
  inPipeline(db, async ({ send }) => {
    send(sql`select ${inIndexOrder}`)
    const { rows } = await send(dueStreams(of, now))
    return rows.map(({ queueId, stream }) => ({ queueId, lane: of.lane, ...parseStream(stream) }))
  })

const dueStreams = (
  { lane, gateways }: { readonly lane: Lane; readonly gateways: readonly string[] },
  now: Date,
): RawBuilder<{ readonly queueId: string; readonly stream: string }> => {
  const queues =
    lane === 'code'
      ? sql`select ${codeQueue}::uuid as id`
      : sql`
        select c.id from campaigns c
        left join lateral (
          select act from queue_controls q where q.queue_id = c.id order by q.number desc limit 1
        ) control on true
        where c.approved_at > ${lifeBegan(lane, now)} and coalesce(control.act, 'resumed') = 'resumed'`
  return sql`
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
    order by q.id, s.name desc`
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
