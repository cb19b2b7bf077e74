import { writeAudit } from '#audit'
import type { Db, Transaction } from '#platform/database/database'
import { type VisitEnding, visitOutcome } from './visit.rules.ts'
import {
  findVisit,
  listOpenVisits,
  listOverdueVisits,
  lockVisitsOf,
  markVisitEnded,
  markVisitSeen,
  type StoredVisit,
} from './visit.store.ts'
import type { IdentityWorld } from './world.ts'

export type Visit = {
  readonly id: string
  readonly customerIds: readonly string[]
  /** Everything is paid: there is something to see and nothing to answer. */
  readonly readOnly: boolean
  readonly expiresAt: Date
  readonly idleAt: Date
}

export type OpenVisitResult =
  | { readonly kind: 'open'; readonly visit: Visit }
  | { readonly kind: 'ended'; readonly because: VisitEnding }
  | { readonly kind: 'none' }

/**
 * `db` may be a transaction. Then the visit stays as it was found until that ends: a hold that comes meanwhile waits,
 * and an act of the visit needs no second connection.
 */
type VisitWorld = Pick<IdentityWorld, 'vault' | 'creditor'> & { readonly db: Db }

/** The visit behind a cookie. Looking is using: its idle time starts anew. */
export async function openVisit(world: VisitWorld, token: string, now: Date): Promise<OpenVisitResult> {
  const { db, creditor } = world
  const found = await findByToken(world, token)
  if (found === undefined) return { kind: 'none' }
  const outcome = visitOutcome(found, creditor.policies, now)
  if (outcome.kind === 'ended') {
    if (found.endedBecause === null) await endOne(db, found.id, outcome.because, now)
    return outcome
  }
  if (!(await markVisitSeen(db, found.id, now))) {
    const again = await findByToken(world, token)
    return { kind: 'ended', because: again?.endedBecause ?? 'hold' }
  }
  const { id, customerIds, readOnly } = found
  return { kind: 'open', visit: { id, customerIds, readOnly, expiresAt: outcome.expiresAt, idleAt: outcome.idleAt } }
}

/** 終了する. */
export async function endVisit(world: VisitWorld, token: string, now: Date): Promise<void> {
  const found = await findByToken(world, token)
  if (found === undefined || found.endedBecause !== null) return
  const outcome = visitOutcome(found, world.creditor.policies, now)
  await endOne(world.db, found.id, outcome.kind === 'ended' ? outcome.because : 'signed-out', now)
}

/** A hold ends every visit of the customer, in the hold's own transaction; a code that is on its way opens none. */
export async function endVisitsOf(tx: Transaction, customerId: string, because: 'hold', now: Date): Promise<void> {
  await lockVisitsOf(tx, [customerId])
  for (const visitId of await listOpenVisits(tx, customerId)) await endWithAudit(tx, visitId, because, now)
}

/** Visits that nobody came back to end too: open ones are those somebody may be looking at. */
export async function endOverdueVisits({ db, creditor }: VisitWorld, now: Date): Promise<void> {
  const { idleMinutes, absoluteMinutes } = creditor.policies.visit
  const overdue = await listOverdueVisits(db, {
    openedAt: new Date(now.getTime() - absoluteMinutes * 60_000),
    lastSeenAt: new Date(now.getTime() - idleMinutes * 60_000),
  })
  for (const visit of overdue) {
    const outcome = visitOutcome(visit, creditor.policies, now)
    if (outcome.kind === 'ended') await endOne(db, visit.id, outcome.because, now)
  }
}

function findByToken({ db, vault }: VisitWorld, token: string): Promise<StoredVisit | undefined> {
  return findVisit(db, vault.blindIndex('visit', token))
}

function endOne(db: Db, visitId: string, because: VisitEnding, now: Date): Promise<void> {
  if (db.isTransaction) return endWithAudit(db, visitId, because, now)
  return db.transaction().execute((tx) => endWithAudit(tx, visitId, because, now))
}

async function endWithAudit(tx: Db, visitId: string, because: VisitEnding, now: Date): Promise<void> {
  if (!(await markVisitEnded(tx, visitId, because, now))) return
  const actor = because === 'signed-out' ? 'customer' : 'system'
  await writeAudit(tx, { at: now, actor, act: 'visit.ended', facts: { visitId, because } })
}
