import { createHash } from 'node:crypto'
import {
  answerOf,
  answers,
  type CallbackAnswer,
  type CallbackRequest,
  given,
  type HandOn,
  headerOf,
  isSame,
  jsonOf,
  momentOf,
  phoneOf,
  type ReceiptCallback,
  rawOf,
  recordOf,
  referenceOf,
  refusalOf,
  textOf,
} from './callback.ts'
import type { Receipt, ReceiptState } from './gateway.ts'
import { codeOfProblem, ttlHasPassed } from './vonage-status.ts'

/**
 * Vonage's message status: JSON, vouched for by a token in the header that holds the hash of the body
 * (https://developer.vonage.com/en/getting-started/concepts/webhooks, "signed webhooks").
 */
export function vonageCallback(options: VonageCallbackOptions, handOn: HandOn): ReceiptCallback {
  return { handle: (request) => handle(request, options, handOn) }
}

export type VonageCallbackOptions = {
  readonly applicationId: string
  /** The account's, from the dashboard's settings; not the application's private key. */
  readonly signatureSecret: string
}

async function handle(
  request: CallbackRequest,
  options: VonageCallbackOptions,
  handOn: HandOn,
): Promise<CallbackAnswer> {
  const refusal = refusalOf(request, 'POST')
  if (refusal) return refusal
  if (!(await isVonages(request, options))) return answers.unsigned
  const status = jsonOf(request.rawBody.toString('utf8'))
  const receipt = status === undefined ? undefined : receiptOf(status)
  return receipt === undefined ? answers.unreadable : answerOf(receipt, handOn)
}

/** The token alone would vouch for any body, the hash alone for nothing. */
async function isVonages(request: CallbackRequest, options: VonageCallbackOptions): Promise<boolean> {
  const [, token = ''] = /^Bearer (\S+)$/i.exec(headerOf(request, 'authorization') ?? '') ?? []
  const { verifySignature } = await import('@vonage/jwt')
  if (token === '' || !verifySignature(token, options.signatureSecret)) return false
  const claims = claimsOf(token)
  const application = textOf(claims?.application_id)
  if (application !== '' && application !== options.applicationId) return false
  return isSame(textOf(claims?.payload_hash).toLowerCase(), createHash('sha256').update(request.rawBody).digest('hex'))
}

function claimsOf(token: string): Readonly<Record<string, unknown>> | undefined {
  return jsonOf(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'))
}

function receiptOf(status: Readonly<Record<string, unknown>>): Receipt | undefined {
  const [carrierId, word] = [textOf(status.message_uuid), textOf(status.status)]
  if (carrierId === '' || word === '') return undefined
  const code = codeOfProblem(recordOf(status.error))
  return {
    carrierId,
    state: stateOf(word, code),
    ...given({
      errorCode: code === '' ? undefined : code,
      doneAt: momentOf(status.timestamp),
      reference: referenceOf(textOf(status.client_ref).split('.')[0]),
      to: phoneOf(status.to),
    }),
    raw: rawOf({ message_uuid: carrierId, status: word, error: code, timestamp: status.timestamp }),
  }
}

/** https://developer.vonage.com/en/messages/concepts/messages-status-callbacks */
function stateOf(word: string, code: string): ReceiptState {
  switch (word) {
    case 'delivered':
    case 'read':
      return 'delivered'
    case 'submitted':
      return 'accepted'
    case 'rejected':
    case 'undeliverable':
      return code === ttlHasPassed ? 'expired' : 'failed'
    default:
      return 'unknown'
  }
}
