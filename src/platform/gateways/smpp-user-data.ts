import { assert } from '#values/assert'
import { decodeGsm7, encodeGsm7 } from '#values/gsm-7'
import { type Alphabet, fitsOnePart } from '#values/short-message'
import { decodeUcs2, encodeUcs2 } from '#values/ucs-2'
import type { Part } from './gateway.ts'
import { packSeptets, unpackSeptets } from './gsm-7-packing.ts'
import { type Concatenation, headerOf, readHeader } from './smpp-concatenation.ts'
import type { PduFields } from './smpp-fields.ts'

/** How a carrier takes texts over SMPP. */
export type Writing = {
  /** GSM-7 with one septet an octet, which is the norm over SMPP; eight in seven octets; or never, all in UCS-2. */
  readonly gsm7: 'unpacked' | 'packed' | 'off'
  /**
   * A longer text: in parts with a user data header, in parts that the carrier's sar_ fields describe, or whole in
   * one message_payload.
   */
  readonly long: 'udh' | 'sar' | 'payload'
}

/** The fields that carry the text of a part (SMPP 3.4, 5.2.12, 5.2.19 and 5.3.2.22 to 5.3.2.24). */
export function userDataFields(part: Part, reference: number, { gsm7, long }: Writing): PduFields {
  const isOneOfSeveral = part.of > 1
  const header = isOneOfSeveral && long !== 'sar' ? headerOf(belonging(part, reference & 0xff)) : nothing
  const userData = encode(part, gsm7, header)
  return {
    esm_class: header.length > 0 ? udhIndicator : 0,
    data_coding: dataCodings[part.alphabet],
    ...(long === 'payload' && !fitsOnePart(part.text, part.alphabet)
      ? { message_payload: userData }
      : { short_message: assertFits(userData, part, { gsm7, headerOctets: header.length }) }),
    ...(isOneOfSeveral && long === 'sar' ? segmentFields(belonging(part, reference & 0xffff)) : {}),
  }
}

export type ReadUserData = {
  readonly text: string
  readonly alphabet: Alphabet
  readonly concatenation?: Concatenation
}

/** What the other side of `userDataFields` reads; nothing if the octets are no text of that alphabet. */
export function readUserData(fields: PduFields, { isPacked = false } = {}): ReadUserData | undefined {
  const octets = fields.message_payload ?? fields.short_message ?? nothing
  const hasHeader = ((fields.esm_class ?? 0) & udhIndicator) !== 0
  const read = hasHeader ? readHeader(octets) : { body: octets }
  if (read === undefined) return undefined
  const alphabet = fields.data_coding === dataCodings['ucs-2'] ? 'ucs-2' : 'gsm-7'
  const headerOctets = octets.length - read.body.length
  const septets = isPacked ? unpackSeptets(read.body, headerOctets) : read.body
  const text = alphabet === 'ucs-2' ? decodeUcs2(read.body) : decodeGsm7(septets)
  const concatenation = read.concatenation ?? segmentOf(fields)
  return text === undefined ? undefined : { text, alphabet, ...(concatenation ? { concatenation } : {}) }
}

const udhIndicator = 0x40
/** SMPP 3.4, 5.2.19: the carrier's default alphabet, which is GSM-7, and UCS-2. */
const dataCodings = { 'gsm-7': 0, 'ucs-2': 8 } as const
const nothing = Buffer.alloc(0)

function belonging({ number, of }: Part, reference: number): Concatenation {
  return { reference, part: number, parts: of }
}

function encode({ text, alphabet }: Part, gsm7: Writing['gsm7'], header: Buffer): Buffer {
  assert(alphabet === 'ucs-2' || gsm7 !== 'off', 'a part is in an alphabet that this carrier takes')
  if (alphabet === 'ucs-2') return behind(header, encodeUcs2(text))
  const septets = encodeGsm7(text)
  return behind(header, gsm7 === 'packed' ? packSeptets(septets, header.length) : septets)
}

function behind(header: Buffer, body: Buffer): Buffer {
  return header.length === 0 ? body : Buffer.concat([header, body])
}

/** A phone's message has 140 octets, which are 160 septets; a header of 6 octets, ours or the carrier's, takes 7. */
function assertFits(
  userData: Buffer,
  { alphabet, of }: Part,
  { gsm7, headerOctets }: { readonly gsm7: Writing['gsm7']; readonly headerOctets: number },
): Buffer {
  const isUnpacked = alphabet === 'gsm-7' && gsm7 === 'unpacked'
  const octetsMax = isUnpacked ? (of > 1 ? 153 : 160) : of > 1 ? 134 : 140
  assert(userData.length - headerOctets <= octetsMax, 'a part fits one short message')
  return userData
}

function segmentFields({ reference, part, parts }: Concatenation): PduFields {
  return { sar_msg_ref_num: reference, sar_total_segments: parts, sar_segment_seqnum: part }
}

function segmentOf(fields: PduFields): Concatenation | undefined {
  const { sar_msg_ref_num: reference, sar_total_segments: parts, sar_segment_seqnum: part } = fields
  if (reference === undefined || parts === undefined || part === undefined) return undefined
  return part < 1 || part > parts ? undefined : { reference, part, parts }
}
