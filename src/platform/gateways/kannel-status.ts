import type { SubmitOutcome } from './gateway.ts'
import { type HttpStatus, outcomeOfStatus, statusOfHttp, tableOf } from './http-status.ts'

/**
 * A refusal of smsbox as an outcome (Kannel 1.4.5 user guide, table 7-16; the words are those of its source, for it
 * has no codes). Everybody's messages take the same way through it, so what it will not do it does for nobody.
 */
export function outcomeOfKannel(status: number, body: string): SubmitOutcome {
  const listed = [...table.values()].find(({ code }) => body.includes(code))
  return outcomeOfStatus(listed ?? statusOfHttp(status))
}

const table = tableOf([
  ['Authorization failed', 'The user or the password is wrong.', 'fix-gateway'],
  ['denied by white- and/or black-lists', 'Kannel’s lists do not allow this phone number.', 'give-up'],
  ['Not routable', 'Kannel has no carrier for the message.', 'fix-gateway'],
  ['Missing receiver', 'The phone number is missing.', 'give-up'],
  ['Empty receiver', 'The phone number is missing.', 'give-up'],
  ['Sender missing', 'The sender is missing.', 'fix-gateway'],
  ['rejected', 'A field of the request is not as Kannel reads it.', 'fix-gateway'],
  ['Temporal failure', 'Kannel cannot take the message at the moment.', 'gateway-down'],
])

export const kannelStatuses: readonly HttpStatus[] = [...table.values()]
