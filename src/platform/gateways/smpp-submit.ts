import type { OutgoingPart, Receipt, SubmitOutcome } from './gateway.ts'
import type { Answer } from './smpp-answers.ts'
import { idOfResponse, type ReceiptIds } from './smpp-ids.ts'
import type { SmppAccount } from './smpp-options.ts'
import type { Pdu, PduFields } from './smpp-pdu.ts'
import { statusOf } from './smpp-status.ts'
import { absoluteTime, relativeTime } from './smpp-time.ts'
import { userDataFields, type Writing } from './smpp-user-data.ts'

/** A part as the submit_sm that carries it. */
export function submitFields(
  { to, from, part, reference, validUntil }: OutgoingPart,
  options: Writing & Pick<SmppAccount, 'validityFrom'>,
): PduFields {
  const source = kindOfSender(from)
  return {
    source_addr_ton: source.ton,
    source_addr_npi: source.npi,
    source_addr: from.replace('+', ''),
    dest_addr_ton: international.ton,
    dest_addr_npi: international.npi,
    destination_addr: to.slice(1),
    validity_period: validUntil ? validityOf(validUntil, options.validityFrom) : '',
    registered_delivery: 1,
    user_message_reference: reference & 0xffff,
    ...userDataFields(part, reference, options),
  }
}

/** What the answer to a submit means for the part. */
export function outcomeOf(answer: Answer, receiptIds: ReceiptIds): SubmitOutcome {
  if (answer.kind !== 'answered') return { kind: 'doubtful', because: answer.kind }
  const { word, meaning, next } = statusOf(answer.response.status)
  switch (next) {
    case 'go-on':
      return { kind: 'submitted', carrierId: idOfResponse(answer.response.fields.message_id ?? '', receiptIds) }
    case 'slow-down':
      return { kind: 'throttled', status: word }
    case 'give-up':
      return { kind: 'refused', status: word, meaning, retry: 'never', blame: 'message' }
    case 'try-later':
      return { kind: 'refused', status: word, meaning, retry: 'later', blame: 'message' }
    case 'gateway-down':
    case 'fix-gateway':
      return { kind: 'refused', status: word, meaning, retry: 'later', blame: 'gateway' }
  }
}

/**
 * An answer that came when its part was doubtful already, as the receipt that settles it. A refusal that may pass settles
 * nothing: the part stays doubtful, so that a notice is sent again later and a code is not.
 */
export function lateReceipt(
  part: OutgoingPart,
  { status: code, fields }: Pdu,
  receiptIds: ReceiptIds,
): Receipt | undefined {
  const { word, next } = statusOf(code)
  if (next !== 'go-on' && next !== 'give-up') return undefined
  return {
    carrierId: idOfResponse(fields.message_id ?? '', receiptIds),
    state: next === 'go-on' ? 'accepted' : 'failed',
    ...(next === 'go-on' ? {} : { errorCode: word }),
    reference: part.reference,
    to: part.to,
    raw: `late submit_sm_resp ${word}`,
  }
}

/** A moment that has passed becomes one second: the carrier shall let it expire rather than keep it for its default. */
function validityOf(until: Date, validityFrom: SmppAccount['validityFrom']): string {
  if (validityFrom === undefined) return absoluteTime(until)
  return relativeTime(until, validityFrom()) ?? '000000000001000R'
}

/** Type of number and numbering plan: SMPP 3.4, 5.2.5 and 5.2.6. */
const international = { ton: 1, npi: 1 }
const national = { ton: 2, npi: 1 }
const alphanumeric = { ton: 5, npi: 0 }

function kindOfSender(from: string) {
  if (/^\+\d+$/.test(from)) return international
  return /^\d+$/.test(from) ? national : alphanumeric
}
