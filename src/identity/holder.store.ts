import type { Db } from '#platform/database/database'
import type { Place } from '#platform/vault/vault'

export const holderOutcomes = [
  'sent',
  'resent',
  'wait',
  'no-more-today',
  'paused',
  'malformed',
  'wrong',
  'used-up',
  'locked',
] as const

/** What the code page says about the last act of its browser. */
export type HolderOutcome = (typeof holderOutcomes)[number]

/** A browser that stands before a challenge. */
export type Holder = {
  readonly cookieHash: Buffer
  readonly challengeId: string
  readonly typed: Buffer
  readonly lastOutcome: HolderOutcome
}

/** Nobody comes back to a code page after this; what was typed goes with it. */
export const holderLifeMs = 30 * 60_000

export function typedPlace(cookieHash: Buffer): Place {
  return { table: 'challenge_holders', column: 'typed', row: cookieHash.toString('hex') }
}

export async function findHolder(db: Db, cookieHash: Buffer, now: Date): Promise<Holder | undefined> {
  const row = await db
    .selectFrom('challenge_holders')
    .select(['challenge_id', 'typed', 'last_outcome'])
    .where('cookie_hash', '=', cookieHash)
    .where('opened_at', '>', new Date(now.getTime() - holderLifeMs))
    .executeTakeFirst()
  return row && { cookieHash, challengeId: row.challenge_id, typed: row.typed, lastOutcome: row.last_outcome }
}

/** A new form takes the place of the one this browser sent before. */
export async function replaceHolder(db: Db, previous: Buffer | undefined, holder: Holder, now: Date): Promise<void> {
  await deleteHolder(db, previous ?? holder.cookieHash)
  await db
    .insertInto('challenge_holders')
    .values({
      cookie_hash: holder.cookieHash,
      challenge_id: holder.challengeId,
      typed: holder.typed,
      last_outcome: holder.lastOutcome,
      opened_at: now,
    })
    .execute()
}

export async function markHolder(
  db: Db,
  cookieHash: Buffer,
  change: { readonly lastOutcome: HolderOutcome; readonly challengeId?: string },
): Promise<void> {
  await db
    .updateTable('challenge_holders')
    .set({
      last_outcome: change.lastOutcome,
      ...(change.challengeId !== undefined && { challenge_id: change.challengeId }),
    })
    .where('cookie_hash', '=', cookieHash)
    .execute()
}

export async function deleteHolder(db: Db, cookieHash: Buffer): Promise<void> {
  await db.deleteFrom('challenge_holders').where('cookie_hash', '=', cookieHash).execute()
}

export async function deleteOldHolders(db: Db, now: Date): Promise<void> {
  await db
    .deleteFrom('challenge_holders')
    .where('opened_at', '<=', new Date(now.getTime() - holderLifeMs))
    .execute()
}
