import { type RawBuilder, sql, type Transaction } from '#platform/database/database'
import { appending, keepingReasons, type LogLine } from './log.store.ts'
import type { Claimant, Stream } from './outbox.ts'
import { streamName } from './stream.store.ts'

export type Retry = { readonly stream: string; readonly messageId: string; readonly notBefore: Date }

/**
 * Moves the cursor, and with it writes down who has which messages in hand, and what the rules said. A message that is
 * first taken from its queue has its line "sending" in the claim's row; one that is tried again has a line of its own.
 */
export const claiming = (
  stream: Stream,
  by: Claimant,
  claim: {
    readonly number: number
    readonly toPosition: number
    readonly sent: readonly { readonly messageId: string; readonly facts?: object }[]
    /** Of those that the rules held back. */
    readonly lines: readonly LogLine[]
    readonly retries: readonly Retry[]
  },
  now: Date,
): RawBuilder<unknown> => {
  const { sent, lines, retries } = claim
  const isFirst = stream.retry === undefined
  const { reasonIds, newReasons } = keepingReasons(isFirst ? sent : [])
  const own = isFirst ? [] : sent.map((of): LogLine => ({ ...of, state: 'sending', gateway: by.gateway }))
  return sql`
    with claimed as (
      insert into claims (queue_id, stream, number, to_position, worker, slot, message_ids, gateway, reasons_ids, at)
      values (${stream.queueId}, ${streamName(stream)}, ${claim.number}, ${claim.toPosition}, ${by.worker}, ${by.slot},
        ${uuids(sent.map(({ messageId }) => messageId))}::uuid[], ${isFirst ? by.gateway : null},
        ${isFirst ? onceOrEach(reasonIds) : null}::uuid[], ${now})
    )${sent.length === 0 ? sql`, ended as (${insertingEnd({ stream, number: claim.number })})` : sql``}
    ${newReasons ? sql`, new_reasons as (${newReasons})` : sql``}
    ${retries.length > 0 ? sql`, new_retries as (${insertingRetries(stream.queueId, retries)})` : sql``}
    ${lines.length + own.length > 0 ? sql`, ${appending([...lines, ...own], now)}` : sql``}
    select`
}

type Open = { readonly stream: Stream; readonly number: number }

const insertingEnd = ({ stream, number }: Open) => sql`
  insert into claim_ends (queue_id, stream, number) values (${stream.queueId}, ${streamName(stream)}, ${number})`

export type Outcome = {
  /** Beside the claim's messages: the carrier's id of each that it took in one part, and null. */
  readonly carrierIds: readonly (string | null)[]
  /** Said whoever has ended the claim. */
  readonly lines: readonly LogLine[]
  /** What happens next, said only by who ends the claim: it may be in somebody's hand already otherwise. */
  readonly ownLines: readonly LogLine[]
  readonly retries: readonly Retry[]
  /** Messages whose own text is not needed any more. */
  readonly purge: readonly string[]
}

/**
 * Ends a claim with what became of its messages. Somebody else has ended it before when this worker was thought dead, or
 * it has said so before: then what the carrier took is told in lines of its own. Retries keep their order only for who
 * holds the queue's lock.
 */
export const ending = (
  { stream, number }: Open,
  gateway: string,
  { carrierIds, lines, ownLines, retries, purge }: Outcome,
  now: Date,
): RawBuilder<unknown> => {
  const hasTaken = carrierIds.some((id) => id !== null)
  const isOurs = sql`exists (select from ended)`
  return sql`
    with told as (
      select ${hasTaken ? [...carrierIds] : null}::text[] as carrier_ids
    ), ended as (
      insert into claim_ends (queue_id, stream, number, gateway, carrier_ids, at)
      select ${stream.queueId}, ${streamName(stream)}, ${number}, ${gateway}::text, carrier_ids, ${now}::timestamptz from told
      on conflict do nothing returning at
    )${
      hasTaken
        ? sql`, told_late as (
            insert into message_events (message_id, state, parts, gateway, carrier_id, at)
            select i.id, 'submitted', 1, ${gateway}::text, nullif(i.carrier_id, ''), ${now}::timestamptz
            from told
            join claims c on c.queue_id = ${stream.queueId} and c.stream = ${streamName(stream)} and c.number = ${number}
            cross join unnest(c.message_ids, told.carrier_ids) as i (id, carrier_id)
            where i.carrier_id is not null and not ${isOurs}
          )`
        : sql``
    }
    ${lines.length > 0 ? sql`, ${appending(lines, now)}` : sql``}
    ${ownLines.length > 0 ? sql`, ${appending(ownLines, now, { name: sql`own_lines`, onlyIf: isOurs })}` : sql``}
    ${retries.length > 0 ? sql`, new_retries as (${insertingRetries(stream.queueId, retries, isOurs)})` : sql``}
    ${purge.length > 0 ? sql`, purged as (delete from message_bodies where message_id = any(${uuids(purge)}::uuid[]))` : sql``}
    select`
}

export const appendRetries = async (tx: Transaction, queueId: string, retries: readonly Retry[]): Promise<void> => {
  if (retries.length > 0) await insertingRetries(queueId, retries).execute(tx)
}

const insertingRetries = (queueId: string, retries: readonly Retry[], onlyIf = sql`true`): RawBuilder<unknown> => sql`
  insert into retries (queue_id, stream, message_id, not_before)
  select ${queueId}::uuid, * from unnest(
    ${retries.map(({ stream }) => stream)}::text[], ${uuids(retries.map(({ messageId }) => messageId))}::uuid[],
    ${retries.map(({ notBefore }) => notBefore)}::timestamptz[]) where ${onlyIf}`

/** As PostgreSQL writes such a list: ids need no quotes, and looking for what does costs as much as the statement. */
export const uuids = (ids: readonly string[]): string => `{${ids.join()}}`

const onceOrEach = (ids: readonly (string | null)[]): readonly (string | null)[] | null => {
  const [first = null] = ids
  if (ids.some((id) => id !== first)) return [...ids]
  return first === null ? null : [first]
}
