import type { Transaction } from '#platform/database/database'
import { newId } from '#platform/ids'
import { dayInJst } from '#values/day'
import { codeExpiry } from './challenge.rules.ts'
import { codePlace, insertChallenge } from './challenge.store.ts'
import { addToCounters, type TypedKeys } from './counter.store.ts'
import { dayStart } from './limits.rules.ts'
import { type MatchFacts, matchOutcome } from './match.rules.ts'
import type { IdentityWorld } from './world.ts'

/**
 * Makes a challenge and counts its code and its SMS, in the caller's transaction. For a decoy every step is the same:
 * only nobody stands behind it, its hash is of no code, and what is kept for a resend is no code.
 */
export async function makeCode(
  tx: Transaction,
  { vault, creditor, chance }: IdentityWorld,
  { keys, matches }: { readonly keys: TypedKeys; readonly matches: readonly MatchFacts[] },
  now: Date,
): Promise<string> {
  const outcome = matchOutcome(matches, creditor, dayInJst(now))
  const id = newId(now)
  const code = chance.digits(creditor.policies.code.digits)
  const [realHash, noHash] = [vault.codeHash(id, code), chance.bytes(32)]
  const isReal = outcome.kind === 'real'
  await insertChallenge(tx, {
    id,
    keys,
    customerIds: isReal ? outcome.customerIds : [],
    codeHash: isReal ? realHash : noHash,
    codeSealed: vault.seal(codePlace(id), isReal ? code : '-'.repeat(code.length)),
    madeAt: now,
    expiresAt: codeExpiry(now, creditor.policies),
  })
  await countSend(tx, keys, now, 1)
  return id
}

/** Every SMS asked for counts against the phone, every new code against the identity. */
export async function countSend(tx: Transaction, keys: TypedKeys, now: Date, newCodes: 0 | 1): Promise<void> {
  const period = dayStart(now)
  await addToCounters(tx, [
    { scope: 'code', key: keys.identity, period, by: newCodes },
    { scope: 'sms', key: keys.phone, period, by: 1 },
  ])
}
