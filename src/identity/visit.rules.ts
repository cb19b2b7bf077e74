import type { Policies } from '#creditor'

export const visitEndings = ['signed-out', 'idle', 'absolute', 'hold'] as const

export type VisitEnding = (typeof visitEndings)[number]

export type VisitTimes = {
  readonly openedAt: Date
  readonly lastSeenAt: Date
  readonly endedBecause: VisitEnding | null
}

export type VisitOutcome =
  | { readonly kind: 'open'; readonly expiresAt: Date; readonly idleAt: Date }
  | { readonly kind: 'ended'; readonly because: VisitEnding }

/** Whether a visit may go on. When both times have run out, the earlier one ended it. */
export function visitOutcome(
  { openedAt, lastSeenAt, endedBecause }: VisitTimes,
  { visit }: Policies,
  now: Date,
): VisitOutcome {
  if (endedBecause !== null) return { kind: 'ended', because: endedBecause }
  const expiresAt = after(openedAt, visit.absoluteMinutes)
  const idleAt = after(lastSeenAt, visit.idleMinutes)
  if (now >= expiresAt || now >= idleAt) return { kind: 'ended', because: idleAt < expiresAt ? 'idle' : 'absolute' }
  return { kind: 'open', expiresAt, idleAt: after(now, visit.idleMinutes) }
}

function after(instant: Date, minutes: number): Date {
  return new Date(instant.getTime() + minutes * 60_000)
}
