import { createHmac } from 'node:crypto'
import {
  answerOf,
  answers,
  type CallbackAnswer,
  type CallbackRequest,
  given,
  type HandOn,
  isSame,
  type ReceiptCallback,
  rawOf,
  referenceOf,
  refusalOf,
} from './callback.ts'
import type { Receipt, ReceiptState } from './gateway.ts'

/**
 * Kannel signs nothing: it calls the address that came with the message. So that address holds a token for just this
 * message which nobody can guess. It should be on a network of one's own, or HTTPS, for whoever reads it can use it.
 */
export function kannelCallback({ callbackSecret }: KannelCallbackOptions, handOn: HandOn): ReceiptCallback {
  return { handle: (request) => handle(request, callbackSecret, handOn) }
}

export type KannelCallbackOptions = {
  /** At least 32 characters that nobody knows; changing it makes the receipts under way unreadable. */
  readonly callbackSecret: string
}

/**
 * The address with Kannel's own words in it, which it fills: %d what happened, %D what the SMSC said about it. Not %A:
 * that is the carrier's whole receipt, which quotes the message, and addresses end up in logs.
 */
export function kannelCallbackUrl(url: string, carrierId: string, secret: string): string {
  const address = new URL(url)
  address.searchParams.set('id', carrierId)
  address.searchParams.set('token', tokenOf(carrierId, secret))
  return `${address.href}&type=%d&meta=%D`
}

/** Our own id: Kannel gives none. The reference stands in it. */
export function kannelIdOf(messageId: string, part: number, reference: number): string {
  return `${messageId}.${part}.${reference}`
}

function tokenOf(carrierId: string, secret: string): string {
  return createHmac('sha256', secret).update(`kannel receipt ${carrierId}`).digest('base64url')
}

async function handle(request: CallbackRequest, secret: string, handOn: HandOn): Promise<CallbackAnswer> {
  const refusal = refusalOf(request, 'GET')
  if (refusal) return refusal
  if (!URL.canParse(request.url)) return answers.unreadable
  const { searchParams } = new URL(request.url)
  const carrierId = searchParams.get('id') ?? ''
  if (!isSame(searchParams.get('token') ?? '', tokenOf(carrierId, secret))) return answers.unsigned
  return answerOf(receiptOf(carrierId, searchParams), handOn)
}

function receiptOf(carrierId: string, said: URLSearchParams): Receipt {
  const type = said.get('type') ?? ''
  const state = stateOf(type)
  const error = errorOf(said.get('meta') ?? '')
  return {
    carrierId,
    state,
    ...given({
      errorCode: state === 'delivered' ? undefined : error,
      reference: referenceOf(carrierId.split('.')[2]),
    }),
    raw: rawOf({ type, err: error }),
  }
}

/** User guide, section "Delivery reports": 1, 2, 4, 8 and 16; the two others are 2 with a reason (gw/dlr.h). */
function stateOf(type: string): ReceiptState {
  switch (type) {
    case '1':
      return 'delivered'
    case '2':
    case '16':
      return 'failed'
    case '4':
      return 'enroute'
    case '8':
      return 'accepted'
    case '34':
      return 'expired'
    default:
      return 'unknown'
  }
}

/**
 * Out of '?smpp?dlr_err=%03%00%01&': the carrier's number for what went wrong. In the TLV network_error_code it is two
 * octets after the kind of network (SMPP 3.4, 5.3.2.31); in the text of a receipt it is digits.
 */
function errorOf(meta: string): string | undefined {
  const [, written = ''] = /[?&]dlr_err=([^&]*)/.exec(meta) ?? []
  const octets = written.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  if (octets === '' || /^\d+$/.test(octets)) return octets === '' ? undefined : octets
  return octets.length === 3 ? String(octets.charCodeAt(1) * 256 + octets.charCodeAt(2)) : undefined
}
