import type { HoldReason } from '#answers'
import { type Db, sql } from '#platform/database/database'
import { newId } from '#platform/ids'
import type { Day } from '#values/day'

/** Holds of one customer are placed and released one after the other. */
export const lockHoldsOf = async (tx: Db, customerId: string): Promise<void> => {
  await sql`select pg_advisory_xact_lock(hashtextextended('annai holds of ' || ${customerId}::text, 0))`.execute(tx)
}

export const findActiveHold = async (tx: Db, customerId: string, reason: HoldReason): Promise<string | undefined> => {
  const row = await tx
    .selectFrom('active_holds')
    .select('id')
    .where('customer_id', '=', customerId)
    .where('reason', '=', reason)
    .executeTakeFirst()
  return row?.id
}

export const insertHold = async (
  tx: Db,
  hold: {
    readonly customerId: string
    readonly reason: HoldReason
    readonly documentDay: Day | null
    readonly placedBy: string
  },
  now: Date,
): Promise<string> => {
  const id = newId(now)
  await tx
    .insertInto('holds')
    .values({
      customer_id: hold.customerId,
      id,
      reason: hold.reason,
      document_day: hold.documentDay,
      placed_at: now,
      placed_by: hold.placedBy,
    })
    .execute()
  return id
}

export const insertHoldRelease = async (
  tx: Db,
  release: { readonly customerId: string; readonly holdId: string; readonly releasedBy: string },
  now: Date,
): Promise<void> => {
  await tx
    .insertInto('hold_releases')
    .values({
      customer_id: release.customerId,
      hold_id: release.holdId,
      released_at: now,
      released_by: release.releasedBy,
    })
    .execute()
}
