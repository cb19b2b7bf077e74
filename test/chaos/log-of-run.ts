import { sql } from '#platform/database/database'
import type { World } from '../../src/main/world.ts'
import type { LoggedLine, LoggedMessage } from './compare.rules.ts'

/** Every message with its state as the program tells it, and those of its lines that say how it went. */
export const readLog = async ({ db }: Pick<World, 'db'>): Promise<readonly LoggedMessage[]> => {
  const messages = new Map<string, LoggedMessage & { readonly lines: LoggedLine[] }>()
  for (let after = firstId; ; ) {
    const { rows } = await sql<Omit<LoggedMessage, 'lines'>>`
      select m.id, m.class, k.customer_number as customer, m.repeats, s.state
      from (select * from messages where id > ${after} order by id limit ${pageMax}) m
      join customers k on k.id = m.customer_id
      join message_states s on s.customer_id = m.customer_id and s.message_id = m.id
      order by m.id`.execute(db)
    for (const row of rows) messages.set(row.id, { ...row, lines: [] })
    for (const { messageId, ...line } of await readLines(
      db,
      rows.map(({ id }) => id),
    ))
      messages.get(messageId)?.lines.push(line)
    const last = rows.at(-1)
    if (last === undefined) break
    after = last.id
  }
  return [...messages.values()]
}

const readLines = async (db: World['db'], ids: readonly string[]) => {
  const { rows } = await sql<LoggedLine & { messageId: string }>`
    select l.message_id as "messageId", l.state, l.carrier_id as "carrierId", l.because
    from unnest(${ids}::uuid[]) as i (id)
    cross join lateral (
      select * from message_lines where message_id = i.id
        and state in ('excluded', 'submitted', 'refused', 'unknown', 'delivered', 'failed', 'expired')
      limit all
    ) l
    order by l.message_id, l.number`.execute(db)
  return rows
}

/** The carrier's ids in receipts that wait for a message. */
export const readWaitingReceipts = async ({ db }: Pick<World, 'db'>): Promise<ReadonlySet<string>> => {
  const { rows } = await sql<{ id: string }>`select distinct carrier_id as id from receipts`.execute(db)
  return new Set(rows.map(({ id }) => id))
}

const pageMax = 10_000
const firstId = '00000000-0000-0000-0000-000000000000'
