import { describe, expect, test } from 'vitest'
import { type Command, decodePdu, encodePdu, MalformedPdu, type PduFields } from './smpp-pdu.ts'

/**
 * SMPP 3.4 as its section 4 prints it: every command with its id and its mandatory fields in order. `C16` is a
 * C-octet string of at most 16 octets with its zero, `1` an integer of one octet, `M254` sm_length and short_message.
 */
const bind =
  'system_id C16, password C9, system_type C13, interface_version 1, addr_ton 1, addr_npi 1, address_range C41'
const message =
  'service_type C6, source_addr_ton 1, source_addr_npi 1, source_addr C21, dest_addr_ton 1, dest_addr_npi 1, ' +
  'destination_addr C21, esm_class 1, protocol_id 1, priority_flag 1, schedule_delivery_time C17, ' +
  'validity_period C17, registered_delivery 1, replace_if_present_flag 1, data_coding 1, sm_default_msg_id 1, ' +
  'short_message M254'
const data =
  'service_type C6, source_addr_ton 1, source_addr_npi 1, source_addr C65, dest_addr_ton 1, dest_addr_npi 1, ' +
  'destination_addr C65, esm_class 1, registered_delivery 1, data_coding 1'
const specification: readonly (readonly [section: string, command: Command, id: number, fields: string])[] = [
  ['4.1.1', 'bind_transmitter', 0x00000002, bind],
  ['4.1.2', 'bind_transmitter_resp', 0x80000002, 'system_id C16'],
  ['4.1.3', 'bind_receiver', 0x00000001, bind],
  ['4.1.4', 'bind_receiver_resp', 0x80000001, 'system_id C16'],
  ['4.1.5', 'bind_transceiver', 0x00000009, bind],
  ['4.1.6', 'bind_transceiver_resp', 0x80000009, 'system_id C16'],
  ['4.2.1', 'unbind', 0x00000006, ''],
  ['4.2.2', 'unbind_resp', 0x80000006, ''],
  ['4.3.1', 'generic_nack', 0x80000000, ''],
  ['4.4.1', 'submit_sm', 0x00000004, message],
  ['4.4.2', 'submit_sm_resp', 0x80000004, 'message_id C65'],
  ['4.6.1', 'deliver_sm', 0x00000005, message],
  ['4.6.2', 'deliver_sm_resp', 0x80000005, 'message_id C65'],
  ['4.7.1', 'data_sm', 0x00000103, data],
  ['4.7.2', 'data_sm_resp', 0x80000103, 'message_id C65'],
  ['4.11.1', 'enquire_link', 0x00000015, ''],
  ['4.11.2', 'enquire_link_resp', 0x80000015, ''],
]
/** 5.3.2; `2` is an integer of two octets, `O` octets of any length. */
const optional: readonly (readonly [name: keyof PduFields, tag: string, type: 'C' | 'O' | '1' | '2'])[] = [
  ['receipted_message_id', '001e', 'C'],
  ['user_message_reference', '0204', '2'],
  ['sar_msg_ref_num', '020c', '2'],
  ['sar_total_segments', '020e', '1'],
  ['sar_segment_seqnum', '020f', '1'],
  ['sc_interface_version', '0210', '1'],
  ['network_error_code', '0423', 'O'],
  ['message_payload', '0424', 'O'],
  ['message_state', '0427', '1'],
]

type FieldRow = { readonly name: string; readonly kind: string; readonly octetsMax: number }
const fieldRows = (fields: string): readonly FieldRow[] =>
  fields
    .split(', ')
    .filter((row) => row !== '')
    .map((row) => {
      const [name = '', type = ''] = row.split(' ')
      return { name, kind: type[0] ?? '', octetsMax: Number(type.slice(1)) }
    })

/** Each field its own value, and the octets that the specification wants for it. */
function example(row: FieldRow, place: number): { readonly value: string | number | Buffer; readonly hex: string } {
  if (row.kind === '1') return { value: 0xa0 + place, hex: (0xa0 + place).toString(16) }
  const letters = String.fromCharCode(0x41 + place).repeat(3)
  const hex = Buffer.from(letters).toString('hex')
  return row.kind === 'C' ? { value: letters, hex: `${hex}00` } : { value: Buffer.from(letters), hex: `03${hex}` }
}

describe.each(specification)('SMPP 3.4, %s: %s', (_, command, id, fields) => {
  const rows = fieldRows(fields)
  const examples = rows.map((row, place) => ({ row, ...example(row, place) }))
  const values: PduFields = Object.fromEntries(examples.map(({ row, value }) => [row.name, value]))

  test('has its id, and its fields in order', () => {
    const body = examples.map(({ hex }) => hex).join('')
    const length = 16 + body.length / 2
    const head = [length, id, 0, 7].map((word) => word.toString(16).padStart(8, '0')).join('')
    expect(encodePdu(command, 7, values).toString('hex')).toBe(head + body)
    expect(decodePdu(Buffer.from(head + body, 'hex'))).toEqual({
      command,
      isResponse: id >= 0x80000000,
      status: 0,
      sequence: 7,
      fields: values,
    })
  })

  test.each(rows.filter(({ kind }) => kind !== '1'))('takes $name of $octetsMax octets and no more', (row) => {
    const fill = (octets: number) => (row.kind === 'M' ? Buffer.alloc(octets, 0x61) : 'a'.repeat(octets - 1))
    const longest = { ...values, [row.name]: fill(row.octetsMax) }
    expect(decodePdu(encodePdu(command, 1, longest)).fields).toEqual(longest)
    const tooLong = () => encodePdu(command, 1, { ...values, [row.name]: fill(row.octetsMax + 1) })
    // What we bind with is the carrier's word, which it may have made longer than the specification.
    if (['system_id', 'password', 'system_type'].includes(row.name)) expect(tooLong).not.toThrow()
    else expect(tooLong).toThrow()
  })
})

describe.each(optional)('SMPP 3.4, 5.3.2: %s', (name, tag, type) => {
  const value = { C: 'id7', O: Buffer.from('abc'), 1: 0x17, 2: 0x1234 }[type]
  const hex = { C: '69643700', O: '616263', 1: '17', 2: '1234' }[type]
  const frameWith = (tlvHex: string) => {
    const body = Buffer.from(`00${tlvHex}`, 'hex')
    const frame = Buffer.concat([encodePdu('submit_sm_resp', 1).subarray(0, 16), body])
    frame.writeUInt32BE(frame.length, 0)
    return frame
  }
  const tlv = (octets: string) => `${tag}${(octets.length / 2).toString(16).padStart(4, '0')}${octets}`

  test('has its tag and its type', () => {
    const frame = frameWith(tlv(hex))
    expect(encodePdu('submit_sm_resp', 1, { message_id: '', [name]: value }).toString('hex')).toBe(
      frame.toString('hex'),
    )
    expect(decodePdu(frame).fields).toEqual({ message_id: '', [name]: value })
  })

  const isNumber = type === '1' || type === '2'
  test(isNumber ? 'of another length is passed over' : 'of another length is another value', () => {
    const { [name]: read } = decodePdu(frameWith(tlv(`${hex}00`))).fields
    if (isNumber) expect(read).toBeUndefined()
    else expect(read).toBeDefined()
  })

  test('that ends early spoils the command', () => {
    expect(() => decodePdu(frameWith(tlv(hex).slice(0, -2)))).toThrow(MalformedPdu)
  })
})

describe('a text field', () => {
  test.each(['a\0b', 'ジャックス'])('cannot hold %j', (source_addr) => {
    expect(() => encodePdu('submit_sm', 1, { source_addr })).toThrow()
  })
})

test('a command longer than the limit is never written', () => {
  expect(() => encodePdu('data_sm', 1, { message_payload: Buffer.alloc(16_384) })).toThrow()
})
