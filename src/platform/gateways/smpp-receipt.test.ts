import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isReceipt, readReceipt } from './smpp-receipt.ts'

const text =
  'id:0a1B2c sub:001 dlvrd:001 submit date:2611241000 done date:261124100003 stat:DELIVRD err:000 text:verification 1234'

describe('a receipt', () => {
  test('is read from its text', () => {
    expect(readReceipt({ short_message: Buffer.from(text), source_addr: '819001234567' })).toEqual({
      carrierId: '0a1B2c',
      state: 'delivered',
      errorCode: '000',
      doneAt: new Date('2026-11-24T10:00:03+09:00'),
      to: '+819001234567',
      raw: 'id:0a1B2c sub:001 dlvrd:001 submit date:2611241000 done date:261124100003 stat:DELIVRD err:000',
    })
  })

  test('never carries the beginning of the message on, for it may be a code', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 20 }), fc.constantFrom('text:', 'Text:', 'TEXT:'), (excerpt, label) => {
        const raw = readReceipt({ short_message: Buffer.from(`id:1 stat:DELIVRD err:000 ${label}1234${excerpt}`) })?.raw
        expect(raw).toBe('id:1 stat:DELIVRD err:000')
      }),
    )
  })

  test.each([
    ['DELIVRD', 'delivered'],
    ['delivrd', 'delivered'],
    ['EXPIRED', 'expired'],
    ['DELETED', 'failed'],
    ['UNDELIV', 'failed'],
    ['REJECTD', 'failed'],
    ['ACCEPTD', 'accepted'],
    ['ENROUTE', 'enroute'],
    ['UNKNOWN', 'unknown'],
    ['FAILED', 'failed'],
    ['SKIPPED', 'failed'],
    ['SCHEDULED', 'enroute'],
    ['BUFFRED', 'enroute'],
    ['SOMETHING', 'unknown'],
  ])('with stat:%s is %s', (word, state) => {
    expect(readReceipt({ short_message: Buffer.from(`id:1 stat:${word}`) })?.state).toBe(state)
  })

  test.each([
    ['DELIVERED', 'delivered'],
    ['EXPIRED', 'expired'],
    ['DELETED', 'failed'],
    ['UNDELIVERABLE', 'failed'],
    ['UNDELIVERED', 'failed'],
    ['ACCEPTED', 'accepted'],
    ['REJECTED', 'failed'],
    ['ENROUTE', 'enroute'],
  ])('with %s, in full or cut anywhere behind five letters, is %s', (word, state) => {
    for (let length = 5; length <= word.length; length++) {
      const short_message = Buffer.from(`id:1 stat:${word.slice(0, length)} err:0`)
      expect([length, readReceipt({ short_message })?.state]).toEqual([length, state])
    }
  })

  test.each([
    [0, 'enroute'],
    [9, 'failed'],
    [1, 'enroute'],
    [2, 'delivered'],
    [3, 'expired'],
    [4, 'failed'],
    [5, 'failed'],
    [6, 'accepted'],
    [7, 'unknown'],
    [8, 'failed'],
    [99, 'unknown'],
  ])('with message_state %i is %s, whatever the text says', (message_state, state) => {
    const receipt = readReceipt({
      message_state,
      receipted_message_id: 'tlv',
      short_message: Buffer.from('id:x stat:EXPIRED'),
    })
    expect(receipt).toMatchObject({ carrierId: 'tlv', state })
  })

  test('is read from message_payload and from UCS-2 too', () => {
    const ucs2 = Buffer.from('id:7 stat:UNDELIV err:12', 'utf16le').swap16()
    expect(readReceipt({ data_coding: 8, message_payload: ucs2 })).toMatchObject({
      carrierId: '7',
      state: 'failed',
      errorCode: '12',
    })
  })

  test.each([
    ['UNDELIV', 'enroute'],
    ['EXPIRED', 'enroute'],
    ['ENROUTE', 'enroute'],
    ['SOMETHING', 'enroute'],
    ['ACCEPTD', 'accepted'],
    ['DELIVRD', 'delivered'],
  ])('of a try alone, with stat:%s, is %s', (word, state) => {
    const short_message = Buffer.from(`id:1 stat:${word}`)
    expect(readReceipt({ esm_class: 0x20, short_message })?.state).toBe(state)
  })

  test('without an error code in its text has the one of the network', () => {
    const network_error_code = Buffer.from('030022', 'hex')
    const withoutText = { receipted_message_id: '1', message_state: 5, network_error_code }
    expect(readReceipt(withoutText)?.errorCode).toBe('34')
    expect(readReceipt({ ...withoutText, short_message: Buffer.from('id:1 err:027') })?.errorCode).toBe('027')
    expect(readReceipt({ ...withoutText, network_error_code: Buffer.from('03', 'hex') })).not.toHaveProperty(
      'errorCode',
    )
  })

  test('without an id is known by our reference', () => {
    expect(readReceipt({ user_message_reference: 9, message_state: 2 })).toEqual({
      carrierId: '',
      state: 'delivered',
      reference: 9,
      raw: '',
    })
  })

  test('without either is none', () => {
    expect(readReceipt({ short_message: Buffer.from('hello') })).toBeUndefined()
  })

  test.each([
    ['819001234567', '+819001234567'],
    ['+819001234567', '+819001234567'],
    ['09001234567', '+819001234567'],
    ['12025550123', undefined],
  ])('about %s is about %s', (source_addr, to) => {
    expect(readReceipt({ source_addr, receipted_message_id: '1' })?.to).toBe(to)
  })

  test('reading never fails, whatever the octets', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.nat(255), (bytes, data_coding) => {
        readReceipt({ short_message: Buffer.from(bytes), data_coding })
      }),
    )
  })

  test('is told from a message by its class', () => {
    const classes = [0x00, 0x04, 0x08, 0x20, 0x40, 0x44, 0x60]
    expect(classes.map((esm_class) => isReceipt({ esm_class }))).toEqual([false, true, false, true, false, true, true])
  })

  test('is told from a message by an id that no phone can send, never by its text', () => {
    expect(isReceipt({ esm_class: 0, receipted_message_id: '7', message_state: 2 })).toBe(true)
    expect(isReceipt({ esm_class: 0x08, receipted_message_id: '7' })).toBe(false)
    expect(isReceipt({ esm_class: 0, short_message: Buffer.from('id:7 stat:DELIVRD err:000') })).toBe(false)
  })
})
