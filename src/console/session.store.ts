import type { Db } from '#platform/database/database'
import type { Operator } from './operator.ts'
import { isRole } from './roles.rules.ts'
import type { SessionEnding, SessionTimes } from './session.rules.ts'

export type StoredSession = SessionTimes & { readonly operator: Operator }

/** By the hash of the cookie: the database alone lets nobody in. */
export const findSession = async (db: Db, tokenHash: Buffer): Promise<StoredSession | undefined> => {
  const row = await db
    .selectFrom('operator_sessions')
    .select(['id', 'subject', 'name', 'roles', 'opened_at', 'last_seen_at', 'ended_because'])
    .where('token_hash', '=', tokenHash)
    .executeTakeFirst()
  return (
    row && {
      operator: { sessionId: row.id, subject: row.subject, name: row.name, roles: row.roles.filter(isRole) },
      openedAt: row.opened_at,
      lastSeenAt: row.last_seen_at,
      endedBecause: row.ended_because as SessionEnding | null,
    }
  )
}

export const insertSession = async (
  db: Db,
  { sessionId, subject, name, roles, tokenHash, idToken }: Operator & NewSession,
  now: Date,
): Promise<void> => {
  const person = { name, roles: [...roles], signed_in_at: now }
  await db
    .insertInto('operators')
    .values({ subject, ...person })
    .onConflict((conflict) => conflict.column('subject').doUpdateSet(person))
    .execute()
  await db
    .insertInto('operator_sessions')
    .values({
      id: sessionId,
      token_hash: tokenHash,
      subject,
      name,
      roles: [...roles],
      id_token: idToken ?? null,
      opened_at: now,
      last_seen_at: now,
    })
    .execute()
}

type NewSession = { readonly tokenHash: Buffer; readonly idToken: Buffer | undefined }

export const markSessionSeen = async (db: Db, sessionId: string, now: Date): Promise<void> => {
  await db.updateTable('operator_sessions').set({ last_seen_at: now }).where('id', '=', sessionId).execute()
}

/** Whether this was its end: it ends once. */
export const markSessionEnded = async (
  db: Db,
  sessionId: string,
  because: SessionEnding,
  now: Date,
): Promise<boolean> => {
  const row = await db
    .updateTable('operator_sessions')
    .set({ ended_at: now, ended_because: because })
    .where('id', '=', sessionId)
    .where('ended_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** The provider's token of a session, sealed. Once it was used to sign out, it is forgotten. */
export const takeIdToken = async (db: Db, sessionId: string): Promise<Buffer | undefined> => {
  const row = await db.selectFrom('operator_sessions').select('id_token').where('id', '=', sessionId).executeTakeFirst()
  await db.updateTable('operator_sessions').set({ id_token: null }).where('id', '=', sessionId).execute()
  return row?.id_token ?? undefined
}
