import { type Db, sql } from '#platform/database/database'
import type { NewMessage } from './queue.store.ts'

/** The workers that have messages in their hands. */
export const listSendingWorkers = async (db: Db): Promise<readonly string[]> => {
  const rows = await db.selectFrom('sending').select('worker').distinct().execute()
  return rows.map(({ worker }) => worker)
}

/** Takes over what a dead worker left: nobody knows whether those bytes left, so each becomes doubtful. */
export const takeFromWorker = async (
  tx: Db,
  worker: string,
): Promise<readonly { readonly messageId: string; readonly customerId: string }[]> => {
  const rows = await tx
    .deleteFrom('sending')
    .where('worker', '=', worker)
    .returning(['message_id as messageId', 'customer_id as customerId'])
    .execute()
  return rows
}

/** Notices that are doubtful since before `before`, were not repeated yet and are no repeat themselves. */
export const listDoubtfulNotices = async (
  tx: Db,
  { before, notOlderThan }: { readonly before: Date; readonly notOlderThan: Date },
): Promise<readonly Omit<NewMessage, 'notBefore'>[]> => {
  const { rows } = await sql<Omit<NewMessage, 'notBefore'>>`
    select m.customer_id as "customerId", m.class, m.case_id as "caseId", m.campaign_id as "campaignId",
      m.phone_value as "phoneValue", m.sender, m.part_count as "partCount", m.id as repeats
    from message_events e
    join messages m on m.id = e.message_id and m.class = 'notice' and m.repeats is null
    join message_states s on s.message_id = m.id and s.state = 'unknown'
    where e.state = 'unknown' and e.at <= ${before} and e.at > ${notOlderThan}
      and not exists (select from messages r where r.repeats = m.id)
    group by m.customer_id, m.id
    order by m.id
    limit 500`.execute(tx)
  return rows
}
