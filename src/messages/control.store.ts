import { type Db, type RawBuilder, sql, type Transaction, withAdvisoryLock } from '#platform/database/database'
import { queueLock } from './lock-names.ts'
import { streamsOf } from './stream.store.ts'

export type QueueState = 'running' | 'paused' | 'cancelled'
export type ControlAct = 'paused' | 'resumed' | 'cancelled'

export type Control = {
  readonly act: ControlAct
  readonly by: string
  readonly because: string | null
  readonly at: Date
}

/** What was last said about a queue; nothing, if it just runs. */
export const findControl = async (db: Db, queueId: string): Promise<Control | undefined> =>
  db
    .selectFrom('queue_controls')
    .select(['act', 'by', 'because', 'at'])
    .where('queue_id', '=', queueId)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst()

/** Locks the queue: while this transaction lasts nobody claims from it, and after it everybody sees what it says. */
export const lockQueue = (tx: Transaction, queueId: string): Promise<void> => withAdvisoryLock(tx, queueLock(queueId))

export const insertControl = async (
  tx: Transaction,
  queueId: string,
  { act, by, because, at }: Control,
): Promise<void> => {
  await sql`
    insert into queue_controls (queue_id, number, act, by, because, at)
    select ${queueId}::uuid, coalesce(max(number), 0) + 1, ${act}, ${by}, ${because}, ${at}
    from queue_controls where queue_id = ${queueId}`.execute(tx)
}

/** Claims of this queue whose answers are not written down yet: what a pause has to wait for. */
export const countInHand = async (db: Db, queueId: string): Promise<number> => {
  const { rows } = await sql<{ count: number }>`
    with recursive streams as (${streamsOf(queueId)})
    select coalesce(sum(cardinality(k.message_ids)), 0)::int as count
    from streams s
    cross join lateral (
      select * from claims where queue_id = ${queueId} and stream = s.stream order by number desc limit 200
    ) k
    where not exists (
      select from claim_ends e where e.queue_id = k.queue_id and e.stream = k.stream and e.number = k.number
    )`.execute(db)
  return rows[0]?.count ?? 0
}

/**
 * Something comes after the cursor of one of the queue's streams. Reads the head of each, so that it costs the same for
 * ten messages and for a million.
 */
export const hasWaiting = async (db: Db, queueId: string): Promise<boolean> => {
  const cursorOf = (stream: RawBuilder<string>) => sql`coalesce((
    select to_position from claims where queue_id = ${queueId} and stream = ${stream} order by number desc limit 1
  ), 0)`
  const { rows } = await sql<{ isWaiting: boolean }>`
    with recursive streams as (
      (select stream from retries where queue_id = ${queueId} order by stream limit 1)
      union all
      select (select r.stream from retries r where r.queue_id = ${queueId} and r.stream > s.stream order by r.stream limit 1)
      from streams s where s.stream is not null
    )
    select exists (
      select from messages where queue_id = ${queueId} and position > ${cursorOf(sql`''`)}
    ) or exists (
      select from streams s where s.stream is not null and exists (
        select from retries r
        where r.queue_id = ${queueId} and r.stream = s.stream and r.position > ${cursorOf(sql`s.stream`)}
      )
    ) as "isWaiting"`.execute(db)
  return rows[0]?.isWaiting ?? false
}
