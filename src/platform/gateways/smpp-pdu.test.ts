import fc from 'fast-check'
import smpp from 'smpp'
import { describe, expect, test } from 'vitest'
import { type Command, decodePdu, encodePdu, MalformedPdu, type PduFields } from './smpp-pdu.ts'

const octet = fc.nat(255)
const ascii = (maxLength: number) => fc.string({ unit: 'grapheme-ascii', maxLength })
const shortMessage = fc.record({
  service_type: ascii(5),
  source_addr_ton: octet,
  source_addr_npi: octet,
  source_addr: ascii(20),
  dest_addr_ton: octet,
  dest_addr_npi: octet,
  destination_addr: ascii(20),
  esm_class: fc.constantFrom(0, 4, 0x40),
  protocol_id: octet,
  priority_flag: octet,
  schedule_delivery_time: fc.constant(''),
  validity_period: fc.constant(''),
  registered_delivery: octet,
  replace_if_present_flag: octet,
  data_coding: octet,
  sm_default_msg_id: octet,
  short_message: fc.uint8Array({ maxLength: 254 }).map((bytes) => Buffer.from(bytes)),
})
// In the order in which we write them; the package keeps the order in which it is given them.
const tlvs = fc.record(
  {
    receipted_message_id: ascii(64),
    user_message_reference: fc.nat(0xffff),
    sar_msg_ref_num: fc.nat(0xffff),
    sar_total_segments: octet,
    sar_segment_seqnum: octet,
    message_payload: fc.uint8Array({ maxLength: 1000 }).map((bytes) => Buffer.from(bytes)),
    message_state: octet,
  },
  { requiredKeys: [] },
)
const bind = fc.record({
  system_id: ascii(15),
  password: ascii(8),
  system_type: ascii(12),
  interface_version: octet,
  addr_ton: octet,
  addr_npi: octet,
  address_range: ascii(40),
})
const anyPdu: fc.Arbitrary<[Command, PduFields]> = fc.oneof(
  fc.tuple(
    fc.constantFrom('submit_sm' as const, 'deliver_sm' as const),
    fc.tuple(shortMessage, tlvs).map(([a, b]) => ({ ...a, ...b })),
  ),
  fc.tuple(fc.constantFrom('bind_transceiver' as const, 'bind_receiver' as const, 'bind_transmitter' as const), bind),
  fc.tuple(fc.constant('submit_sm_resp' as const), fc.record({ message_id: ascii(64) })),
  fc.tuple(
    fc.constantFrom('enquire_link' as const, 'enquire_link_resp' as const, 'unbind' as const, 'generic_nack' as const),
    fc.constant({}),
  ),
)

describe('a command', () => {
  test('is read as it was written', () => {
    fc.assert(
      fc.property(anyPdu, fc.integer({ min: 1, max: 0x7fffffff }), ([command, fields], sequence) => {
        const pdu = decodePdu(encodePdu(command, sequence, fields))
        expect(pdu).toEqual({ command, sequence, status: 0, isResponse: /_resp$|^generic_nack$/.test(command), fields })
      }),
    )
  })

  test('has the very octets that the package smpp writes', () => {
    fc.assert(
      fc.property(anyPdu, ([command, fields]) => {
        const theirs = new smpp.PDU(command, { ...fields, sequence_number: 7 }).toBuffer()
        expect(encodePdu(command, 7, fields).toString('hex')).toBe(theirs.toString('hex'))
      }),
    )
  })

  test('that refuses carries its status and no body', () => {
    const frame = encodePdu('submit_sm_resp', 5, { message_id: 'x' }, 0x58)
    expect(frame.toString('hex')).toBe('00000010800000040000005800000005')
    expect(decodePdu(frame)).toMatchObject({ command: 'submit_sm_resp', status: 0x58, fields: {} })
  })

  test('that nobody knows is named unknown', () => {
    const frame = encodePdu('enquire_link', 5)
    frame.writeUInt32BE(0x00010201, 4)
    expect(decodePdu(frame)).toMatchObject({ command: 'unknown', isResponse: false, sequence: 5 })
  })
})

describe('reading', () => {
  test('never takes a message that ends early for a whole one', () => {
    fc.assert(
      fc.property(shortMessage, fc.nat(), (fields, cut) => {
        const frame = encodePdu('submit_sm', 1, fields)
        const shorter = frame.subarray(0, 16 + (cut % (frame.length - 16)))
        expect(() => decodePdu(shorter)).toThrow(MalformedPdu)
      }),
    )
  })

  test('never takes an id or an optional field that ends early for a whole one', () => {
    const id = encodePdu('submit_sm_resp', 1, { message_id: 'abcdef' })
    const optional = encodePdu('submit_sm_resp', 1, { message_id: '', message_payload: Buffer.from('payload') })
    for (let length = 17; length < id.length; length++)
      expect(() => decodePdu(id.subarray(0, length))).toThrow(MalformedPdu)
    for (let length = 18; length < optional.length; length++)
      expect(() => decodePdu(optional.subarray(0, length))).toThrow(MalformedPdu)
  })

  test('ends in a command or a MalformedPdu, whatever the octets', () => {
    const ids = [0x4, 0x5, 0x9, 0x80000004, 0x80000005, 0x15, 0x12345]
    fc.assert(
      fc.property(fc.constantFrom(...ids), fc.uint8Array({ maxLength: 400 }), (id, body) => {
        const frame = Buffer.concat([Buffer.alloc(16), body])
        frame.writeUInt32BE(frame.length, 0)
        frame.writeUInt32BE(id, 4)
        try {
          decodePdu(frame)
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedPdu)
        }
      }),
      { numRuns: 500 },
    )
  })

  test('takes an id whose closing zero is missing, without what follows it', () => {
    const frame = encodePdu('deliver_sm', 1, { receipted_message_id: 'abc', message_state: 2 })
    const at = frame.indexOf('abc\0', 0, 'latin1')
    const withoutZero = Buffer.concat([frame.subarray(0, at + 3), frame.subarray(at + 4)])
    withoutZero.writeUInt32BE(withoutZero.length, 0)
    withoutZero.writeUInt16BE(3, at - 2)
    expect(decodePdu(withoutZero).fields).toMatchObject({ receipted_message_id: 'abc', message_state: 2 })
  })

  test('passes over optional fields it does not know', () => {
    const frame = Buffer.concat([
      encodePdu('submit_sm_resp', 1, { message_id: 'abc' }),
      Buffer.from('14010002ffff', 'hex'),
    ])
    frame.writeUInt32BE(frame.length, 0)
    expect(decodePdu(frame).fields).toEqual({ message_id: 'abc' })
  })
})
