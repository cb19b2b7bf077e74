import { type Phone, phone } from '#values/phone'
import type { Receipt, ReceiptState } from './gateway.ts'
import type { PduFields } from './smpp-pdu.ts'
import { parseReceiptTime } from './smpp-time.ts'

/**
 * Reads a delivery receipt from a deliver_sm: from its TLVs (SMPP 3.4, 5.3.2.12 and 5.3.2.35) and from the text that
 * most carriers write (appendix B: `id:… sub:… dlvrd:… submit date:… done date:… stat:… err:… text:…`). Where both
 * speak, the TLVs decide. Nothing, if neither an id nor our reference can be found: it then matches no message.
 */
export function readReceipt(fields: PduFields): Receipt | undefined {
  const raw = withoutExcerpt(textOf(fields))
  const carrierId = fields.receipted_message_id || found(raw, /\bid:\s*(\S+)/i) || ''
  const reference = fields.user_message_reference
  if (carrierId === '' && reference === undefined) return undefined
  const errorCode = found(raw, /\berr:\s*(\w+)/i)
  const to = mobileOf(fields.source_addr ?? '')
  const doneAt = parseReceiptTime(found(raw, /\bdone date:\s*(\d+)/i) ?? '')
  return {
    carrierId,
    state: stateByNumber(fields.message_state) ?? stateByWord(found(raw, /\bstat:\s*(\w+)/i)),
    ...(errorCode === undefined ? {} : { errorCode }),
    ...(doneAt === undefined ? {} : { doneAt }),
    ...(reference === undefined ? {} : { reference }),
    ...(to === undefined ? {} : { to }),
    raw,
  }
}

/** esm_class, bits 5 to 2: 0001 a receipt, 1000 an intermediate notification. */
export function isReceipt(esmClass: number): boolean {
  const kind = esmClass & 0b00111100
  return kind === 0x04 || kind === 0x20
}

/** The phone, however the carrier writes Japanese numbers. */
function mobileOf(address: string): Phone | undefined {
  const digits = address.replace('+', '')
  if (/^81\d{10}$/.test(digits)) return phone(`+${digits}`)
  return /^0\d{10}$/.test(digits) ? phone(`+81${digits.slice(1)}`) : undefined
}

function textOf(fields: PduFields): string {
  const bytes = fields.message_payload ?? fields.short_message ?? Buffer.alloc(0)
  return fields.data_coding === 8 ? bytesAsUcs2(bytes) : bytes.toString('latin1')
}

function bytesAsUcs2(bytes: Buffer): string {
  return new TextDecoder('utf-16be').decode(bytes)
}

/** Carriers append the first letters of the message, and the first letters of ours are a code. */
function withoutExcerpt(text: string): string {
  return text.replace(/\s*\btext:[\s\S]*$/i, '')
}

function found(text: string, pattern: RegExp): string | undefined {
  return pattern.exec(text)?.[1]
}

function stateByNumber(state: number | undefined): ReceiptState | undefined {
  return state === undefined ? undefined : (byNumber[state] ?? 'unknown')
}

function stateByWord(word: string | undefined): ReceiptState {
  return byWord[(word ?? '').toUpperCase()] ?? 'unknown'
}

/** SMPP 3.4, table 5-6 of section 5.2.28. */
const byNumber: Readonly<Record<number, ReceiptState>> = {
  1: 'enroute',
  2: 'delivered',
  3: 'expired',
  4: 'failed',
  5: 'failed',
  6: 'accepted',
  7: 'unknown',
  8: 'failed',
}

/** SMPP 3.4, appendix B; the longer spellings are seen in the wild. */
const byWord: Readonly<Record<string, ReceiptState>> = {
  ENROUTE: 'enroute',
  DELIVRD: 'delivered',
  DELIVERED: 'delivered',
  EXPIRED: 'expired',
  DELETED: 'failed',
  UNDELIV: 'failed',
  UNDELIVERABLE: 'failed',
  ACCEPTD: 'accepted',
  ACCEPTED: 'accepted',
  UNKNOWN: 'unknown',
  REJECTD: 'failed',
  REJECTED: 'failed',
}
