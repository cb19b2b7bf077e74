import { cancelPromises, type HoldReason, lockOpenCases, silencingHolds } from '#answers'
import { type Actor, writeAudit } from '#audit'
import { findCustomerByNumber } from '#customers'
import { endVisitsOf } from '#identity'
import type { Database } from '#platform/database/database'
import type { Day } from '#values/day'
import { findActiveHold, insertHold, insertHoldRelease, lockHoldsOf } from './hold.store.ts'

export type PlaceHoldOutcome =
  | { readonly kind: 'placed'; readonly customerId: string; readonly cancelledPromises: number }
  | { readonly kind: 'refused'; readonly because: 'no-such-customer' | 'already-held' }

export type ReleaseHoldOutcome =
  | { readonly kind: 'released'; readonly customerId: string }
  | { readonly kind: 'refused'; readonly because: 'no-such-customer' | 'not-held' }

type HoldRequest = {
  /** 顧客番号, as written or without leading zeros; two customers whom it fits are nobody. */
  readonly customerNumber: string
  readonly reason: HoldReason
  readonly documentDay?: Day
  readonly by: Actor
  readonly now: Date
}

/**
 * Stops contact with a customer at once. What they promised is cancelled; under a legal hold, a death or a wrong number
 * whoever is looking at the site is led out too. Notices on their way are excluded when they are released.
 */
export const placeHold = (
  { db }: { readonly db: Database },
  { customerNumber, reason, documentDay, by, now }: HoldRequest,
): Promise<PlaceHoldOutcome> =>
  db.transaction().execute(async (tx) => {
    const customer = await findCustomerByNumber(tx, customerNumber)
    if (customer === undefined) return { kind: 'refused', because: 'no-such-customer' }
    const customerId = customer.id
    await lockHoldsOf(tx, customerId)
    if ((await findActiveHold(tx, customerId, reason)) !== undefined)
      return { kind: 'refused', because: 'already-held' }
    // A notice that is being released has this lock: either it left before the hold, or it meets the hold.
    await lockOpenCases(tx, [customerId])
    const holdId = await insertHold(tx, { customerId, reason, documentDay: documentDay ?? null, placedBy: by }, now)
    await writeAudit(tx, {
      at: now,
      actor: by,
      act: 'hold.placed',
      customerId,
      facts: { holdId, reason, documentDay: documentDay ?? null },
    })
    const cancelledPromises = await cancelPromises(tx, { customerId, because: `hold-${reason}`, by, now })
    if (silencingHolds.includes(reason)) await endVisitsOf(tx, customerId, 'hold', now)
    return { kind: 'placed', customerId, cancelledPromises }
  })

/** Allows contact again, as far as this reason stood in its way. */
export const releaseHold = (
  { db }: { readonly db: Database },
  { customerNumber, reason, documentDay, by, now }: HoldRequest,
): Promise<ReleaseHoldOutcome> =>
  db.transaction().execute(async (tx) => {
    const customer = await findCustomerByNumber(tx, customerNumber)
    if (customer === undefined) return { kind: 'refused', because: 'no-such-customer' }
    const customerId = customer.id
    await lockHoldsOf(tx, customerId)
    const holdId = await findActiveHold(tx, customerId, reason)
    if (holdId === undefined) return { kind: 'refused', because: 'not-held' }
    await insertHoldRelease(tx, { customerId, holdId, releasedBy: by }, now)
    await writeAudit(tx, {
      at: now,
      actor: by,
      act: 'hold.released',
      customerId,
      facts: { holdId, reason, documentDay: documentDay ?? null },
    })
    return { kind: 'released', customerId }
  })
