import { type Db, sql } from '#platform/database/database'

export type ReleasedNotice = {
  readonly messageId: string
  readonly customerId: string
  readonly caseId: string
  /** Of the number on file now. */
  readonly phoneValue: Buffer
  /** What the campaign's text is. */
  readonly text: string
  readonly textBy: string | null
  /** When the doubtful message that this one repeats was sent: it is not counted against its own repetition. */
  readonly repeatsSentAt: Date | null
}

export const listReleasedNotices = async (
  tx: Db,
  messageIds: readonly string[],
): Promise<readonly ReleasedNotice[]> => {
  const { rows } = await sql<ReleasedNotice>`
    select m.id as "messageId", m.customer_id as "customerId", m.case_id as "caseId", k.phone_value as "phoneValue",
      c.notice_text as text, c.text_by as "textBy",
      (select s.sent_at from message_states s where s.message_id = m.repeats) as "repeatsSentAt"
    from messages m
    join customers k on k.id = m.customer_id
    join campaigns c on c.id = m.campaign_id
    where m.id = any(${[...messageIds]}::uuid[])`.execute(tx)
  return rows
}

/**
 * Locks the open cases behind these phones until the transaction ends, so that nobody is sent two notices at once, and
 * none in the moment in which a hold or an answer is written. What somebody else has locked is not waited for.
 * @returns the phones (as hex) of which a case is in other hands.
 */
export const lockPhones = async (tx: Db, phoneValues: readonly Buffer[]): Promise<ReadonlySet<string>> => {
  const behind = sql`
    from cases c
    where c.closed_at is null
      -- As an array: joined, all cases and all customers would be read as long as PostgreSQL knows nothing of them yet.
      and c.customer_id = any(array(select id from customers where phone_value = any(${[...phoneValues]}::bytea[])))`
  const [locked, all] = await Promise.all([
    sql<{ id: string }>`select c.id ${behind} order by c.customer_id, c.id for no key update of c skip locked`.execute(
      tx,
    ),
    sql<{ id: string; phone: string }>`
      select c.id, (select encode(phone_value, 'hex') from customers where id = c.customer_id) as phone ${behind}`.execute(
      tx,
    ),
  ])
  const ours = new Set(locked.rows.map(({ id }) => id))
  return new Set(all.rows.filter(({ id }) => !ours.has(id)).map(({ phone }) => phone))
}
