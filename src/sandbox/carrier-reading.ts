import type { Concatenation } from '#platform/gateways/smpp-concatenation'
import type { PduFields } from '#platform/gateways/smpp-pdu'
import { status } from '#platform/gateways/smpp-status'
import { parseTime } from '#platform/gateways/smpp-time'
import { readUserData } from '#platform/gateways/smpp-user-data'
import { domesticNumber } from './carrier-numbers.rules.ts'

/**
 * What a submit_sm asks for; the status to refuse it with, if it cannot be read. Longer texts come in parts with a
 * user data header or with sar_ fields, or whole in a message_payload.
 */
export function readSubmit(fields: PduFields, { now, isGsm7Packed }: ReadingOptions): WrittenPart | number {
  const to = domesticNumber(fields.destination_addr ?? '')
  if (to === undefined) return status.invalidDestination
  // This carrier knows its default alphabet, which is GSM-7, and UCS-2 (SMPP 3.4, 5.2.19).
  if (fields.data_coding !== 0 && fields.data_coding !== 8) return status.invalidMessage
  const userData = readUserData(fields, { isPacked: isGsm7Packed })
  if (userData === undefined) return status.invalidMessage
  const { text, concatenation } = userData
  const validUntil = parseTime(fields.validity_period ?? '', now)
  return {
    to,
    from: fields.source_addr ?? '',
    text,
    ...(concatenation === undefined ? {} : { concatenation }),
    ...(fields.user_message_reference === undefined ? {} : { reference: fields.user_message_reference }),
    ...(validUntil === undefined ? {} : { validUntil }),
    registeredDelivery: fields.registered_delivery ?? 0,
  }
}

export type ReadingOptions = {
  readonly now: Date
  /** Eight septets in seven octets, as some carriers want it; else a septet an octet. */
  readonly isGsm7Packed: boolean
}

export type WrittenPart = {
  /** Eleven digits. */
  readonly to: string
  readonly from: string
  /** Of this part alone. */
  readonly text: string
  readonly concatenation?: Concatenation
  readonly reference?: number
  readonly validUntil?: Date
  readonly registeredDelivery: number
}
