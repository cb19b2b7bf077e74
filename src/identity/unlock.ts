import { type Actor, writeAudit } from '#audit'
import { identityValueTyped, type Person, phoneValue } from '#customers'
import type { Db, Transaction } from '#platform/database/database'
import type { Phone } from '#values/phone'
import { addToCounters, forgetCounts, getCount, getStanding, type TypedKeys } from './counter.store.ts'
import { codeLockEnd, dayStart, identityLockEnd, latest } from './limits.rules.ts'
import { personText } from './typed.rules.ts'
import type { IdentityWorld } from './world.ts'

type Known = { readonly person: Person; readonly phone: Phone }

/** How far a customer is from being locked out, as what is counted for their own facts says. */
export type IdentityStanding = {
  readonly triesToday: number
  readonly codesToday: number
  readonly wrongToday: number
  /** Undefined when nothing that is counted for them locks them out; their browser's own tries are not known here. */
  readonly lockedUntil: Date | undefined
}

export async function getIdentityStanding(
  db: Db,
  { vault, creditor }: Pick<IdentityWorld, 'vault' | 'creditor'>,
  known: Known,
  now: Date,
): Promise<IdentityStanding> {
  const keys = keysOf({ vault }, known)
  const standing = await getStanding(db, keys, now)
  const ofPhone = await getCount(db, { scope: 'try-phone', key: keys.phone, period: dayStart(now) })
  const { policies } = creditor
  return {
    triesToday: ofPhone,
    codesToday: standing.codesToday,
    wrongToday: standing.wrongToday,
    lockedUntil: latest(
      codeLockEnd(standing, policies, now),
      identityLockEnd({ ofPhoneAndClient: 0, ofPhone: ofPhone + 1 }, policies, now),
    ),
  }
}

/**
 * Lets somebody try again who has locked themselves out: what was counted for them is forgotten, and as many tries as a
 * browser has in a day are forgiven. A guesser gains as much, so this is an operator's act, and audited.
 */
export async function unlockIdentity(
  tx: Transaction,
  { vault, creditor }: Pick<IdentityWorld, 'vault' | 'creditor'>,
  { customerId, by, now, ...known }: Known & { readonly customerId: string; readonly by: Actor; readonly now: Date },
): Promise<void> {
  const keys = keysOf({ vault }, known)
  const { triesPerDayPerPhoneAndClient } = creditor.policies.identity
  await forgetCounts(tx, { customerId, ...keys })
  await addToCounters(tx, [
    { scope: 'forgiven', key: keys.phone, period: dayStart(now), by: triesPerDayPerPhoneAndClient },
  ])
  await writeAudit(tx, { at: now, actor: by, act: 'identity.unlocked', customerId })
}

function keysOf({ vault }: Pick<IdentityWorld, 'vault'>, { person, phone }: Known): TypedKeys {
  return {
    identity: identityValueTyped(vault, person, phone),
    person: vault.blindIndex('person', personText({ ...person, phone })),
    phone: phoneValue(vault, phone),
  }
}
