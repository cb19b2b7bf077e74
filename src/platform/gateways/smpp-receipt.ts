import { type Phone, phone } from '#values/phone'
import { decodeUcs2 } from '#values/ucs-2'
import type { Receipt } from './gateway.ts'
import type { PduFields } from './smpp-fields.ts'
import { idOfReceiptText, idOfResponse, type ReceiptIds } from './smpp-ids.ts'
import { intermediateState, stateByNumber, stateByWord } from './smpp-receipt-state.ts'
import { parseReceiptTime } from './smpp-time.ts'

/**
 * Reads a delivery receipt from a deliver_sm or data_sm: from its TLVs (SMPP 3.4, 5.3.2.12 and 5.3.2.35) and from the
 * text that most carriers write (appendix B: `id:… sub:… dlvrd:… submit date:… done date:… stat:… err:… text:…`).
 * Where both speak, the TLVs decide. Nothing, if neither an id nor our reference can be found: it then matches no
 * message.
 */
export function readReceipt(fields: PduFields, receiptIds: ReceiptIds = 'as-is'): Receipt | undefined {
  const text = withoutExcerpt(textOf(fields))
  const carrierId = idOf(fields, found(text, patterns.id), receiptIds)
  const reference = fields.user_message_reference
  if (carrierId === '' && reference === undefined) return undefined
  const state = stateByNumber(fields.message_state) ?? stateByWord(found(text, patterns.stat))
  const errorCode = found(text, patterns.err) ?? networkError(fields.network_error_code)
  const doneAt = parseReceiptTime(found(text, patterns.doneDate) ?? '')
  const to = mobileOf(fields.source_addr ?? '')
  return {
    carrierId,
    state: kindOf(fields) === intermediate ? intermediateState(state) : state,
    ...(errorCode === undefined ? {} : { errorCode }),
    ...(doneAt === undefined ? {} : { doneAt }),
    ...(reference === undefined ? {} : { reference }),
    ...(to === undefined ? {} : { to }),
    raw: text,
  }
}

/**
 * A phone can write a text that looks like a receipt, but neither an esm_class nor a TLV: where a carrier forgets the
 * one, the other is as good.
 */
export function isReceipt(fields: PduFields): boolean {
  const kind = kindOf(fields)
  return kind === final || kind === intermediate || (kind === message && fields.receipted_message_id !== undefined)
}

/** esm_class, bits 5 to 2 (SMPP 3.4, 5.2.12). */
const message = 0x00
const final = 0x04
const intermediate = 0x20

function kindOf(fields: PduFields): number {
  return (fields.esm_class ?? 0) & 0b00111100
}

/**
 * receipted_message_id is by definition the id of the response. A carrier that repeats its text's id there writes it
 * as in the text.
 */
function idOf({ receipted_message_id: id }: PduFields, textId: string | undefined, receiptIds: ReceiptIds): string {
  if (id && id !== textId) return idOfResponse(id, receiptIds)
  return idOfReceiptText(textId ?? '', receiptIds)
}

/** The phone, however the carrier writes Japanese numbers. */
function mobileOf(address: string): Phone | undefined {
  const digits = address.replace('+', '')
  if (/^81\d{10}$/.test(digits)) return phone(`+${digits}`)
  return /^0\d{10}$/.test(digits) ? phone(`+81${digits.slice(1)}`) : undefined
}

function textOf(fields: PduFields): string {
  const bytes = fields.message_payload ?? fields.short_message ?? Buffer.alloc(0)
  const asUcs2 = fields.data_coding === 8 ? decodeUcs2(bytes) : undefined
  return asUcs2 ?? bytes.toString('latin1')
}

const labels = 'id|sub|dlvrd|submit date|done date|stat|err|text'

const patterns = {
  id: labelled('id', '\\S+'),
  stat: labelled('stat', '\\w+'),
  err: labelled('err', '\\w+'),
  /** With a blank between day and hour, as some carriers write it. */
  doneDate: labelled('done date', '\\d[\\d/-]*(?: \\d\\d:\\d\\d(?::\\d\\d)?)?[+-]?'),
}

/** An empty value never takes the next label for its own. */
function labelled(label: string, value: string): RegExp {
  return new RegExp(`\\b${label}:\\s*(?!(?:${labels}):)(${value})`, 'i')
}

function found(text: string, pattern: RegExp): string | undefined {
  return pattern.exec(text)?.[1]
}

/**
 * Carriers append the first letters of the message, and the first letters of ours are a code. Where another label
 * follows at once there are none.
 */
function withoutExcerpt(text: string): string {
  return text.replace(excerpt, '')
}

const excerpt = new RegExp(`\\s*\\btext:(?!\\s*(?:${labels}):)[\\s\\S]*$`, 'i')

/** An octet for the kind of network, then its own number (SMPP 3.4, 5.3.2.31). */
function networkError(code: Buffer | undefined): string | undefined {
  return code?.length === 3 ? String(code.readUInt16BE(1)) : undefined
}
