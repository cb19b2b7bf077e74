import type { Transaction } from '#platform/database/database'
import { codeExpiry, type ResendOutcome, resendOutcome } from './challenge.rules.ts'
import {
  findChallenge,
  findLiveChallenge,
  lockIdentity,
  markDead,
  markResent,
  type StoredChallenge,
  wakeCodeJob,
} from './challenge.store.ts'
import { getStanding } from './counter.store.ts'
import { findHolder, type HolderOutcome, markHolder } from './holder.store.ts'
import type { MatchFacts } from './match.rules.ts'
import { listMatches } from './match.store.ts'
import { countSend, makeCode } from './new-code.ts'
import { findPause } from './pause.store.ts'
import type { IdentityWorld } from './world.ts'

export type ResendResult =
  | { readonly kind: 'resent' }
  | { readonly kind: 'wait'; readonly seconds: number }
  | { readonly kind: 'no-more-today' }
  | { readonly kind: 'paused'; readonly until: Date }
  /** This browser stands before no challenge. */
  | { readonly kind: 'none' }

/** 再送信. Hit or miss, the same is done and answered. */
export function resendCode(world: IdentityWorld, cookie: string, now: Date): Promise<ResendResult> {
  const { vault, creditor } = world
  const cookieHash = vault.blindIndex('cookie', cookie)
  return world.db.transaction().execute(async (tx) => {
    const holder = await findHolder(tx, cookieHash, now)
    const own = holder && (await findChallenge(tx, holder.challengeId))
    if (own === undefined) return { kind: 'none' }
    await lockIdentity(tx, own.keys.identity)
    const current = await currentChallenge(tx, own)
    const standing = await getStanding(tx, own.keys, now)
    const pause = await findPause(tx, now)
    const matches = await listMatches(tx, own.keys.identity)

    const outcome = resendOutcome(current, standing, creditor.policies, now)
    if (pause !== undefined) {
      await markHolder(tx, cookieHash, { lastOutcome: 'paused' })
      return { kind: 'paused', until: pause.endsAt }
    }
    const challengeId = await send(tx, world, { outcome, current, matches }, now)
    await markHolder(tx, cookieHash, { lastOutcome: holderOutcomeOf(outcome), challengeId })
    return outcome.kind === 'repeat' || outcome.kind === 'renew' ? { kind: 'resent' } : outcome
  })
}

/** Another browser of the same person may have got a newer code; then that one is the one. Read under the lock. */
export async function currentChallenge(tx: Transaction, own: StoredChallenge): Promise<StoredChallenge> {
  const live = await findLiveChallenge(tx, own.keys.identity)
  return live ?? (await findChallenge(tx, own.id)) ?? own
}

async function send(
  tx: Transaction,
  world: IdentityWorld,
  {
    outcome,
    current,
    matches,
  }: { readonly outcome: ResendOutcome; readonly current: StoredChallenge; readonly matches: readonly MatchFacts[] },
  now: Date,
): Promise<string> {
  switch (outcome.kind) {
    case 'repeat':
      await markResent(tx, current.id, now, codeExpiry(now, world.creditor.policies))
      await countSend(tx, current.keys, now, 0)
      await wakeCodeJob(tx)
      return current.id
    case 'renew': {
      await markDead(tx, current.id)
      const id = await makeCode(tx, world, { keys: current.keys, matches }, now)
      await wakeCodeJob(tx)
      return id
    }
    case 'wait':
    case 'no-more-today':
      return current.id
  }
}

function holderOutcomeOf(outcome: ResendOutcome): HolderOutcome {
  return outcome.kind === 'repeat' || outcome.kind === 'renew' ? 'resent' : outcome.kind
}
