import { type Db, sql } from '#platform/database/database'
import type { Vault } from '#platform/vault/vault'
import { decodeUcs2 } from '#values/ucs-2'
import type { CarrierJournal, JournalEntry, TakenMessage } from './carrier-journal.ts'
import { ordinary } from './carrier-numbers.rules.ts'

const place = (id: string) => ({ table: 'sandbox_messages', column: 'sealed', row: id })

/** The journal in the demo's own database. Texts are sealed: codes are among them. */
export const carrierJournal = (db: Db, vault: Vault): CarrierJournal => ({
  async taken(message) {
    const { id, submittedAt, dueAt, validUntil: _, ...rest } = message
    const times = { submittedAt: submittedAt.getTime(), dueAt: dueAt.getTime() }
    const plain = JSON.stringify({ ...rest, ...times })
    await db
      .insertInto('sandbox_messages')
      .values({ id, sealed: vault.seal(place(id), plain), taken_at: submittedAt })
      .execute()
  },
  async ended(id, at) {
    await db.updateTable('sandbox_messages').set({ ended_at: at }).where('id', '=', id).execute()
  },
  async acknowledged(id) {
    await db.updateTable('sandbox_messages').set({ is_acknowledged: true }).where('id', '=', id).execute()
  },
})

/** What an earlier run has written down, in the order in which it was taken; the newest `limit` of it. */
export const readJournal = async (db: Db, vault: Vault, limit: number): Promise<readonly JournalEntry[]> => {
  const { rows } = await sql<{ id: string; sealed: Buffer; endedAt: Date | null; isAcknowledged: boolean }>`
    select * from (
      select id, sealed, ended_at as "endedAt", is_acknowledged as "isAcknowledged", taken_at from sandbox_messages
      order by taken_at desc, id desc limit ${limit}
    ) newest order by taken_at, id`.execute(db)
  return rows.map(({ id, sealed, endedAt, isAcknowledged }) => {
    const plain = JSON.parse(vault.open(place(id), sealed).toString('utf8')) as SealedMessage
    const { text = decodeUcs2(Buffer.from(plain.body ?? '', 'base64')) ?? '', conduct, body: _, ...rest } = plain
    const times = { submittedAt: new Date(plain.submittedAt), dueAt: new Date(plain.dueAt) }
    const message = { ...earliest, ...rest, ...times, id, text, conduct: { ...ordinary, ...conduct } }
    return { message, isAcknowledged, ...(endedAt && { endedAt }) }
  })
}

/** What the first version did not write down: it knew one account, and wrote bytes in UCS-2 instead of the text. */
const earliest = { key: '', account: 'annai', answer: 'answered' as const }

type SealedMessage = Omit<TakenMessage, 'id' | 'text' | 'submittedAt' | 'dueAt' | 'validUntil'> & {
  readonly text?: string
  readonly body?: string
  readonly submittedAt: number
  readonly dueAt: number
}
