import { type Db, sql } from '#platform/database/database'
import { newId } from '#platform/ids'

export type ReceivedReceipt = {
  readonly gateway: string
  readonly carrierId: string
  readonly state: string
  readonly errorCode?: string
  readonly reference?: number
  readonly raw: string
}

/** Keeps a receipt as it came: also one that is early, repeated, or for a message nobody knows. */
export const keepReceipt = async (tx: Db, receipt: ReceivedReceipt, now: Date): Promise<void> => {
  await tx
    .insertInto('receipts')
    .values({
      id: newId(now),
      gateway: receipt.gateway,
      carrier_id: receipt.carrierId,
      state: receipt.state,
      error_code: receipt.errorCode ?? null,
      reference: receipt.reference ?? null,
      raw: receipt.raw,
      received_at: now,
      matched_message: null,
    })
    .execute()
}

/**
 * Ties receipts to the messages that carry their carrier's id, or, where the response was lost, to the one doubtful
 * message of the last day with our reference. Receipts in final states become lines of the message's log.
 * @returns how many were tied.
 */
export const matchReceipts = async (tx: Db, now: Date): Promise<number> => {
  const { rows } = await sql`
    with waiting as (
      select id, gateway, carrier_id, state, error_code, reference, received_at from receipts
      where matched_message is null and received_at > ${daysBefore(now, 7)}
      order by id limit 1000 for update skip locked
    ), by_id as (
      select distinct on (w.id) w.*, e.message_id, e.customer_id, e.part, false as lost_response
      from waiting w
      join message_events e on e.gateway = w.gateway and e.carrier_id = w.carrier_id and e.state = 'submitted'
      order by w.id, e.id desc
    ), by_reference as (
      select distinct on (w.id) w.*, s.message_id, s.customer_id, 1 as part, true as lost_response
      from waiting w
      join messages m on m.reference = w.reference and m.queued_at > ${daysBefore(now, 1)} and m.part_count = 1
      join message_states s on s.message_id = m.id and s.state = 'unknown'
      where w.reference is not null and not exists (select from by_id b where b.id = w.id)
      order by w.id, m.queued_at desc
    ), matched as (
      select * from by_id union all select * from by_reference
    ), tied as (
      update receipts r set matched_message = m.message_id from matched m where r.id = m.id returning r.id
    ), lines as (
      insert into message_events (message_id, id, customer_id, state, part, gateway, carrier_id, because, at)
      select message_id, gen_random_uuid(), customer_id, 'submitted', part, gateway, carrier_id, 'receipt', ${now}
      from matched where lost_response
      union all
      select message_id, gen_random_uuid(), customer_id, state, part, null, null, error_code, received_at
      from matched where state in ('delivered', 'failed', 'expired')
    )
    select id from tied`.execute(tx)
  return rows.length
}

const daysBefore = (now: Date, days: number): Date => new Date(now.getTime() - days * 86_400_000)
