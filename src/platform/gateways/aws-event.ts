import { given, jsonOf, momentOf, phoneOf, rawOf, recordOf, referenceOf, textOf } from './callback.ts'
import type { Receipt, ReceiptState } from './gateway.ts'

/**
 * An SMS event as a receipt; nothing for other events
 * (https://docs.aws.amazon.com/sms-voice/latest/userguide/configuration-sets-event-format.html).
 */
export function receiptOfEvent(text: string, { successIsDelivery }: EventReading): Receipt | undefined {
  const event = jsonOf(text)
  const type = textOf(event?.eventType)
  const carrierId = textOf(event?.messageId)
  if (event === undefined || !type.startsWith('TEXT_') || carrierId === '') return undefined
  const [state, status] = [stateOf(type, event.isFinal === false, successIsDelivery), textOf(event.messageStatus)]
  return {
    carrierId,
    state,
    ...given({
      errorCode: isBad(state) && status !== '' ? status : undefined,
      doneAt: momentOf(event.eventTimestamp),
      reference: referenceOf(recordOf(event.context)?.[referenceKey]),
      to: phoneOf(event.destinationPhoneNumber),
    }),
    raw: rawOf({ eventType: type, messageStatus: status, isFinal: String(event.isFinal) }),
  }
}

export type EventReading = {
  /** Whether TEXT_SUCCESSFUL, "accepted by the recipient's carrier", is the best news that this route brings. */
  readonly successIsDelivery: boolean
}

/** The key under which our reference goes with the message and comes back with its events. */
export const referenceKey = 'reference'

/** https://docs.aws.amazon.com/sms-voice/latest/userguide/configuration-sets-event-types.html */
function stateOf(type: string, isPassing: boolean, successIsDelivery: boolean): ReceiptState {
  switch (type) {
    case 'TEXT_DELIVERED':
      return 'delivered'
    case 'TEXT_SUCCESSFUL':
      return successIsDelivery ? 'delivered' : 'enroute'
    case 'TEXT_QUEUED':
    case 'TEXT_PENDING':
      return 'accepted'
    case 'TEXT_SENT':
      return 'enroute'
    case 'TEXT_TTL_EXPIRED':
      return 'expired'
    case 'TEXT_BLOCKED':
    case 'TEXT_CARRIER_BLOCKED':
    case 'TEXT_CARRIER_UNREACHABLE':
    case 'TEXT_INVALID':
    case 'TEXT_INVALID_MESSAGE':
    case 'TEXT_PROTECT_BLOCKED':
    case 'TEXT_SPAM':
    case 'TEXT_UNREACHABLE':
      return isPassing ? 'enroute' : 'failed'
    default:
      return 'unknown'
  }
}

function isBad(state: ReceiptState): boolean {
  return state === 'failed' || state === 'expired' || state === 'unknown'
}
