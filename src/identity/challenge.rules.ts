import type { Policies } from '#creditor'
import { codeLockEnd, type Standing } from './limits.rules.ts'

/** A code that was asked for, real or decoy: nothing here tells which. */
export type Challenge = {
  readonly state: 'live' | 'accepted' | 'dead'
  readonly codeMadeAt: Date
  readonly expiresAt: Date
  readonly tries: number
  readonly sends: number
  readonly lastSentAt: Date
}

export type ChallengeState = 'live' | 'expired' | 'used-up' | 'accepted'

/** What its code page says of it. A code that another one replaced has expired. */
export function challengeState(challenge: Challenge, { code }: Policies, now: Date): ChallengeState {
  if (challenge.state === 'accepted') return 'accepted'
  if (challenge.tries >= code.triesPerCode) return 'used-up'
  return challenge.state === 'live' && now < challenge.expiresAt ? 'live' : 'expired'
}

export type ResendOutcome =
  /** The same code again; its life starts anew, its tries do not. */
  | { readonly kind: 'repeat' }
  /** A new code, which counts as one of the day's. */
  | { readonly kind: 'renew' }
  | { readonly kind: 'wait'; readonly seconds: number }
  | { readonly kind: 'no-more-today' }

/** What pressing 再送信 does. Late and reordered SMS do no harm, because the code stays the same within its first life. */
export function resendOutcome(challenge: Challenge, standing: Standing, policies: Policies, now: Date): ResendOutcome {
  const { code } = policies
  if (codeLockEnd(standing, policies, now) !== undefined) return { kind: 'no-more-today' }
  if (standing.smsToday >= code.smsPerDayPerPhone) return { kind: 'no-more-today' }
  const isFirstLife = now < codeExpiry(challenge.codeMadeAt, policies)
  const repeats = isFirstLife && challengeState(challenge, policies, now) === 'live'
  if (!repeats && standing.codesToday >= code.codesPerDay) return { kind: 'no-more-today' }
  const waitMs = waitUntil(challenge, policies).getTime() - now.getTime()
  if (waitMs > 0) return { kind: 'wait', seconds: Math.ceil(waitMs / 1000) }
  return { kind: repeats ? 'repeat' : 'renew' }
}

/** When a code sent at that instant ends. */
export function codeExpiry(sentAt: Date, { code }: Policies): Date {
  return new Date(sentAt.getTime() + code.lifeMinutes * 60_000)
}

/** The wait grows with every send; the last of the list holds from then on. */
function waitUntil({ sends, lastSentAt }: Challenge, { code }: Policies): Date {
  const waits = code.resendAfterSeconds
  const seconds = waits[Math.min(sends, waits.length) - 1] ?? 0
  return new Date(lastSentAt.getTime() + seconds * 1000)
}
