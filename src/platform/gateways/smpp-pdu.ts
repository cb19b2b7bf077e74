import { assert } from '#values/assert'
import {
  type Command,
  commandById,
  commands,
  type Field,
  type OptionalField,
  optionalFieldByTag,
  optionalFields,
  type PduFields,
} from './smpp-fields.ts'

export type { Command, PduFields } from './smpp-fields.ts'

/**
 * Commands as bytes and back. Strict in what it reads: a field that ends early is a malformed command, never a
 * shorter value. Message bytes, times and ids are kept as they stood on the wire.
 *
 * The npm package `smpp` is the other side in our tests and not used here: it takes a command cut off by the end of
 * the stream for a whole one, drops a leading U+FEFF from a text, reads validity periods by the machine's clock, lets
 * an id without its closing zero run into the next field, and stops reading for good after one malformed command.
 */

export type Pdu = {
  readonly command: Command | 'unknown'
  readonly isResponse: boolean
  readonly status: number
  readonly sequence: number
  readonly fields: PduFields
}

export const headerOctets = 16
/** Far above a text of ten parts in one message_payload; a longer command is a peer gone wrong, not a message. */
export const pduOctetsMax = 16_384

export class MalformedPdu extends Error {}

/** Every command is written here first and copied out at its true length: nothing in between lets anybody else in. */
const desk = Buffer.allocUnsafeSlow(pduOctetsMax)

export function encodePdu(command: Command, sequence: number, fields: PduFields = {}, status = 0): Buffer {
  const { id, layout } = commands[command]
  let end = headerOctets
  // A response that refuses carries no body (SMPP 3.4, 4.4.2).
  if (status === 0) {
    for (const field of layout) end = writeField(end, field, fields[field.name])
    for (const field of optionalFields) {
      const value = fields[field.name]
      if (value !== undefined) end = writeOptional(end, field, value)
    }
  }
  // What did not fit was not written, but counted.
  assert(end <= pduOctetsMax, 'a command fits the limit')
  desk.writeUInt32BE(end, 0)
  desk.writeUInt32BE(id, 4)
  desk.writeUInt32BE(status, 8)
  desk.writeUInt32BE(sequence, 12)
  return Buffer.from(desk.subarray(0, end))
}

/** Reads one whole command; `frame` is exactly as long as its first four octets say. */
export function decodePdu(frame: Buffer): Pdu {
  const { id, isResponse, status, sequence } = readPduHeader(frame)
  const command = commandById.get(id)
  if (command === undefined) return { command: 'unknown', isResponse, status, sequence, fields: {} }
  return { command, isResponse, status, sequence, fields: decodeBody(frame, commands[command].layout, isResponse) }
}

export function readPduHeader(frame: Buffer) {
  const id = frame.readUInt32BE(4)
  return { id, isResponse: id >= 0x80000000, status: frame.readUInt32BE(8), sequence: frame.readUInt32BE(12) }
}

type FieldValue = string | number | Buffer

function decodeBody(frame: Buffer, layout: readonly Field[], isResponse: boolean): PduFields {
  const fields: Record<string, FieldValue> = {}
  let at = headerOctets
  for (const { name, type } of layout) {
    // Carriers leave out the body of a response that refuses, some also of one that agrees.
    if (isResponse && at === frame.length) return fields
    if (at >= frame.length) throw new MalformedPdu('a field is missing')
    if (type === 'octet') fields[name] = frame.readUInt8(at++)
    else {
      const end = type === 'text' ? frame.indexOf(0, at) : at + 1 + frame.readUInt8(at)
      if (end === -1) throw new MalformedPdu('a text has no end')
      if (end > frame.length) throw new MalformedPdu('a message ends early')
      fields[name] = type === 'text' ? frame.toString('latin1', at, end) : frame.subarray(at + 1, end)
      at = type === 'text' ? end + 1 : end
    }
  }
  while (at < frame.length) at = decodeOptional(fields, frame, at)
  return fields
}

function decodeOptional(fields: Record<string, FieldValue>, frame: Buffer, at: number): number {
  if (at + 4 > frame.length) throw new MalformedPdu('an optional field ends early')
  const end = at + 4 + frame.readUInt16BE(at + 2)
  if (end > frame.length) throw new MalformedPdu('an optional field ends early')
  const field = optionalFieldByTag.get(frame.readUInt16BE(at))
  const value = field && optionalValue(field, frame.subarray(at + 4, end))
  if (field !== undefined && value !== undefined) fields[field.name] = value
  return end
}

/** Nothing if its length is not that of its type: it is passed over, for no message depends on it alone. */
function optionalValue({ type }: OptionalField, value: Buffer): FieldValue | undefined {
  switch (type) {
    case 'octet':
      return value.length === 1 ? value.readUInt8(0) : undefined
    case 'octetPair':
      return value.length === 2 ? value.readUInt16BE(0) : undefined
    case 'octets':
      return value
    // Some carriers forget the closing zero; the length of the field still ends it.
    case 'text':
      return value.toString('latin1').split('\0')[0] ?? ''
  }
}

function writeField(at: number, field: Field, value: FieldValue | undefined): number {
  switch (field.type) {
    case 'octet':
      return writeOctet(at, value)
    case 'text':
      return writeText(at, value, isAccount.has(field.name) ? Number.POSITIVE_INFINITY : field.octetsMax)
    case 'octets': {
      const bytes = asBytes(value)
      assert(bytes.length <= field.octetsMax, 'a message has no more octets than the specification allows')
      return writeBytes(writeOctet(at, bytes.length), bytes)
    }
  }
}

/** What a carrier gave us as an account goes out as it is: some give longer ones than the specification knows. */
const isAccount: ReadonlySet<string> = new Set(['system_id', 'password', 'system_type'])

function writeOptional(at: number, { tag, type }: OptionalField, value: FieldValue): number {
  const end = writeOptionalValue(at + 4, type, value)
  desk.writeUInt16BE(tag, at)
  desk.writeUInt16BE(end - at - 4, at + 2)
  return end
}

function writeOptionalValue(at: number, type: OptionalField['type'], value: FieldValue): number {
  switch (type) {
    case 'octet':
      return writeOctet(at, value)
    case 'octetPair':
      return writeOctet(writeOctet(at, asNumber(value) >> 8), asNumber(value) & 0xff)
    case 'text':
      return writeText(at, value, 65)
    case 'octets':
      return writeBytes(at, asBytes(value))
  }
}

function writeOctet(at: number, value: FieldValue | undefined): number {
  desk[at] = asNumber(value)
  return at + 1
}

function writeText(at: number, value: FieldValue | undefined, octetsMax: number): number {
  const text = value ?? ''
  assert(typeof text === 'string' && text.length < octetsMax, 'a text field has no more letters than its limit')
  for (let index = 0; index < text.length; index++) {
    const letter = text.charCodeAt(index)
    assert(letter > 0 && letter <= 0xff, 'a text field is Latin text without a zero')
    desk[at + index] = letter
  }
  desk[at + text.length] = 0
  return at + text.length + 1
}

function writeBytes(at: number, bytes: Buffer): number {
  bytes.copy(desk, at)
  return at + bytes.length
}

function asNumber(value: FieldValue | undefined): number {
  assert(value === undefined || typeof value === 'number', 'an octet field is a number')
  return value ?? 0
}

function asBytes(value: FieldValue | undefined): Buffer {
  assert(value === undefined || Buffer.isBuffer(value), 'a field of octets is bytes')
  return value ?? nothing
}

const nothing = Buffer.alloc(0)
