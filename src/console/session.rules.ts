import type { SessionLimits } from './desk.ts'

export type SessionEnding = 'signed-out' | 'idle' | 'absolute' | 'replaced'

export type SessionTimes = {
  readonly openedAt: Date
  readonly lastSeenAt: Date
  readonly endedBecause: SessionEnding | null
}

export type SessionOutcome =
  | { readonly kind: 'open'; readonly endsAt: Date }
  | { readonly kind: 'ended'; readonly because: SessionEnding }

/** Whether a session may go on, and until when if nothing is touched. When both times ran out, the earlier ended it. */
export const sessionOutcome = (times: SessionTimes, limits: SessionLimits, now: Date): SessionOutcome => {
  if (times.endedBecause !== null) return { kind: 'ended', because: times.endedBecause }
  const absoluteAt = after(times.openedAt, limits.absoluteMinutes)
  const idleAt = after(times.lastSeenAt, limits.idleMinutes)
  if (now >= absoluteAt || now >= idleAt) return { kind: 'ended', because: idleAt < absoluteAt ? 'idle' : 'absolute' }
  const idleFromNow = after(now, limits.idleMinutes)
  return { kind: 'open', endsAt: new Date(Math.min(idleFromNow.getTime(), absoluteAt.getTime())) }
}

const after = (instant: Date, minutes: number): Date => new Date(instant.getTime() + minutes * 60_000)
