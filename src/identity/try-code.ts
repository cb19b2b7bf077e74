import { writeAudit, writeAuditLines } from '#audit'
import { newId } from '#platform/ids'
import { dayInJst } from '#values/day'
import { countForService } from './breaker.ts'
import { challengeState } from './challenge.rules.ts'
import {
  type CountedTry,
  countTry,
  findChallenge,
  markAccepted,
  markDead,
  markDeadWhenUsedUp,
  type StoredChallenge,
} from './challenge.store.ts'
import { addToCounters, forgiveTry, getStanding } from './counter.store.ts'
import { deleteHolder, findHolder, markHolder } from './holder.store.ts'
import { codeLockEnd, dayStart, isBeyondCodeLimits, type Standing, wrongCodesLeft } from './limits.rules.ts'
import { matchOutcome } from './match.rules.ts'
import { listMatchFacts } from './match.store.ts'
import { readTypedCode } from './typed-code.rules.ts'
import { insertVisit, lockVisitsOf } from './visit.store.ts'
import { type IdentityWorld, newToken } from './world.ts'

export type TryResult =
  | { readonly kind: 'accepted'; readonly visitToken: string }
  | { readonly kind: 'wrong'; readonly triesLeft: number }
  | { readonly kind: 'used-up' }
  | { readonly kind: 'expired' }
  /** No code at all; it cost no try. */
  | { readonly kind: 'malformed' }
  /** Too many wrong codes for this person, over all codes. */
  | { readonly kind: 'locked'; readonly until: Date }
  /** This browser stands before no challenge. */
  | { readonly kind: 'none' }

/** Tries a code. A try is counted and committed first, then compared; what a right code brings is a second transaction. */
export async function tryCode(world: IdentityWorld, cookie: string, text: string, now: Date): Promise<TryResult> {
  const { db, vault, creditor } = world
  const { code: policy } = creditor.policies
  const cookieHash = vault.blindIndex('cookie', cookie)
  const holder = await findHolder(db, cookieHash, now)
  const challenge = holder && (await findChallenge(db, holder.challengeId))
  if (challenge === undefined) return { kind: 'none' }

  const code = readTypedCode(text, policy.digits)
  if (code === undefined && challengeState(challenge, creditor.policies, now) === 'live') {
    await markHolder(db, cookieHash, { lastOutcome: 'malformed' })
    return { kind: 'malformed' }
  }
  const counted = code === undefined ? undefined : await countOneTry(world, challenge, now)
  if (code === undefined || counted === undefined) return refusal(world, challenge, now)
  if (isBeyondCodeLimits(counted.standing, creditor.policies)) {
    await markHolder(db, cookieHash, { lastOutcome: 'locked' })
    return { kind: 'locked', until: codeLockEnd(counted.standing, creditor.policies, now) ?? now }
  }

  const isRight = vault.sameHash(vault.codeHash(challenge.id, code), counted.codeHash)
  return isRight
    ? acceptCode(world, { cookieHash, challenge, counted }, now)
    : refuseCode(world, { cookieHash, challenge, counted }, now)
}

type Counted = CountedTry & { readonly standing: Standing }

/** Counted as wrong for the person too, before it is looked at; a right code takes that back. */
function countOneTry(
  { db, creditor }: IdentityWorld,
  { id, keys }: StoredChallenge,
  now: Date,
): Promise<Counted | undefined> {
  return db.transaction().execute(async (tx) => {
    const counted = await countTry(tx, id, creditor.policies.code.triesPerCode, now)
    if (counted === undefined) return undefined
    const period = dayStart(now)
    await addToCounters(tx, [
      { scope: 'wrong', key: keys.person, period, by: 1 },
      { scope: 'wrong-run', key: keys.person, period, by: 1 },
    ])
    return { ...counted, standing: await getStanding(tx, keys, now) }
  })
}

/** Nothing was counted, so nothing is left to try: says why, as of now. */
async function refusal({ db, creditor }: IdentityWorld, challenge: StoredChallenge, now: Date): Promise<TryResult> {
  const found = (await findChallenge(db, challenge.id)) ?? challenge
  return challengeState(found, creditor.policies, now) === 'used-up' ? { kind: 'used-up' } : { kind: 'expired' }
}

type Judged = { readonly cookieHash: Buffer; readonly challenge: StoredChallenge; readonly counted: Counted }

/** Real or decoy, the same statements: a decoy's wrong try counts zero for the service. */
async function refuseCode(
  { db, creditor }: IdentityWorld,
  { cookieHash, challenge, counted }: Judged,
  now: Date,
): Promise<TryResult> {
  const { policies } = creditor
  const isUsedUp = counted.tries >= policies.code.triesPerCode
  const isReal = counted.customerIds.length > 0
  await db.transaction().execute(async (tx) => {
    await markDeadWhenUsedUp(tx, challenge.id, policies.code.triesPerCode)
    await markHolder(tx, cookieHash, { lastOutcome: isUsedUp ? 'used-up' : 'wrong' })
    await writeAudit(tx, { at: now, actor: 'customer', act: 'code.refused', facts: { challengeId: challenge.id } })
    await countForService(tx, policies, { codes: 0, sms: 0, wrong: isReal ? 1 : 0 }, now)
  })
  if (isUsedUp) return { kind: 'used-up' }
  const triesLeft = Math.min(policies.code.triesPerCode - counted.tries, wrongCodesLeft(counted.standing, policies))
  return { kind: 'wrong', triesLeft }
}

/** What a right code brings: a visit of everybody found, if they may still be written to. Once. */
async function acceptCode(
  { db, vault, creditor, chance }: IdentityWorld,
  { cookieHash, challenge, counted }: Judged,
  now: Date,
): Promise<TryResult> {
  const visitToken = newToken(chance)
  return db.transaction().execute(async (tx) => {
    await lockVisitsOf(tx, counted.customerIds)
    const matches = await listMatchFacts(tx, counted.customerIds)
    const outcome = matchOutcome(matches, creditor, dayInJst(now))
    if (outcome.kind === 'decoy') {
      // Since the code went out somebody told us not to write any more: it ends as any old code does.
      await markDead(tx, challenge.id)
      return { kind: 'expired' }
    }
    if (!(await markAccepted(tx, challenge.id))) return { kind: 'expired' }
    await forgiveTry(tx, challenge.keys.person, now)
    await deleteHolder(tx, cookieHash)
    const visitId = newId(now)
    const tokenHash = vault.blindIndex('visit', visitToken)
    await insertVisit(tx, { ...outcome, id: visitId, tokenHash }, now)
    await writeAuditLines(tx, [
      { at: now, actor: 'customer', act: 'code.accepted', facts: { challengeId: challenge.id } },
      ...outcome.customerIds.map((customerId) => ({
        at: now,
        actor: 'customer' as const,
        act: 'visit.opened',
        customerId,
        facts: { visitId, readOnly: outcome.readOnly },
      })),
    ])
    return { kind: 'accepted', visitToken }
  })
}
