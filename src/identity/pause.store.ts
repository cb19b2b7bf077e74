import type { Db } from '#platform/database/database'
import { newId } from '#platform/ids'
import type { BreakerReason } from './breaker.rules.ts'

/** The breaker is open: no new codes for anybody until then. */
export type Pause = { readonly endsAt: Date; readonly because: BreakerReason }

/** The pause that ends last, which may be over. */
export async function findLatestPause(db: Db): Promise<Pause | undefined> {
  const row = await db
    .selectFrom('identity_pauses')
    .select(['ends_at', 'because'])
    .orderBy('ends_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row && { endsAt: row.ends_at, because: row.because }
}

export async function findPause(db: Db, now: Date): Promise<Pause | undefined> {
  const latest = await findLatestPause(db)
  return latest !== undefined && now < latest.endsAt ? latest : undefined
}

export async function insertPause(db: Db, { endsAt, because }: Pause, now: Date): Promise<void> {
  await db
    .insertInto('identity_pauses')
    .values({ id: newId(now), began_at: now, ends_at: endsAt, because })
    .execute()
}
