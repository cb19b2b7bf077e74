import { type Concatenation, readHeader } from '#platform/gateways/smpp-concatenation'
import type { PduFields } from '#platform/gateways/smpp-pdu'
import { status } from '#platform/gateways/smpp-status'
import { parseTime } from '#platform/gateways/smpp-time'
import { decodeGsm7 } from '#values/gsm-7'
import { domesticNumber } from './carrier-numbers.rules.ts'

/** What a submit_sm asks for; the status to refuse it with, if it cannot be read. */
export function readSubmit(fields: PduFields, now: Date): WrittenPart | number {
  const to = domesticNumber(fields.destination_addr ?? '')
  if (to === undefined) return status.invalidDestination
  const userData = fields.message_payload ?? fields.short_message ?? Buffer.alloc(0)
  const hasHeader = ((fields.esm_class ?? 0) & 0x40) !== 0
  const read = hasHeader ? readHeader(userData) : { body: userData }
  if (read === undefined) return status.invalidMessage
  const text = textOf(read.body, fields.data_coding ?? 0)
  if (text === undefined) return status.invalidMessage
  const validUntil = parseTime(fields.validity_period ?? '', now)
  return {
    to,
    from: fields.source_addr ?? '',
    text,
    ...(read.concatenation === undefined ? {} : { concatenation: read.concatenation }),
    ...(fields.user_message_reference === undefined ? {} : { reference: fields.user_message_reference }),
    ...(validUntil === undefined ? {} : { validUntil }),
    registeredDelivery: fields.registered_delivery ?? 0,
  }
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

/** data_coding 0 is this carrier's default alphabet: GSM-7, a septet an octet (SMPP 3.4, 5.2.19). */
function textOf(body: Buffer, dataCoding: number): string | undefined {
  if (dataCoding === 0) return decodeGsm7(body)
  return dataCoding === 8 ? ucs2(body) : body.toString('latin1')
}

/** UTF-16 units as they are: a pair that was cut between two parts is whole again once these are joined. */
export function ucs2(bytes: Buffer): string {
  const even = bytes.subarray(0, bytes.length - (bytes.length % 2))
  return Buffer.from(even).swap16().toString('utf16le')
}
