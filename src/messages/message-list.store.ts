import { type Db, sql } from '#platform/database/database'
import type { MessageClass } from './message.rules.ts'

export type MessageView = {
  readonly id: string
  readonly customerNumber: string
  readonly class: MessageClass
  readonly campaignId: string | null
  /** The doubtful message that this one repeats. */
  readonly repeats: string | null
  readonly queuedAt: Date
  readonly state: string
  /** The reason on its last line that has one. */
  readonly because: string | null
}

const view = sql`
  select s.message_id as id, k.customer_number as "customerNumber", s.class, s.campaign_id as "campaignId", s.repeats,
    s.queued_at as "queuedAt", s.state, coalesce(
      (select because from message_events e where e.message_id = s.message_id and e.because is not null
        and e.state not in ('sending', 'submitted', 'delivered') order by e.number desc limit 1),
      case when s.state = 'excluded' then 'cancelled' end
    ) as because
  from message_states s join customers k on k.id = s.customer_id`

/** A customer's messages, the newest first. */
export const listMessages = async (db: Db, customerId: string, limit: number): Promise<readonly MessageView[]> =>
  (
    await sql<MessageView>`
      ${view} where s.customer_id = ${customerId} order by s.queued_at desc, s.message_id desc limit ${limit}`.execute(
      db,
    )
  ).rows

export const findMessage = async (db: Db, id: string): Promise<MessageView | undefined> =>
  (await sql<MessageView>`${view} where s.message_id = ${id}`.execute(db)).rows[0]
