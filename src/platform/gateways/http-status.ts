import type { SubmitOutcome } from './gateway.ts'

/**
 * What an HTTP carrier's refusal means and what happens next. Each carrier has a table of its own; what it does not
 * list goes by the status of HTTP (RFC 9110, section 15).
 */
export type HttpStatus = {
  /** As the carrier writes it. */
  readonly code: string
  /** For people. */
  readonly meaning: string
  readonly next: NextStep
}

/**
 * - `give-up`: this message will never be taken; trying again changes nothing.
 * - `try-later`: a passing trouble; the same message may be taken later.
 * - `slow-down`: a limit is reached; later, and fewer at a time.
 * - `fix-gateway`: our account or configuration is wrong; every message would fail, so this one is not to blame.
 * - `gateway-down`: the carrier takes nothing from anybody at the moment.
 * - `in-doubt`: the carrier failed while it had the message, and does not say how far it came.
 */
export type NextStep = 'give-up' | 'try-later' | 'slow-down' | 'fix-gateway' | 'gateway-down' | 'in-doubt'

export function outcomeOfStatus({ code, meaning, next }: HttpStatus): SubmitOutcome {
  switch (next) {
    case 'give-up':
      return { kind: 'refused', status: code, meaning, retry: 'never', blame: 'message' }
    case 'try-later':
      return { kind: 'refused', status: code, meaning, retry: 'later', blame: 'message' }
    case 'fix-gateway':
    case 'gateway-down':
      return { kind: 'refused', status: code, meaning, retry: 'later', blame: 'gateway' }
    case 'slow-down':
      return { kind: 'throttled', status: code }
    case 'in-doubt':
      return { kind: 'doubtful', because: 'dropped' }
  }
}

/** For an answer without a code that the carrier's own table knows. */
export function statusOfHttp(status: number): HttpStatus {
  const listed = statuses.find(({ code }) => code === `HTTP ${status}`)
  if (listed) return listed
  const code = `HTTP ${status}`
  if (status >= 500) return { code, meaning: 'The carrier failed while it had the message.', next: 'in-doubt' }
  if (status >= 400) return { code, meaning: 'The carrier refuses without a reason that we know.', next: 'try-later' }
  if (status >= 300) return { code, meaning: 'The address is not the carrier’s any more.', next: 'fix-gateway' }
  return { code, meaning: 'The carrier answers what nobody can read.', next: 'in-doubt' }
}

const rows: readonly (readonly [number, string, NextStep])[] = [
  [401, 'The carrier does not know the account or its secret.', 'fix-gateway'],
  [402, 'The account has no money left.', 'fix-gateway'],
  [403, 'The account may not do this.', 'fix-gateway'],
  [404, 'There is no such account or address.', 'fix-gateway'],
  [405, 'The address does not take messages.', 'fix-gateway'],
  [408, 'The request did not arrive whole in time.', 'try-later'],
  [429, 'We send faster than the carrier allows.', 'slow-down'],
  [503, 'The carrier takes nothing at the moment.', 'gateway-down'],
]

/** What RFC 9110 says of every server: also of one whose table lists nothing for it. */
export const statuses: readonly HttpStatus[] = rows.map(([status, meaning, next]) => ({
  code: `HTTP ${status}`,
  meaning,
  next,
}))

/** There is less time left than the carrier takes, so the message would come too late. */
export const expired: SubmitOutcome = {
  kind: 'refused',
  status: 'EXPIRED',
  meaning: 'The message would have come too late.',
  retry: 'never',
  blame: 'message',
}

/** A carrier's table, by code. */
export function tableOf(rows: readonly (readonly [string, string, NextStep])[]): ReadonlyMap<string, HttpStatus> {
  return new Map(rows.map(([code, meaning, next]) => [code, { code, meaning, next }]))
}
