import { type Db, sql, type Transaction, withAdvisoryLock } from '#platform/database/database'
import type { VisitEnding, VisitTimes } from './visit.rules.ts'

export type StoredVisit = VisitTimes & {
  readonly id: string
  readonly readOnly: boolean
  readonly customerIds: readonly string[]
}

/**
 * A visit that is being opened and a hold that is being placed wait for each other: either the hold ends the visit, or
 * the visit finds the hold. Held until the transaction ends; several are taken in one order.
 */
export async function lockVisitsOf(tx: Transaction, customerIds: readonly string[]): Promise<void> {
  for (const customerId of [...customerIds].sort()) await withAdvisoryLock(tx, `visits of ${customerId}`)
}

export async function insertVisit(
  db: Db,
  visit: {
    readonly id: string
    readonly tokenHash: Buffer
    readonly readOnly: boolean
    readonly customerIds: readonly string[]
  },
  now: Date,
): Promise<void> {
  const { id, tokenHash, readOnly, customerIds } = visit
  await db
    .insertInto('visits')
    .values({ id, token_hash: tokenHash, read_only: readOnly, opened_at: now, last_seen_at: now })
    .execute()
  await db
    .insertInto('visit_customers')
    .values(customerIds.map((customerId) => ({ customer_id: customerId, visit_id: id })))
    .execute()
}

export async function findVisit(db: Db, tokenHash: Buffer): Promise<StoredVisit | undefined> {
  const row = await db
    .selectFrom('visits')
    .select(['id', 'read_only', 'opened_at', 'last_seen_at', 'ended_because'])
    .select((eb) =>
      eb
        .selectFrom('visit_customers')
        .select(sql<string[]>`array_agg(customer_id order by customer_id)`.as('ids'))
        .whereRef('visit_customers.visit_id', '=', 'visits.id')
        .as('customer_ids'),
    )
    .where('token_hash', '=', tokenHash)
    .executeTakeFirst()
  return (
    row && {
      id: row.id,
      readOnly: row.read_only,
      customerIds: row.customer_ids ?? [],
      openedAt: row.opened_at,
      lastSeenAt: row.last_seen_at,
      endedBecause: row.ended_because,
    }
  )
}

/** Answers whether the visit was still open: a hold may have ended it since it was read. */
export async function markVisitSeen(db: Db, id: string, now: Date): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('visits')
    .set({ last_seen_at: sql<Date>`greatest(last_seen_at, ${now})` })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Answers whether this call ended it. */
export async function markVisitEnded(db: Db, id: string, because: VisitEnding, now: Date): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('visits')
    .set({ ended_at: now, ended_because: because })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** The visits that nobody has ended yet, each once. */
export async function listOpenVisits(db: Db, customerId: string): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('visit_customers')
    .innerJoin('visits', 'visits.id', 'visit_customers.visit_id')
    .select('visits.id')
    .where('visit_customers.customer_id', '=', customerId)
    .where('visits.ended_at', 'is', null)
    .execute()
  return rows.map(({ id }) => id)
}

/** Visits whose time has run out by one of these instants and that nobody has come back to. */
export async function listOverdueVisits(
  db: Db,
  before: { readonly openedAt: Date; readonly lastSeenAt: Date },
): Promise<readonly (VisitTimes & { readonly id: string })[]> {
  const rows = await db
    .selectFrom('visits')
    .select(['id', 'opened_at', 'last_seen_at', 'ended_because'])
    .where('ended_at', 'is', null)
    .where((eb) => eb.or([eb('opened_at', '<=', before.openedAt), eb('last_seen_at', '<=', before.lastSeenAt)]))
    .limit(1000)
    .execute()
  return rows.map((row) => ({
    id: row.id,
    openedAt: row.opened_at,
    lastSeenAt: row.last_seen_at,
    endedBecause: row.ended_because,
  }))
}
