import { type Db, sql } from '#platform/database/database'
import { newId } from '#platform/ids'
import type { Vault } from '#platform/vault/vault'

/** Where the sealed question belongs: it opens nowhere else. */
const questionPlace = (id: string) => ({ table: 'searches', column: 'sealed', row: id })

/** A working day: the list of results can be gone back to until the session ends. */
const keptMs = 12 * 3_600_000

/** What is forgotten with each new question, so that it never becomes much. */
const forgottenMax = 100

/** Remembers what was asked, so that it stands in no address; forgets what is old. */
export const insertSearch = async (
  tx: Db,
  vault: Vault,
  { typed, sessionId }: { readonly typed: string; readonly sessionId: string },
  now: Date,
): Promise<string> => {
  const id = newId(now)
  await tx
    .insertInto('searches')
    .values({ id, sealed: vault.seal(questionPlace(id), typed), session_id: sessionId, searched_at: now })
    .execute()
  await sql`
    delete from searches where id in (
      select id from searches where searched_at < ${new Date(now.getTime() - keptMs)} limit ${forgottenMax}
    )`.execute(tx)
  return id
}

/** What was asked: by this session, for nobody else has this list. */
export const findSearch = async (
  db: Db,
  vault: Vault,
  { id, sessionId }: { readonly id: string; readonly sessionId: string },
): Promise<string | undefined> => {
  const row = await db
    .selectFrom('searches')
    .select('sealed')
    .where('id', '=', id)
    .where('session_id', '=', sessionId)
    .executeTakeFirst()
  return row && vault.open(questionPlace(id), row.sealed).toString()
}
