import { type Db, sql } from '#platform/database/database'
import { newId } from '#platform/ids'
import type { Lane, MessageClass } from './message.rules.ts'

export type DueMessage = {
  readonly messageId: string
  readonly customerId: string
  readonly class: MessageClass
  readonly caseId: string | null
  readonly campaignId: string | null
  readonly phoneValue: Buffer
  readonly sender: string
  readonly reference: number
  readonly partCount: number
  readonly validUntil: Date | null
  readonly notBefore: Date
}

/** Takes up to `limit` messages that are due out of the outbox; other workers pass them by until this transaction ends. */
export const takeDue = async (tx: Db, lane: Lane, limit: number, now: Date): Promise<readonly DueMessage[]> => {
  const { rows } = await sql<DueMessage>`
    with due as (
      select lane, not_before, message_id from outbox
      where lane = ${lane} and not_before <= ${now}
      order by not_before, message_id
      limit ${limit}
      for update skip locked
    ), taken as (
      delete from outbox o using due
      where o.lane = due.lane and o.not_before = due.not_before and o.message_id = due.message_id
      returning o.message_id, o.not_before
    )
    select m.id as "messageId", m.customer_id as "customerId", m.class, m.case_id as "caseId",
      m.campaign_id as "campaignId", m.phone_value as "phoneValue", m.sender, m.reference,
      m.part_count as "partCount", m.valid_until as "validUntil", t.not_before as "notBefore"
    from taken t join messages m on m.id = t.message_id
    order by t.not_before, m.id`.execute(tx)
  return rows
}

/** Puts a message back, to be looked at again from `notBefore` on. */
export const putBack = async (tx: Db, lane: Lane, message: DueMessage, notBefore: Date): Promise<void> => {
  await tx
    .insertInto('outbox')
    .values({ lane, message_id: message.messageId, customer_id: message.customerId, not_before: notBefore })
    .execute()
}

export type MessageEvent = {
  readonly messageId: string
  readonly customerId: string
  readonly state:
    | 'deferred'
    | 'excluded'
    | 'sending'
    | 'submitted'
    | 'refused'
    | 'requeued'
    | 'unknown'
    | 'delivered'
    | 'failed'
    | 'expired'
  readonly part?: number
  readonly gateway?: string
  readonly carrierId?: string
  readonly worker?: string
  readonly because?: string
  readonly facts?: object
}

/** Adds lines to the log of messages; nothing there is ever changed. */
export const appendEvents = async (tx: Db, events: readonly MessageEvent[], now: Date): Promise<void> => {
  if (events.length === 0) return
  await tx
    .insertInto('message_events')
    .values(
      events.map((event) => ({
        message_id: event.messageId,
        id: newId(now),
        customer_id: event.customerId,
        state: event.state,
        part: event.part ?? 1,
        gateway: event.gateway ?? null,
        carrier_id: event.carrierId ?? null,
        worker: event.worker ?? null,
        because: event.because ?? null,
        facts: event.facts === undefined ? null : JSON.stringify(event.facts),
        at: now,
      })),
    )
    .execute()
}

/** A message that the rules let go, and why. */
export type ReleasedMessage = DueMessage & { readonly reasons: object | null }

/** Writes down the intent: after this commits and until the answer is recorded, the message may have left. */
export const markSending = async (
  tx: Db,
  messages: readonly ReleasedMessage[],
  by: { readonly worker: string; readonly gateway: string },
  now: Date,
): Promise<void> => {
  if (messages.length === 0) return
  await tx
    .insertInto('sending')
    .values(
      messages.map(({ messageId, customerId }) => ({
        message_id: messageId,
        customer_id: customerId,
        worker: by.worker,
        since: now,
      })),
    )
    .execute()
  await appendEvents(
    tx,
    messages.map(({ messageId, customerId, reasons }) => ({
      messageId,
      customerId,
      state: 'sending',
      ...by,
      ...(reasons && { facts: reasons }),
    })),
    now,
  )
}

/** Ends what `markSending` began. */
export const markSent = async (tx: Db, messageIds: readonly string[]): Promise<void> => {
  await tx
    .deleteFrom('sending')
    .where('message_id', 'in', [...messageIds])
    .execute()
}

/** A body that held a code is not needed any more. */
export const purgeBodies = async (tx: Db, messageIds: readonly string[]): Promise<void> => {
  await tx
    .deleteFrom('message_bodies')
    .where('message_id', 'in', [...messageIds])
    .execute()
}

/** The sealed bodies and the campaigns' texts of these messages. */
export const listTexts = async (
  db: Db,
  messages: readonly DueMessage[],
): Promise<ReadonlyMap<string, { readonly sealed: Buffer } | { readonly text: string }>> => {
  const { rows } = await sql<{ id: string; sealed: Buffer | null; text: string | null }>`
    select m.id, b.sealed, c.notice_text as text
    from messages m
    left join message_bodies b on b.message_id = m.id
    left join campaigns c on c.id = m.campaign_id
    where m.id = any(${messages.map(({ messageId }) => messageId)}::uuid[])`.execute(db)
  const found = new Map<string, { readonly sealed: Buffer } | { readonly text: string }>()
  for (const { id, sealed, text } of rows) {
    if (sealed !== null) found.set(id, { sealed })
    else if (text !== null) found.set(id, { text })
  }
  return found
}

/** How often a message was put back because a carrier was not ready for it. */
export const countRequeued = async (db: Db, messageIds: readonly string[]): Promise<ReadonlyMap<string, number>> => {
  const { rows } = await sql<{ id: string; count: number }>`
    select message_id as id, count(*)::int as count from message_events
    where message_id = any(${[...messageIds]}::uuid[]) and state = 'requeued'
    group by message_id`.execute(db)
  return new Map(rows.map(({ id, count }) => [id, count]))
}
