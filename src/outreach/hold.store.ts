import type { HoldReason } from '#answers'
import { type Db, sql } from '#platform/database/database'
import { newId } from '#platform/ids'
import type { CustomerKey, Place } from '#platform/vault/vault'
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
    readonly notification?: SealedNotification | undefined
    readonly placedBy: string
  },
  now: Date,
): Promise<string> => {
  const id = newId(now)
  const { notification } = hold
  await tx
    .insertInto('holds')
    .values({
      customer_id: hold.customerId,
      id,
      reason: hold.reason,
      document_day: hold.documentDay,
      placed_at: now,
      placed_by: hold.placedBy,
      ...(notification && {
        received_day: notification.receivedDay,
        law_firm: notification.key.seal(lawFirmPlace(id), notification.lawFirm),
      }),
    })
    .execute()
  return id
}

export const insertHoldRelease = async (
  tx: Db,
  release: {
    readonly customerId: string
    readonly holdId: string
    readonly because?: { readonly words: string; readonly key: CustomerKey } | undefined
    readonly releasedBy: string
  },
  now: Date,
): Promise<void> => {
  await tx
    .insertInto('hold_releases')
    .values({
      customer_id: release.customerId,
      hold_id: release.holdId,
      released_at: now,
      released_by: release.releasedBy,
      ...(release.because && {
        because: release.because.key.seal(releasePlace(release.holdId), release.because.words),
      }),
    })
    .execute()
}

/** A hold of a customer, in force or released, as an operator reads it. */
export type KeptHold = {
  readonly id: string
  readonly reason: HoldReason
  readonly documentDay: Day | null
  readonly receivedDay: Day | null
  readonly lawFirm: string | null
  readonly placedAt: Date
  readonly placedBy: string
  readonly release: { readonly at: Date; readonly by: string; readonly because: string | null } | null
}

/** A customer has few holds; whoever has more has them in the log. */
const holdsMax = 50

/** Every hold that this customer ever had, the latest first. */
export const listKeptHolds = async (db: Db, customerId: string, key: CustomerKey): Promise<readonly KeptHold[]> => {
  const rows = await db
    .selectFrom('holds as h')
    .leftJoin('hold_releases as r', (join) =>
      join.onRef('r.customer_id', '=', 'h.customer_id').onRef('r.hold_id', '=', 'h.id'),
    )
    .select(['h.id', 'h.reason', 'h.document_day', 'h.received_day', 'h.law_firm', 'h.placed_at', 'h.placed_by'])
    .select(['r.released_at', 'r.released_by', 'r.because'])
    .where('h.customer_id', '=', customerId)
    .orderBy('h.id', 'desc')
    .limit(holdsMax)
    .execute()
  return rows.map((row) => ({
    id: row.id,
    reason: row.reason as HoldReason,
    documentDay: row.document_day as Day | null,
    receivedDay: row.received_day as Day | null,
    lawFirm: row.law_firm && key.open(lawFirmPlace(row.id), row.law_firm).toString(),
    placedAt: row.placed_at,
    placedBy: row.placed_by,
    release:
      row.released_at && row.released_by !== null
        ? {
            at: row.released_at,
            by: row.released_by,
            because: row.because && key.open(releasePlace(row.id), row.because).toString(),
          }
        : null,
  }))
}

type SealedNotification = { readonly receivedDay: Day; readonly lawFirm: string; readonly key: CustomerKey }

const lawFirmPlace = (holdId: string): Place => ({ table: 'holds', column: 'law_firm', row: holdId })

const releasePlace = (holdId: string): Place => ({ table: 'hold_releases', column: 'because', row: holdId })
