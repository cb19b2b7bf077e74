import { type Database, type Db, inPipeline, type RawBuilder, sql, type Transaction } from '#platform/database/database'
import { firstIdAt, newId } from '#platform/ids'
import { appending, appendLines, type LogLine, stateOf } from './log.store.ts'

export type ReceivedReceipt = {
  readonly carrierId: string
  readonly state: string
  readonly errorCode?: string
  readonly reference?: number
  /** HMAC of the phone; asked only of a receipt whose message is not known. */
  readonly phoneValue?: Buffer | undefined
  readonly raw: string
}

/** Carriers try for days; a receipt that is later than this stays among those of unknown messages. */
const receiptLifeMs = 35 * 86_400_000
/** A doubtful message is looked for by its reference only this long: 16 bits come round again. */
const doubtfulLifeMs = 86_400_000

const ago = (now: Date, ms: number): Date => new Date(now.getTime() - ms)

/** The message that a carrier's id was given to. */
export type Known = { readonly messageId: string; readonly part: number }

/**
 * Keeps receipts as they came: a line of the message that carries the carrier's id, else a row that waits for its
 * message, which may be known later or never.
 */
export const insertReceipts = async (
  db: Database,
  gateway: string,
  receipts: readonly ReceivedReceipt[],
  now: Date,
  remembered: (carrierId: string) => Known | undefined = () => undefined,
): Promise<void> => {
  const lines: LogLine[] = []
  const strangers: ReceivedReceipt[] = []
  for (const receipt of receipts) {
    const known = remembered(receipt.carrierId)
    if (known === undefined) strangers.push(receipt)
    else lines.push(lineOf(known, gateway, receipt))
  }
  if (strangers.length === 0) return appendLines(db, lines, now)
  await inPipeline(db, async ({ send, last, tx }) => {
    send(sql`select ${byIndex}`)
    const { rows } = await send(findingTaken(strangers, gateway, now))
    const byId = new Map(rows.map(({ carrierId, ...known }) => [carrierId, known]))
    const others: ReceivedReceipt[] = []
    for (const receipt of strangers) {
      const known = byId.get(receipt.carrierId)
      if (known === undefined) others.push(receipt)
      else lines.push(lineOf(known, gateway, receipt))
    }
    if (lines.length > 0) last(sql`with ${appending(lines, now)} select`)
    if (others.length > 0) await insertWaiting(tx, gateway, others, now)
  })
}

/** Lists of the carriers' ids can only be looked up in bulk. */
const byIndex = sql`set_config('enable_seqscan', 'off', true)`

const findingTaken = (
  receipts: readonly ReceivedReceipt[],
  gateway: string,
  now: Date,
): RawBuilder<Known & { readonly carrierId: string }> => sql`
  select g.carrier_id as "carrierId", t.message_id as "messageId", t.part
  from unnest(${receipts.map(({ carrierId }) => carrierId)}::text[]) as g (carrier_id)
  cross join lateral ${takenAs(sql`${gateway}::text`, sql`g.carrier_id`, now)} t
  where g.carrier_id <> ''`

/** The newest message that this gateway's carrier has given this id to, in a claim's end or in a line of its own. */
const takenAs = (gateway: RawBuilder<unknown>, carrierId: RawBuilder<unknown>, now: Date): RawBuilder<unknown> => sql`(
  select message_id, part from (
    (
      select message_id, part, at from message_events
      where gateway = ${gateway} and carrier_id = ${carrierId} and state = 'submitted'
        and message_id >= ${firstIdAt(ago(now, receiptLifeMs))}
      order by number desc limit 1
    )
    union all
    (
      select c.message_ids[i.place], 1::smallint, e.at
      from claim_ends e
      cross join lateral (select array_position(e.carrier_ids, ${carrierId}) as place) i
      join claims c on c.queue_id = e.queue_id and c.stream = e.stream and c.number = e.number
      where e.carrier_ids @> array[${carrierId}] and e.gateway = ${gateway}
        and c.message_ids[i.place] >= ${firstIdAt(ago(now, receiptLifeMs))}
      order by e.at desc limit 1
    )
  ) found order by at desc limit 1
)`

const lineOf = ({ messageId, part }: Known, gateway: string, { state, errorCode, raw }: ReceivedReceipt): LogLine => ({
  messageId,
  state: state === 'delivered' || state === 'failed' || state === 'expired' ? state : 'reported',
  part,
  gateway,
  ...(errorCode !== undefined && { because: errorCode }),
  raw,
})

const insertWaiting = async (
  db: Db,
  gateway: string,
  receipts: readonly ReceivedReceipt[],
  now: Date,
): Promise<void> => {
  await db
    .insertInto('receipts')
    .values(
      receipts.map(({ carrierId, state, errorCode, reference, phoneValue, raw }) => ({
        id: newId(now),
        gateway,
        carrier_id: carrierId,
        state,
        error_code: errorCode ?? null,
        reference: reference ?? null,
        phone_value: phoneValue ?? null,
        raw,
        received_at: now,
      })),
    )
    .execute()
}

/** A receipt on the way says only that the carrier has it. */
const lineState = sql`case when state in ('delivered', 'failed', 'expired') then state else 'reported' end`

/** Most of the time nothing waits. */
export const hasWaitingReceipts = async (db: Db, since: Date): Promise<boolean> => {
  const { rows } = await sql`select from receipts where id >= ${firstIdAt(since)} limit 1`.execute(db)
  return rows.length > 0
}

/**
 * Ties receipts that wait to their messages: by the carrier's id once the answer is recorded; or, where the answer was
 * lost or gave no id, to the one message of the last day with our reference, or of that phone where neither is named.
 * Whoever calls this is alone: receipts that wait are not locked, which would write to each of them every time.
 * @returns how many were tied.
 */
export const tieReceipts = async (tx: Transaction, { since, now }: { readonly since: Date; readonly now: Date }) => {
  // Those that wait are the last of a table that may be long.
  await sql`select ${byIndex}`.execute(tx)
  const { rows } = await sql`
    with waiting as materialized (
      select * from receipts where id >= ${firstIdAt(since)}
    ), by_id as (
      select w.*, e.message_id, e.part, false as lost_answer
      from waiting w
      cross join lateral ${takenAs(sql`w.gateway`, sql`nullif(w.carrier_id, '')`, now)} e
    ), perhaps as (
      select w.id, w.carrier_id, m.message_id, m.customer_id, m.is_by_phone
      from waiting w
      cross join lateral (
        select id as message_id, customer_id, false as is_by_phone from messages
        where reference = w.reference and (w.phone_value is null or phone_value = w.phone_value)
          and id >= ${firstIdAt(ago(now, doubtfulLifeMs))}
        union all
        select id, customer_id, true from messages
        where w.reference is null and w.carrier_id = '' and phone_value = w.phone_value
          and id >= ${firstIdAt(ago(now, doubtfulLifeMs))} and queued_at >= ${ago(now, doubtfulLifeMs)}
      ) m
      -- Looked up for each; "exists" would read whole months to join them.
      cross join lateral (
        select from message_lines e
        where e.message_id = m.message_id and e.state = 'sending' and e.gateway = w.gateway limit 1
      ) sent
      where not exists (select from by_id b where b.id = w.id)
    ), candidates as (
      -- A carrier that gives ids has given one to what it took: then only lost answers are in question. Where it names the
      -- phone alone, a second receipt of a message that has ended is one, too.
      select p.*, s.state, s.state = 'unknown' as lost_answer, count(*) over (partition by p.id) as count
      from perhaps p
      cross join lateral ${stateOf(sql`p`)} s
      where s.state in ('unknown', 'sending') or (p.carrier_id = '' and s.state = 'submitted') or p.is_by_phone
    ), by_doubt as (
      select w.*, c.message_id, 1::smallint as part, c.lost_answer
      from waiting w
      join candidates c on c.id = w.id
      -- Two that it may speak of are none: a wrong "delivered" is worse than an honest "unknown".
      where c.state in ('unknown', 'submitted') and c.count = 1
    ), tied as materialized (
      select * from by_id union all select * from by_doubt
    ), lines as (
      insert into message_events (message_id, state, part, gateway, carrier_id, because, raw, at)
      select message_id, line.state, part, gateway, line.carrier_id, line.because, line.raw, received_at
      from tied
      cross join lateral (
        select 'submitted' as state, nullif(carrier_id, '') as carrier_id, 'receipt' as because, null as raw
        where lost_answer
        union all
        select ${lineState}, null, error_code, raw
      ) line
      order by tied.id
    )
    delete from receipts where id = any (array(select id from tied)) returning id`.execute(tx)
  return rows.length
}
