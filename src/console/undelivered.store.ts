import { type Db, type RawBuilder, sql } from '#platform/database/database'

/** A number to which the last SMS did not come through, of a customer whose case is open. */
export type UndeliveredNumber = {
  readonly customerId: string
  readonly caseId: string
  readonly messageId: string
  /** Which SMS it was. */
  readonly class: 'notice' | 'code' | 'receipt'
  /** failed, expired: what the carrier's receipt said. refused: the carrier did not take it. */
  readonly state: 'failed' | 'refused' | 'expired'
  /** The carrier's own word. */
  readonly because: string | null
  readonly gateway: string | null
  readonly at: Date
}

export type UndeliveredPlace = Pick<UndeliveredNumber, 'at' | 'messageId'>

export type UndeliveredAsked = {
  readonly state?: UndeliveredNumber['state'] | undefined
  /** Only this one, if it is in the list. */
  readonly messageId?: string | undefined
  /** What failed before is of no use to anybody any more. */
  readonly since: Date
  readonly after?: UndeliveredPlace | undefined
  readonly limit: number
}

/**
 * The latest first. A number is listed once, by its last failure, as long as it is the one on file, nothing has reached
 * it since, nobody has looked at it since, and no hold says that it is somebody else's.
 */
export const listUndelivered = async (
  db: Db,
  { state, messageId, since, after, limit }: UndeliveredAsked,
): Promise<readonly UndeliveredNumber[]> => {
  const { rows } = await sql<UndeliveredNumber>`
    select m.customer_id as "customerId", k.id as "caseId", v.message_id as "messageId", m.class, v.state, v.because,
      v.gateway, v.at
    from message_events v
    join messages m on m.id = v.message_id
    join customers c on c.id = m.customer_id and c.phone_value = m.phone_value
    join cases k on k.customer_id = m.customer_id and k.closed_at is null
    where v.state in ('failed', 'refused', 'expired') and v.blame is distinct from 'gateway' and v.at >= ${since}
      ${messageId === undefined ? sql`` : sql`and v.message_id = ${messageId}`}
      ${state === undefined ? sql`` : sql`and v.state = ${state}`}
      ${after === undefined ? sql`` : sql`and (v.at, v.message_id) < (${after.at}::timestamptz, ${after.messageId}::uuid)`}
      and not exists (${laterOnThatPhone})
      and not exists (
        select from active_holds h where h.customer_id = m.customer_id and h.reason = 'wrong-number'
      )
      and not exists (
        select from work_items w
        where w.customer_id = m.customer_id and w.kind = 'undelivered-number' and w.closed_at >= v.at
      )
    order by v.at desc, v.message_id desc limit ${limit}`.execute(db)
  return rows
}

/** Something came through, or failed again. */
const laterOnThatPhone: RawBuilder<unknown> = sql`
  select from messages n
  join message_events e on e.message_id = n.id
  where n.phone_value = m.phone_value and n.customer_id = m.customer_id
    and e.state in ('delivered', 'failed', 'refused', 'expired') and (e.at, e.number) > (v.at, v.number)`
