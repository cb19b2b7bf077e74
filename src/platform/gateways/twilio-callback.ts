import {
  answerOf,
  answers,
  type CallbackAnswer,
  type CallbackRequest,
  given,
  type HandOn,
  headerOf,
  phoneOf,
  type ReceiptCallback,
  rawOf,
  referenceOf,
  refusalOf,
} from './callback.ts'
import type { Receipt, ReceiptState } from './gateway.ts'

/**
 * Twilio's status callback: a form, signed over the address and the fields (https://www.twilio.com/docs/usage/security).
 * The reference stands in the address, which we gave with the message, so the signature covers it.
 */
export function twilioCallback({ authToken }: TwilioCallbackOptions, handOn: HandOn): ReceiptCallback {
  return { handle: (request) => handle(request, authToken, handOn) }
}

export type TwilioCallbackOptions = {
  /** The account's, with which Twilio signs; also where messages are sent with an API key. */
  readonly authToken: string
}

/** Where the message says to bring its receipts. */
export function twilioCallbackUrl(url: string, reference: number): string {
  const address = new URL(url)
  address.searchParams.set(referenceField, String(reference))
  return address.href
}

const referenceField = 'reference'

async function handle(request: CallbackRequest, authToken: string, handOn: HandOn): Promise<CallbackAnswer> {
  const refusal = refusalOf(request, 'POST')
  if (refusal) return refusal
  const fields = fieldsOf(request.rawBody)
  if (!(await isTwilios(request, fields, authToken))) return answers.unsigned
  const receipt = receiptOf(fields, request.url)
  return receipt === undefined ? answers.unreadable : answerOf(receipt, handOn)
}

async function isTwilios(request: CallbackRequest, fields: Fields, authToken: string): Promise<boolean> {
  const signature = headerOf(request, 'x-twilio-signature')
  if (signature === undefined || !URL.canParse(request.url)) return false
  const { default: twilio } = await import('twilio')
  return twilio.validateRequest(authToken, signature, request.url, fields)
}

type Fields = Readonly<Record<string, string | string[]>>

/** A name that comes several times has all its values, as Twilio signs them. */
function fieldsOf(body: Buffer): Fields {
  const form = new URLSearchParams(body.toString('utf8'))
  return Object.fromEntries(
    [...new Set(form.keys())].map((name) => {
      const values = form.getAll(name)
      return [name, values.length === 1 ? (values[0] ?? '') : values]
    }),
  )
}

function receiptOf(fields: Fields, url: string): Receipt | undefined {
  const [id, status, error] = [fields.MessageSid, fields.MessageStatus, fields.ErrorCode]
  if (typeof id !== 'string' || typeof status !== 'string') return undefined
  return {
    carrierId: id,
    state: stateOf(status, error),
    ...given({
      errorCode: typeof error === 'string' && error !== '' ? error : undefined,
      reference: referenceOf(new URL(url).searchParams.get(referenceField)),
      to: phoneOf(fields.To),
    }),
    raw: rawOf({ MessageSid: id, MessageStatus: status, ErrorCode: error }),
  }
}

/** https://www.twilio.com/docs/messaging/guides/outbound-message-status-in-status-callbacks */
function stateOf(status: string, error: string | string[] | undefined): ReceiptState {
  switch (status) {
    case 'delivered':
    case 'read':
      return 'delivered'
    case 'undelivered':
    case 'failed':
      return error === validityHasPassed ? 'expired' : 'failed'
    case 'canceled':
      return 'failed'
    case 'sent':
      return 'enroute'
    case 'accepted':
    case 'scheduled':
    case 'queued':
    case 'sending':
      return 'accepted'
    default:
      return 'unknown'
  }
}

/** https://www.twilio.com/docs/api/errors/30036 */
const validityHasPassed = '30036'
