import { type Db, sql } from '#platform/database/database'
import { newId } from '#platform/ids'
import type { Vault } from '#platform/vault/vault'
import type { MessageClass } from './message.rules.ts'
import { laneOf } from './message.rules.ts'

export type NewMessage = {
  readonly id?: string
  readonly customerId: string
  readonly class: MessageClass
  readonly caseId?: string
  readonly campaignId?: string
  /** HMAC of the number on file: what is counted per phone. */
  readonly phoneValue: Buffer
  readonly sender: string
  readonly partCount: number
  readonly validUntil?: Date
  /** The doubtful message that this one repeats. */
  readonly repeats?: string
  readonly notBefore: Date
}

/** Where the sealed body of a message belongs: it opens nowhere else. */
export const bodyPlace = (messageId: string) => ({ table: 'message_bodies', column: 'sealed', row: messageId })

/** Puts one message with its own text into the outbox, in the transaction of its cause. The text is sealed. */
export const queueMessage = async (
  tx: Db,
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
export const queueNotices = async (tx: Db, messages: readonly NewMessage[], now: Date): Promise<readonly string[]> => {
  const rows = messages.map((message) => ({ ...message, id: message.id ?? newId(now) }))
  if (rows.length === 0) return []
  const column = <T>(of: (row: (typeof rows)[number]) => T): readonly T[] => rows.map(of)
  // Arrays and one statement for both tables: a campaign queues a million of these.
  await sql`
    with queued as (
      select * from unnest(
        ${column(({ customerId }) => customerId)}::uuid[], ${column(({ id }) => id)}::uuid[],
        ${column((row) => row.class)}::text[], ${column(({ caseId }) => caseId ?? null)}::uuid[],
        ${column(({ campaignId }) => campaignId ?? null)}::uuid[], ${column(({ phoneValue }) => phoneValue)}::bytea[],
        ${column(({ sender }) => sender)}::text[], ${column(({ id }) => referenceOf(id))}::int[],
        ${column(({ partCount }) => partCount)}::int[], ${column(({ validUntil }) => validUntil ?? null)}::timestamptz[],
        ${column(({ repeats }) => repeats ?? null)}::uuid[], ${column((row) => laneOf(row.class))}::text[],
        ${column(({ notBefore }) => notBefore)}::timestamptz[]
      ) as q (customer_id, id, class, case_id, campaign_id, phone_value, sender, reference, part_count, valid_until,
        repeats, lane, not_before)
    ), written as (
      insert into messages (customer_id, id, class, case_id, campaign_id, phone_value, sender, reference, part_count,
        valid_until, repeats, queued_at)
      select customer_id, id, class, case_id, campaign_id, phone_value, sender, reference, part_count, valid_until,
        repeats, ${now} from queued
    )
    insert into outbox (lane, message_id, customer_id, not_before)
    select lane, id, customer_id, not_before from queued`.execute(tx)
  await wakeSenders(tx)
  return rows.map(({ id }) => id)
}

/** Tells waiting senders, when this transaction commits, that there is something to send. */
export const wakeSenders = async (tx: Db): Promise<void> => {
  await sql`select pg_notify('annai_work', 'outbox')`.execute(tx)
}

/** 16 bits of the id's random end, sent as `user_message_reference` and found again in receipts. */
const referenceOf = (id: string): number => Number.parseInt(id.slice(-4), 16)
