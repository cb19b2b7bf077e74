import { cancelPromises, type HoldReason, lockOpenCases, silencingHolds } from '#answers'
import { type Actor, writeAudit } from '#audit'
import { findCustomerByNumber } from '#customers'
import { endVisitsOf } from '#identity'
import type { Database, Transaction } from '#platform/database/database'
import type { CustomerKey } from '#platform/vault/vault'
import type { Day } from '#values/day'
import { findActiveHold, insertHold, insertHoldRelease, lockHoldsOf } from './hold.store.ts'

export type PlaceHoldOutcome =
  | { readonly kind: 'placed'; readonly customerId: string; readonly cancelledPromises: number }
  | { readonly kind: 'refused'; readonly because: 'no-such-customer' }
  | { readonly kind: 'refused'; readonly because: 'already-held' }

export type ReleaseHoldOutcome =
  | { readonly kind: 'released'; readonly customerId: string }
  | { readonly kind: 'refused'; readonly because: 'no-such-customer' }
  | { readonly kind: 'refused'; readonly because: 'not-held' }

type HoldRequest = {
  /** 顧客番号, as written or without leading zeros; two customers whom it fits are nobody. */
  readonly customerNumber: string
  readonly reason: HoldReason
  readonly documentDay?: Day
  readonly by: Actor
  readonly now: Date
}

type HoldOnCustomer = Omit<HoldRequest, 'customerNumber'> & { readonly customerId: string }

/** What a 受任通知 says, beside its day: kept sealed, for it tells of somebody's debts. */
export type Notification = {
  readonly receivedDay: Day
  readonly lawFirm: string
  readonly key: CustomerKey
}

/** Stops contact with the customer of that number. */
export const placeHold = (
  { db }: { readonly db: Database },
  { customerNumber, ...hold }: HoldRequest,
): Promise<PlaceHoldOutcome> =>
  db.transaction().execute(async (tx) => {
    const customer = await findCustomerByNumber(tx, customerNumber)
    if (customer === undefined) return { kind: 'refused', because: 'no-such-customer' }
    return placeHoldIn(tx, { ...hold, customerId: customer.id })
  })

/**
 * Stops contact with a customer at once. What they promised is cancelled; under a legal hold, a death or a wrong number
 * whoever is looking at the site is led out too. Notices on their way are excluded when they are released.
 */
export const placeHoldIn = async (
  tx: Transaction,
  { customerId, reason, documentDay, notification, by, now }: HoldOnCustomer & { readonly notification?: Notification },
): Promise<Exclude<PlaceHoldOutcome, { readonly because: 'no-such-customer' }>> => {
  await lockHoldsOf(tx, customerId)
  if ((await findActiveHold(tx, customerId, reason)) !== undefined) return { kind: 'refused', because: 'already-held' }
  // A notice that is being released has this lock: either it left before the hold, or it meets the hold.
  await lockOpenCases(tx, [customerId])
  const hold = { customerId, reason, documentDay: documentDay ?? null, notification, placedBy: by }
  const holdId = await insertHold(tx, hold, now)
  await writeAudit(tx, {
    at: now,
    actor: by,
    act: 'hold.placed',
    customerId,
    facts: {
      holdId,
      reason,
      documentDay: documentDay ?? null,
      ...(notification && { receivedDay: notification.receivedDay }),
    },
  })
  const cancelledPromises = await cancelPromises(tx, { customerId, because: `hold-${reason}`, by, now })
  if (silencingHolds.includes(reason)) await endVisitsOf(tx, customerId, 'hold', now)
  return { kind: 'placed', customerId, cancelledPromises }
}

/** Allows contact with the customer of that number again, as far as this reason stood in its way. */
export const releaseHold = (
  { db }: { readonly db: Database },
  { customerNumber, ...hold }: HoldRequest,
): Promise<ReleaseHoldOutcome> =>
  db.transaction().execute(async (tx) => {
    const customer = await findCustomerByNumber(tx, customerNumber)
    if (customer === undefined) return { kind: 'refused', because: 'no-such-customer' }
    return releaseHoldIn(tx, { ...hold, customerId: customer.id })
  })

/** The same for a customer who is known. Why it is released is kept sealed, where somebody wrote it down. */
export const releaseHoldIn = async (
  tx: Transaction,
  {
    customerId,
    reason,
    documentDay,
    because,
    by,
    now,
  }: HoldOnCustomer & { readonly because?: { readonly words: string; readonly key: CustomerKey } },
): Promise<Exclude<ReleaseHoldOutcome, { readonly because: 'no-such-customer' }>> => {
  await lockHoldsOf(tx, customerId)
  const holdId = await findActiveHold(tx, customerId, reason)
  if (holdId === undefined) return { kind: 'refused', because: 'not-held' }
  await insertHoldRelease(tx, { customerId, holdId, because, releasedBy: by }, now)
  await writeAudit(tx, {
    at: now,
    actor: by,
    act: 'hold.released',
    customerId,
    facts: { holdId, reason, documentDay: documentDay ?? null },
  })
  return { kind: 'released', customerId }
}
