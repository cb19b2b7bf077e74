import type { SubmitOutcome } from './gateway.ts'
import { type HttpStatus, outcomeOfStatus, statusOfHttp, tableOf } from './http-status.ts'

/**
 * An exception of SendTextMessage as an outcome
 * (https://docs.aws.amazon.com/pinpoint/latest/apireference_smsvoicev2/API_SendTextMessage.html).
 */
export function outcomeOfAws({ status, name, reason, fields }: AwsError): SubmitOutcome {
  if (status >= 500 && status !== 503) return outcomeOfStatus({ ...statusOfHttp(status), code: name })
  const code = reason === undefined ? name : `${name} ${reason}`
  const listed = table.get(code) ?? table.get(name)
  if (listed === undefined) return outcomeOfStatus(statusOfHttp(status))
  // Of a field that is not valid only the name tells whose it is: the message's, or our configuration's.
  const isMessages =
    name === 'ValidationException' && fields.length > 0 && fields.every((field) => ofMessage.has(field))
  return outcomeOfStatus({ ...listed, code, ...(isMessages ? messageIsWrong : {}) })
}

export type AwsError = {
  readonly status: number
  readonly name: string
  readonly reason?: string
  /** The names of the fields that were not valid. */
  readonly fields: readonly string[]
}

const ofMessage = new Set(['DestinationPhoneNumber', 'MessageBody'])
const messageIsWrong = { meaning: 'The phone number or the text is not valid.', next: 'give-up' } as const

const table = tableOf([
  ['AccessDeniedException', 'The account may not send.', 'fix-gateway'],
  ['AccessDeniedException ACCOUNT_DISABLED', 'The account is disabled.', 'fix-gateway'],
  ['AccessDeniedException INSUFFICIENT_ACCOUNT_REPUTATION', 'The account has lost its reputation.', 'fix-gateway'],
  ['ConflictException', 'Something in the account is not as the message needs it.', 'fix-gateway'],
  ['ConflictException DESTINATION_PHONE_NUMBER_OPTED_OUT', 'The person has opted out.', 'give-up'],
  [
    'ConflictException DESTINATION_PHONE_NUMBER_BLOCKED_BY_PROTECT_NUMBER_OVERRIDE',
    'The account blocks this phone number.',
    'give-up',
  ],
  [
    'ConflictException DESTINATION_PHONE_NUMBER_NOT_VERIFIED',
    'The account is still in its sandbox, where only verified numbers are reached.',
    'fix-gateway',
  ],
  [
    'ConflictException DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION',
    'The account blocks messages to Japan.',
    'fix-gateway',
  ],
  ['ConflictException NO_ORIGINATION_IDENTITIES_FOUND', 'The account has no such sender.', 'fix-gateway'],
  ['ConflictException MESSAGE_TYPE_MISMATCH', 'The sender is not for this type of message.', 'fix-gateway'],
  ['ConflictException NUMBER_CAPABILITIES_MISMATCH', 'The sender cannot send SMS.', 'fix-gateway'],
  ['ConflictException RESOURCE_NOT_ACTIVE', 'The sender is not active yet.', 'fix-gateway'],
  ['ResourceNotFoundException', 'The sender or the configuration set does not exist.', 'fix-gateway'],
  ['ServiceQuotaExceededException', 'A quota of the account is used up.', 'fix-gateway'],
  [
    'ServiceQuotaExceededException MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT',
    'The account has spent what it may in this month.',
    'fix-gateway',
  ],
  ['ThrottlingException', 'We send faster than the carrier allows.', 'slow-down'],
  ['ValidationException', 'A field of the request is not valid.', 'fix-gateway'],
  ['ValidationException COUNTRY_NOT_ENABLED', 'The account may not send to Japan.', 'fix-gateway'],
  ['ValidationException DESTINATION_COUNTRY_BLOCKED', 'The account may not send to Japan.', 'fix-gateway'],
  ['ValidationException INTERNATIONAL_SENDING_NOT_SUPPORTED', 'The sender cannot send to Japan.', 'fix-gateway'],
  ['ValidationException INVALID_IDENTITY_FOR_DESTINATION_COUNTRY', 'The sender cannot send to Japan.', 'fix-gateway'],
  ['ValidationException MAXIMUM_SIZE_EXCEEDED', 'The text is too long.', 'give-up'],
  ['ValidationException PRICE_OVER_THRESHOLD', 'The message costs more than the account allows.', 'fix-gateway'],
  ['ValidationException SENDER_ID_NOT_REGISTERED', 'The sender name is not registered.', 'fix-gateway'],
  ['ValidationException SENDER_ID_NOT_SUPPORTED', 'Sender names are not possible in Japan.', 'fix-gateway'],
  ['ValidationException SENDER_ID_REQUIRES_REGISTRATION', 'The sender name has to be registered.', 'fix-gateway'],
  // Of every service: https://docs.aws.amazon.com/pinpoint/latest/apireference_smsvoicev2/CommonErrors.html
  ['ExpiredTokenException', 'The credentials have run out.', 'fix-gateway'],
  ['IncompleteSignature', 'The request is not signed as it should be.', 'fix-gateway'],
  ['InvalidClientTokenId', 'The access key is unknown.', 'fix-gateway'],
  ['InvalidSignatureException', 'The secret of the access key is wrong.', 'fix-gateway'],
  ['NotAuthorized', 'The account may not do this.', 'fix-gateway'],
  ['OptInRequired', 'The access key is not for this service.', 'fix-gateway'],
  ['RequestExpired', 'The clocks differ by more than fifteen minutes.', 'fix-gateway'],
  ['ServiceUnavailable', 'The carrier takes nothing at the moment.', 'gateway-down'],
  ['UnrecognizedClientException', 'The access key is unknown.', 'fix-gateway'],
])

export const awsStatuses: readonly HttpStatus[] = [...table.values()]
