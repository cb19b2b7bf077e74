import { type Db, sql } from '#platform/database/database'
import type { Vault } from '#platform/vault/vault'
import type { DueMessage } from './outbox.ts'

/** Where the sealed body of a message belongs: it opens nowhere else. */
export const bodyPlace = (messageId: string) => ({ table: 'message_bodies', column: 'sealed', row: messageId })

/** The texts of these messages: their own, which are sealed, and their campaigns'. */
export const listTexts = async (
  db: Db,
  vault: Vault,
  known: NoticeTexts,
  messages: readonly DueMessage[],
): Promise<ReadonlyMap<string, string>> => {
  const [bodies, notices] = await Promise.all([
    listBodies(
      db,
      messages.flatMap(({ messageId, campaignId }) => (campaignId === null ? [messageId] : [])),
    ),
    known.list(db, new Set(messages.flatMap(({ campaignId }) => campaignId ?? []))),
  ])
  const found = new Map<string, string>()
  for (const { messageId, campaignId } of messages) {
    const sealed = bodies.get(messageId)
    const text = sealed ? vault.open(bodyPlace(messageId), sealed).toString('utf8') : notices.get(campaignId ?? '')
    if (text !== undefined) found.set(messageId, text)
  }
  return found
}

/** The texts of campaigns, which never change: each is read once. */
export type NoticeTexts = { list(db: Db, campaignIds: ReadonlySet<string>): Promise<ReadonlyMap<string, string>> }

/** Campaigns that send at the same time are few. */
const textsKept = 100

export const keepNoticeTexts = (): NoticeTexts => {
  const kept = new Map<string, string>()
  return {
    async list(db, campaignIds) {
      if (kept.size + campaignIds.size > textsKept) kept.clear()
      const missing = [...campaignIds].filter((id) => !kept.has(id))
      for (const [id, text] of await listNoticeTexts(db, missing)) kept.set(id, text)
      return kept
    },
  }
}

const listBodies = async (db: Db, messageIds: readonly string[]): Promise<ReadonlyMap<string, Buffer>> => {
  if (messageIds.length === 0) return new Map()
  const { rows } = await sql<{ id: string; sealed: Buffer }>`
    select message_id as id, sealed from message_bodies where message_id = any(${[...messageIds]}::uuid[])`.execute(db)
  return new Map(rows.map(({ id, sealed }) => [id, sealed]))
}

const listNoticeTexts = async (db: Db, campaignIds: readonly string[]): Promise<ReadonlyMap<string, string>> => {
  if (campaignIds.length === 0) return new Map()
  const { rows } = await sql<{ id: string; text: string }>`
    select id, notice_text as text from campaigns where id = any(${[...campaignIds]}::uuid[])`.execute(db)
  return new Map(rows.map(({ id, text }) => [id, text]))
}

/** A body that held a code is not needed any more. */
export const purgeBodies = async (db: Db, messageIds: readonly string[]): Promise<void> => {
  await sql`delete from message_bodies where message_id = any(${[...messageIds]}::uuid[])`.execute(db)
}

/** The gateways that were not ready for each message, in order. */
export const listTries = async (
  db: Db,
  messageIds: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> => {
  const { rows } = await sql<{ id: string; gateways: string[] }>`
    select message_id as id, array_agg(gateway order by number) as gateways from message_events
    where message_id = any(${[...messageIds]}::uuid[]) and state = 'requeued'
    group by message_id`.execute(db)
  return new Map(rows.map(({ id, gateways }) => [id, gateways]))
}
