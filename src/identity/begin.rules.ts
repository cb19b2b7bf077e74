import type { Policies } from '#creditor'
import { type Challenge, challengeState, resendOutcome } from './challenge.rules.ts'
import { codeLockEnd, identityLockEnd, latest, nextDayStart, type Standing } from './limits.rules.ts'

export type BeginFacts = {
  /** Identity forms of today, this one counted. */
  readonly tries: { readonly ofPhoneAndClient: number; readonly ofPhone: number }
  readonly standing: Standing
  readonly pausedUntil: Date | undefined
  /** The challenge that lives for this identity, made here or in another browser. */
  readonly current: Challenge | undefined
}

export type BeginOutcome =
  | { readonly kind: 'locked'; readonly until: Date }
  | { readonly kind: 'paused'; readonly until: Date }
  | { readonly kind: 'new' }
  /** Stands before the code that is there, with or without another SMS. */
  | { readonly kind: 'join'; readonly sends: boolean }

/** What an identity form leads to. Whether anybody matches is no argument of this function. */
export function beginOutcome(facts: BeginFacts, policies: Policies, now: Date): BeginOutcome {
  const { tries, standing, pausedUntil, current } = facts
  const lockedUntil = latest(identityLockEnd(tries, policies, now), codeLockEnd(standing, policies, now))
  if (lockedUntil !== undefined) return { kind: 'locked', until: lockedUntil }
  if (pausedUntil !== undefined) return { kind: 'paused', until: pausedUntil }
  if (current !== undefined && challengeState(current, policies, now) === 'live')
    return joinOutcome(current, standing, policies, now)
  const { code } = policies
  const hasCodeLeft = standing.codesToday < code.codesPerDay && standing.smsToday < code.smsPerDayPerPhone
  return hasCodeLeft ? { kind: 'new' } : { kind: 'locked', until: nextDayStart(now) }
}

/** Sending the form again is pressing 再送信: it obeys the same waits, and tries are not reset. */
function joinOutcome(current: Challenge, standing: Standing, policies: Policies, now: Date): BeginOutcome {
  const resend = resendOutcome(current, standing, policies, now)
  switch (resend.kind) {
    case 'repeat':
      return { kind: 'join', sends: true }
    case 'renew':
      return { kind: 'new' }
    case 'wait':
    case 'no-more-today':
      return { kind: 'join', sends: false }
  }
}
