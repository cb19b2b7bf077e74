import { assert } from '#values/assert'

/**
 * The commands of SMPP 3.4 that we speak, as bytes and back. Strict in what it reads: a field that ends early is a
 * malformed command, never a shorter value. Message bytes, times and ids are kept as they stood on the wire.
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

export type PduFields = {
  readonly system_id?: string
  readonly password?: string
  readonly system_type?: string
  readonly interface_version?: number
  readonly addr_ton?: number
  readonly addr_npi?: number
  readonly address_range?: string
  readonly service_type?: string
  readonly source_addr_ton?: number
  readonly source_addr_npi?: number
  readonly source_addr?: string
  readonly dest_addr_ton?: number
  readonly dest_addr_npi?: number
  readonly destination_addr?: string
  readonly esm_class?: number
  readonly protocol_id?: number
  readonly priority_flag?: number
  readonly schedule_delivery_time?: string
  readonly validity_period?: string
  readonly registered_delivery?: number
  readonly replace_if_present_flag?: number
  readonly data_coding?: number
  readonly sm_default_msg_id?: number
  readonly short_message?: Buffer
  readonly message_id?: string
  readonly receipted_message_id?: string
  readonly user_message_reference?: number
  readonly message_payload?: Buffer
  readonly message_state?: number
}

export const headerOctets = 16
/** Far above the 254 octets of a short message; a longer one is a peer gone wrong, not a message. */
export const pduOctetsMax = 16_384

type Layout = readonly (readonly [keyof PduFields, 'text' | 'octet' | 'octets'])[]

const bindRequest: Layout = [
  ['system_id', 'text'],
  ['password', 'text'],
  ['system_type', 'text'],
  ['interface_version', 'octet'],
  ['addr_ton', 'octet'],
  ['addr_npi', 'octet'],
  ['address_range', 'text'],
]

const shortMessage: Layout = [
  ['service_type', 'text'],
  ['source_addr_ton', 'octet'],
  ['source_addr_npi', 'octet'],
  ['source_addr', 'text'],
  ['dest_addr_ton', 'octet'],
  ['dest_addr_npi', 'octet'],
  ['destination_addr', 'text'],
  ['esm_class', 'octet'],
  ['protocol_id', 'octet'],
  ['priority_flag', 'octet'],
  ['schedule_delivery_time', 'text'],
  ['validity_period', 'text'],
  ['registered_delivery', 'octet'],
  ['replace_if_present_flag', 'octet'],
  ['data_coding', 'octet'],
  ['sm_default_msg_id', 'octet'],
  ['short_message', 'octets'],
]

const systemId: Layout = [['system_id', 'text']]
const messageId: Layout = [['message_id', 'text']]

const commands = {
  generic_nack: { id: 0x80000000, layout: [] },
  bind_receiver: { id: 0x00000001, layout: bindRequest },
  bind_receiver_resp: { id: 0x80000001, layout: systemId },
  bind_transmitter: { id: 0x00000002, layout: bindRequest },
  bind_transmitter_resp: { id: 0x80000002, layout: systemId },
  submit_sm: { id: 0x00000004, layout: shortMessage },
  submit_sm_resp: { id: 0x80000004, layout: messageId },
  deliver_sm: { id: 0x00000005, layout: shortMessage },
  deliver_sm_resp: { id: 0x80000005, layout: messageId },
  unbind: { id: 0x00000006, layout: [] },
  unbind_resp: { id: 0x80000006, layout: [] },
  bind_transceiver: { id: 0x00000009, layout: bindRequest },
  bind_transceiver_resp: { id: 0x80000009, layout: systemId },
  enquire_link: { id: 0x00000015, layout: [] },
  enquire_link_resp: { id: 0x80000015, layout: [] },
} as const satisfies Record<string, { readonly id: number; readonly layout: Layout }>

export type Command = keyof typeof commands

const commandById: ReadonlyMap<number, Command> = new Map(
  (Object.keys(commands) as Command[]).map((command) => [commands[command].id, command]),
)

const optionalFields: readonly (readonly [keyof PduFields, number, 'text' | 'octet' | 'octetPair' | 'octets'])[] = [
  ['receipted_message_id', 0x001e, 'text'],
  ['user_message_reference', 0x0204, 'octetPair'],
  ['message_payload', 0x0424, 'octets'],
  ['message_state', 0x0427, 'octet'],
]

export class MalformedPdu extends Error {}

export function encodePdu(command: Command, sequence: number, fields: PduFields = {}, status = 0): Buffer {
  const { id, layout } = commands[command]
  const body: Buffer[] = []
  // A response that refuses carries no body (SMPP 3.4, 4.4.2).
  if (status === 0) {
    for (const [name, type] of layout) body.push(encodeField(type, fields[name]))
    for (const [name, tag, type] of optionalFields) {
      if (fields[name] !== undefined) body.push(encodeOptional(tag, type, fields[name]))
    }
  }
  const header = Buffer.alloc(headerOctets)
  const pdu = Buffer.concat([header, ...body])
  assert(pdu.length <= pduOctetsMax, 'a command fits the limit')
  pdu.writeUInt32BE(pdu.length, 0)
  pdu.writeUInt32BE(id, 4)
  pdu.writeUInt32BE(status, 8)
  pdu.writeUInt32BE(sequence, 12)
  return pdu
}

/** Reads one whole command; `frame` is exactly as long as its first four octets say. */
export function decodePdu(frame: Buffer): Pdu {
  const { id, ...header } = readPduHeader(frame)
  const command = commandById.get(id)
  if (command === undefined) return { ...header, command: 'unknown', fields: {} }
  return { ...header, command, fields: decodeBody(frame, commands[command].layout, header.isResponse) }
}

export function readPduHeader(frame: Buffer) {
  const id = frame.readUInt32BE(4)
  return { id, isResponse: id >= 0x80000000, status: frame.readUInt32BE(8), sequence: frame.readUInt32BE(12) }
}

function decodeBody(frame: Buffer, layout: Layout, isResponse: boolean): PduFields {
  const fields: Record<string, string | number | Buffer> = {}
  let at = headerOctets
  for (const [name, type] of layout) {
    // Carriers leave out the body of a response that refuses, some also of one that agrees.
    if (isResponse && at === frame.length) return fields
    const [value, next] = decodeField(frame, at, type)
    fields[name] = value
    at = next
  }
  while (at < frame.length) {
    if (at + 4 > frame.length) throw new MalformedPdu('an optional field ends early')
    const tag = frame.readUInt16BE(at)
    const end = at + 4 + frame.readUInt16BE(at + 2)
    if (end > frame.length) throw new MalformedPdu('an optional field ends early')
    const known = optionalFields.find(([, knownTag]) => knownTag === tag)
    if (known) decodeOptional(fields, known[0], known[2], frame.subarray(at + 4, end))
    at = end
  }
  return fields
}

function decodeField(frame: Buffer, at: number, type: Layout[number][1]): [string | number | Buffer, number] {
  if (at >= frame.length) throw new MalformedPdu('a field is missing')
  switch (type) {
    case 'octet':
      return [frame.readUInt8(at), at + 1]
    case 'text': {
      const end = frame.indexOf(0, at)
      if (end === -1) throw new MalformedPdu('a text has no end')
      return [frame.toString('latin1', at, end), end + 1]
    }
    case 'octets': {
      const end = at + 1 + frame.readUInt8(at)
      if (end > frame.length) throw new MalformedPdu('a message ends early')
      return [frame.subarray(at + 1, end), end]
    }
  }
}

function decodeOptional(
  fields: Record<string, string | number | Buffer>,
  name: string,
  type: (typeof optionalFields)[number][2],
  value: Buffer,
): void {
  if (type === 'octets') fields[name] = value
  if (type === 'octet' && value.length === 1) fields[name] = value.readUInt8(0)
  if (type === 'octetPair' && value.length === 2) fields[name] = value.readUInt16BE(0)
  // Some carriers forget the closing zero; the length of the field still ends it.
  if (type === 'text') fields[name] = value.toString('latin1').split('\0')[0] ?? ''
}

function encodeField(type: Layout[number][1], value: string | number | Buffer | undefined): Buffer {
  switch (type) {
    case 'octet':
      return Buffer.from([asNumber(value)])
    case 'text':
      return encodeText(value)
    case 'octets': {
      const bytes = asBytes(value)
      assert(bytes.length <= 254, 'a short message has at most 254 octets')
      return Buffer.concat([Buffer.from([bytes.length]), bytes])
    }
  }
}

function encodeOptional(
  tag: number,
  type: (typeof optionalFields)[number][2],
  value: string | number | Buffer,
): Buffer {
  const bytes = encodeOptionalValue(type, value)
  const head = Buffer.alloc(4)
  head.writeUInt16BE(tag, 0)
  head.writeUInt16BE(bytes.length, 2)
  return Buffer.concat([head, bytes])
}

function encodeOptionalValue(type: (typeof optionalFields)[number][2], value: string | number | Buffer): Buffer {
  switch (type) {
    case 'octet':
      return Buffer.from([asNumber(value)])
    case 'octetPair':
      return Buffer.from([asNumber(value) >> 8, asNumber(value) & 0xff])
    case 'text':
      return encodeText(value)
    case 'octets':
      return asBytes(value)
  }
}

function encodeText(value: string | number | Buffer | undefined): Buffer {
  const text = value ?? ''
  assert(typeof text === 'string' && !text.includes('\0'), 'a text field is text without a zero')
  return Buffer.from(`${text}\0`, 'latin1')
}

function asNumber(value: string | number | Buffer | undefined): number {
  assert(value === undefined || typeof value === 'number', 'an octet field is a number')
  return value ?? 0
}

function asBytes(value: string | number | Buffer | undefined): Buffer {
  assert(value === undefined || Buffer.isBuffer(value), 'a field of octets is bytes')
  return value ?? Buffer.alloc(0)
}
