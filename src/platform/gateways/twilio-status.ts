import type { SubmitOutcome } from './gateway.ts'
import { type HttpStatus, outcomeOfStatus, statusOfHttp, tableOf } from './http-status.ts'

/** An error of Twilio's interface (https://www.twilio.com/docs/api/errors/CODE) as an outcome. */
export function outcomeOfTwilio(status: number, code: number | undefined): SubmitOutcome {
  const listed = code === undefined ? undefined : table.get(String(code))
  if (listed !== undefined && status < 500) return outcomeOfStatus(listed)
  const { next, meaning, code: http } = statusOfHttp(status)
  return outcomeOfStatus({ code: code === undefined ? http : String(code), meaning, next })
}

const table = tableOf([
  ['14107', 'This sender has reached its limit of messages.', 'slow-down'],
  ['20003', 'The account or its secret is wrong.', 'fix-gateway'],
  ['20005', 'The account is not active.', 'fix-gateway'],
  ['20006', 'The account may not do this.', 'fix-gateway'],
  ['20008', 'These are credentials for tests.', 'fix-gateway'],
  ['20404', 'There is no such account.', 'fix-gateway'],
  ['20429', 'We send faster than the carrier allows.', 'slow-down'],
  ['21211', 'The phone number is not valid.', 'give-up'],
  ['21212', 'The sender is not valid.', 'fix-gateway'],
  ['21217', 'The phone number does not look valid.', 'give-up'],
  ['21265', 'The phone number is a short code.', 'give-up'],
  ['21266', 'Sender and phone number are the same.', 'give-up'],
  ['21408', 'The account may not send to Japan.', 'fix-gateway'],
  ['21602', 'The text is empty.', 'give-up'],
  ['21603', 'The sender is missing.', 'fix-gateway'],
  ['21604', 'The phone number is missing.', 'give-up'],
  ['21606', 'The sender does not belong to the account or cannot send SMS.', 'fix-gateway'],
  ['21608', 'A trial account may send to verified numbers only.', 'fix-gateway'],
  ['21609', 'The address for receipts is not valid.', 'fix-gateway'],
  ['21610', 'The person has unsubscribed from this sender.', 'give-up'],
  ['21611', 'The queue of this sender is full.', 'slow-down'],
  ['21612', 'The phone cannot be reached from this sender.', 'give-up'],
  ['21614', 'The number is not a mobile number.', 'give-up'],
  ['21617', 'The text is longer than 1,600 characters.', 'give-up'],
  ['21619', 'The text is missing.', 'give-up'],
  ['21624', 'The validity period is not valid.', 'fix-gateway'],
  ['21635', 'The number is a landline.', 'give-up'],
  ['21660', 'The sender belongs to another account.', 'fix-gateway'],
  ['21703', 'The messaging service has no sender.', 'fix-gateway'],
  ['21704', 'The messaging service has no sender for this country.', 'fix-gateway'],
  ['21705', 'The messaging service does not exist.', 'fix-gateway'],
  ['30001', 'The queue is full.', 'slow-down'],
  ['30002', 'The account is suspended.', 'fix-gateway'],
  ['63038', 'The account has reached its limit of messages for today.', 'fix-gateway'],
  ['90007', 'The validity period is not valid.', 'fix-gateway'],
])

export const twilioStatuses: readonly HttpStatus[] = [...table.values()]
