import { recordOf, textOf } from './callback.ts'
import type { SubmitOutcome } from './gateway.ts'
import { type HttpStatus, outcomeOfStatus, statusOfHttp, tableOf } from './http-status.ts'

/** A refusal of the Messages API as an outcome (https://developer.vonage.com/api-errors/messages). */
export function outcomeOfVonage(status: number, problem: VonageProblem | undefined): SubmitOutcome {
  const code = codeOfProblem(problem)
  const listed = table.get(code)
  if (status >= 500 || listed === undefined) {
    const { next, meaning, code: http } = statusOfHttp(status)
    return outcomeOfStatus({ code: code === '' ? http : code, meaning, next })
  }
  const names = Array.isArray(problem?.invalid_parameters) ? problem.invalid_parameters.map(nameOf) : []
  const isMessages = listed.code === invalidFields && names.length > 0 && names.every((name) => ofMessage.has(name))
  return outcomeOfStatus(isMessages ? { ...listed, ...messageIsWrong } : listed)
}

/** RFC 9457; `type` ends in the code: 'https://developer.vonage.com/api-errors/messages#1120'. */
export type VonageProblem = Readonly<Record<string, unknown>>

/** In callbacks the code may stand in the title alone. */
export function codeOfProblem(problem: VonageProblem | undefined): string {
  const [, code = ''] = /#([\w-]+)$/.exec(textOf(problem?.type)) ?? []
  return code !== '' ? code : (/^\d+$/.exec(textOf(problem?.title))?.[0] ?? '')
}

/** The message's time to live ran out. */
export const ttlHasPassed = '1360'

const invalidFields = '1020'
const ofMessage = new Set(['to', 'text'])
const messageIsWrong = { meaning: 'The phone number or the text is not valid.', next: 'give-up' } as const

function nameOf(parameter: unknown): string {
  return textOf(recordOf(parameter)?.name)
}

const table = tableOf([
  ['1000', 'We send faster than the account allows.', 'slow-down'],
  ['1010', 'A field of the request is missing.', 'fix-gateway'],
  ['1020', 'A field of the request is not valid.', 'fix-gateway'],
  ['1030', 'The carrier has an internal error.', 'in-doubt'],
  ['1040', 'The carrier cannot use the phone number.', 'give-up'],
  ['1050', 'The phone number is barred.', 'give-up'],
  ['1060', 'The account is barred.', 'fix-gateway'],
  ['1070', 'The account has no money or no quota left.', 'fix-gateway'],
  ['1080', 'The account may not send over HTTP.', 'fix-gateway'],
  ['1090', 'The text is too long.', 'give-up'],
  ['1100', 'The carrier could not pass the message on.', 'try-later'],
  ['1110', 'The request is not signed as it should be.', 'fix-gateway'],
  ['1120', 'The sender is not allowed in Japan.', 'fix-gateway'],
  ['1130', 'The validity period is not valid.', 'fix-gateway'],
  ['1140', 'The account may not use this facility.', 'fix-gateway'],
  ['1150', 'The message class is not valid.', 'fix-gateway'],
  ['1160', 'The account may send to listed numbers only.', 'fix-gateway'],
  ['1170', 'The phone number is missing or not valid.', 'give-up'],
  ['1180', 'The phone is out of reach for the time being.', 'try-later'],
  ['1190', 'The phone number is no longer in use.', 'give-up'],
  ['1200', 'The phone number was moved to another carrier and is not found there.', 'give-up'],
  ['1210', 'The carrier took the message for spam.', 'give-up'],
  ['1220', 'The phone is busy.', 'try-later'],
  ['1230', 'The network failed.', 'try-later'],
  ['1240', 'The person has opted out.', 'give-up'],
  ['1241', 'Too many messages went to this phone.', 'try-later'],
  ['1250', 'There is no route to the phone.', 'give-up'],
  ['1260', 'The phone cannot be reached.', 'give-up'],
  ['1270', 'The text is not for the age of the person.', 'give-up'],
  ['1280', 'The phone’s carrier blocks the message.', 'give-up'],
  ['1290', 'The phone’s prepaid account is empty.', 'try-later'],
  ['1300', 'The phone number is not the carrier’s.', 'give-up'],
  ['1310', 'The phone cannot receive the message.', 'give-up'],
  ['1320', 'The message was already sent.', 'in-doubt'],
  ['1330', 'The phone’s carrier names no reason.', 'try-later'],
  ['1340', 'The message came outside the allowed time.', 'give-up'],
  ['1360', 'The message’s time ran out.', 'give-up'],
])

export const vonageStatuses: readonly HttpStatus[] = [...table.values()]
