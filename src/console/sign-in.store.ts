import type { Db } from '#platform/database/database'

/** A sign-in that is at the provider's: begun by one browser, finished once. */
export type BegunSignIn = { readonly secrets: Buffer; readonly returnTo: string }

/** One of a browser at a time; those that nobody came back from go with it. */
export const putSignIn = async (
  db: Db,
  browserHash: Buffer,
  { secrets, returnTo }: BegunSignIn,
  { now, oldestKept }: { readonly now: Date; readonly oldestKept: Date },
): Promise<void> => {
  await db.deleteFrom('operator_sign_ins').where('begun_at', '<', oldestKept).execute()
  const row = { secrets, return_to: returnTo, begun_at: now }
  await db
    .insertInto('operator_sign_ins')
    .values({ browser_hash: browserHash, ...row })
    .onConflict((conflict) => conflict.column('browser_hash').doUpdateSet(row))
    .execute()
}

/** Whoever takes it first has it. */
export const takeSignIn = async (db: Db, browserHash: Buffer, oldest: Date): Promise<BegunSignIn | undefined> => {
  const row = await db
    .deleteFrom('operator_sign_ins')
    .where('browser_hash', '=', browserHash)
    .returning(['secrets', 'return_to', 'begun_at'])
    .executeTakeFirst()
  return row === undefined || row.begun_at < oldest ? undefined : { secrets: row.secrets, returnTo: row.return_to }
}
