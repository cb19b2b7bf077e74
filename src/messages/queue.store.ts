import { sql, type Transaction, withAdvisoryLock } from '#platform/database/database'
import { newId } from '#platform/ids'
import type { Vault } from '#platform/vault/vault'
import { assert } from '#values/assert'
import { bodyPlace } from './content.store.ts'
import { queueLock } from './lock-names.ts'
import { codeQueue, type MessageClass } from './message.rules.ts'

export type NewMessage = {
  readonly id?: string
  readonly customerId: string
  readonly class: MessageClass
  readonly caseId?: string
  /** Of a notice: its campaign is its queue. */
  readonly campaignId?: string
  /** HMAC of the number on file: what is counted per phone. */
  readonly phoneValue: Buffer
  readonly sender: string
  readonly partCount: number
  readonly validUntil?: Date
  /** The doubtful message that this one repeats. */
  readonly repeats?: string
}

/** Puts one message with its own text into the outbox, in the transaction of its cause. The text is sealed. */
export const queueMessage = async (
  tx: Transaction,
  vault: Vault,
  message: NewMessage & { readonly text: string },
  now: Date,
): Promise<string> => {
  const id = message.id ?? newId(now)
  await queueNotices(tx, [{ ...message, id }], now)
  await tx
    .insertInto('message_bodies')
    .values({ message_id: id, sealed: vault.seal(bodyPlace(id), message.text) })
    .execute()
  return id
}

/** Puts messages into the outbox whose text is their campaign's. */
export const queueNotices = async (
  tx: Transaction,
  messages: readonly NewMessage[],
  now: Date,
): Promise<readonly string[]> => {
  const rows = messages.map((message) => ({
    ...message,
    id: message.id ?? newId(now),
    queueId: message.class === 'notice' ? message.campaignId : codeQueue,
  }))
  if (rows.length === 0) return []
  const column = <T>(of: (row: (typeof rows)[number]) => T): readonly T[] => rows.map(of)
  // Positions must commit in their order, or a cursor would pass over the one that comes late.
  for (const queueId of [...new Set(column((row) => row.queueId))].sort()) {
    assert(queueId !== undefined, 'a notice has a campaign')
    await withAdvisoryLock(tx, queueLock(queueId))
  }
  await sql`
    insert into messages (customer_id, id, class, case_id, campaign_id, queue_id, position, phone_value, sender,
      reference, part_count, valid_until, repeats, queued_at)
    select q.customer_id, q.id, q.class, q.case_id, q.campaign_id, q.queue_id, nextval('message_positions'),
      q.phone_value, q.sender, q.reference, q.part_count, q.valid_until, q.repeats, ${now}
    from unnest(
      ${column(({ customerId }) => customerId)}::uuid[], ${column(({ id }) => id)}::uuid[],
      ${column((row) => row.class)}::text[], ${column(({ caseId }) => caseId ?? null)}::uuid[],
      ${column(({ campaignId }) => campaignId ?? null)}::uuid[], ${column(({ queueId }) => queueId)}::uuid[],
      ${column(({ phoneValue }) => phoneValue)}::bytea[],
      ${column(({ sender }) => sender)}::text[], ${column(({ id }) => referenceOf(id))}::int[],
      ${column(({ partCount }) => partCount)}::int[], ${column(({ validUntil }) => validUntil ?? null)}::timestamptz[],
      ${column(({ repeats }) => repeats ?? null)}::uuid[]
    ) as q (customer_id, id, class, case_id, campaign_id, queue_id, phone_value, sender, reference, part_count,
      valid_until, repeats)`.execute(tx)
  await wakeSenders(tx)
  return rows.map(({ id }) => id)
}

/** Tells waiting senders, when this transaction commits, that there is something to send. */
export const wakeSenders = async (tx: Transaction): Promise<void> => {
  await sql`select pg_notify('annai_work', 'outbox')`.execute(tx)
}

/** 16 bits of the id's random end, sent as `user_message_reference` and found again in receipts. */
const referenceOf = (id: string): number => Number.parseInt(id.slice(-4), 16)
