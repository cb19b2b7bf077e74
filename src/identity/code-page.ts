import { type ChallengeState, challengeState, type ResendOutcome, resendOutcome } from './challenge.rules.ts'
import { findChallenge, findLiveChallenge } from './challenge.store.ts'
import { getStanding } from './counter.store.ts'
import { findHolder, type HolderOutcome, typedPlace } from './holder.store.ts'
import { wrongCodesLeft } from './limits.rules.ts'
import { readTyped, type Typed } from './typed.rules.ts'
import type { IdentityWorld } from './world.ts'

/** What the code page shows. Nothing in it tells whether anybody matched. */
export type ChallengeView = {
  readonly typed: Typed
  readonly digits: number
  readonly expiresAt: Date
  readonly state: ChallengeState
  readonly triesLeft: number
  readonly resend:
    | { readonly kind: 'now' }
    | { readonly kind: 'wait'; readonly seconds: number }
    | { readonly kind: 'no-more-today' }
  readonly lastOutcome: HolderOutcome
}

export async function getChallenge(
  { db, vault, creditor }: IdentityWorld,
  cookie: string,
  now: Date,
): Promise<ChallengeView | undefined> {
  const { policies } = creditor
  const holder = await findHolder(db, vault.blindIndex('cookie', cookie), now)
  const own = holder && (await findChallenge(db, holder.challengeId))
  if (holder === undefined || own === undefined) return undefined
  const standing = await getStanding(db, own.keys, now)
  const current = (await findLiveChallenge(db, own.keys.identity)) ?? own
  const state = challengeState(own, policies, now)
  return {
    typed: readTyped(vault.open(typedPlace(holder.cookieHash), holder.typed).toString()),
    digits: policies.code.digits,
    expiresAt: own.expiresAt,
    state,
    triesLeft:
      state === 'live' ? Math.min(policies.code.triesPerCode - own.tries, wrongCodesLeft(standing, policies)) : 0,
    resend: buttonOf(resendOutcome(current, standing, policies, now)),
    lastOutcome: holder.lastOutcome,
  }
}

function buttonOf(outcome: ResendOutcome): ChallengeView['resend'] {
  return outcome.kind === 'repeat' || outcome.kind === 'renew' ? { kind: 'now' } : outcome
}
