import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { partsOf, wholeText } from './parts.ts'
import { readUserData, userDataFields, type Writing } from './smpp-user-data.ts'

const norm: Writing = { gsm7: 'unpacked', long: 'udh' }
const part = (text: string, alphabet: 'gsm-7' | 'ucs-2', number = 1, of = 1) => ({ text, alphabet, number, of })

describe('the fields of a part', () => {
  test.each([
    ['in UCS-2', part('あA', 'ucs-2'), norm, { esm_class: 0, data_coding: 8, short_message: '30420041' }],
    ['in GSM-7', part('a@€', 'gsm-7'), norm, { esm_class: 0, data_coding: 0, short_message: '61001b65' }],
    [
      'in packed GSM-7',
      part('hellohello', 'gsm-7'),
      { ...norm, gsm7: 'packed' },
      { esm_class: 0, data_coding: 0, short_message: 'e8329bfd4697d9ec37' },
    ],
    [
      'with a header',
      part('あ', 'ucs-2', 2, 3),
      norm,
      { esm_class: 0x40, data_coding: 8, short_message: '0500032a03023042' },
    ],
    [
      'in packed GSM-7 with a header',
      part('a', 'gsm-7', 2, 3),
      { ...norm, gsm7: 'packed' },
      { esm_class: 0x40, data_coding: 0, short_message: '0500032a0302c2' },
    ],
    [
      'described by the carrier’s fields',
      part('あ', 'ucs-2', 2, 3),
      { ...norm, long: 'sar' },
      {
        esm_class: 0,
        data_coding: 8,
        short_message: '3042',
        sar_msg_ref_num: 0x012a,
        sar_total_segments: 3,
        sar_segment_seqnum: 2,
      },
    ],
    [
      'described by the carrier’s fields but alone',
      part('あ', 'ucs-2'),
      { ...norm, long: 'sar' },
      { esm_class: 0, data_coding: 8, short_message: '3042' },
    ],
    [
      'short enough to need no payload',
      part('あ'.repeat(70), 'ucs-2'),
      { ...norm, long: 'payload' },
      { esm_class: 0, data_coding: 8, short_message: '3042'.repeat(70) },
    ],
    [
      'that is a whole long text',
      part('あ'.repeat(71), 'ucs-2'),
      { ...norm, long: 'payload' },
      { esm_class: 0, data_coding: 8, message_payload: '3042'.repeat(71) },
    ],
  ] as const)('%s', (_, outgoing, writing, expected) => {
    const fields = userDataFields(outgoing, 0x012a, writing)
    const hexed = Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [name, Buffer.isBuffer(value) ? value.toString('hex') : value]),
    )
    expect(hexed).toEqual(expected)
  })

  test.each([
    ['あ', 'unpacked', 'udh', 1, 70],
    ['あ', 'unpacked', 'udh', 2, 67],
    ['あ', 'unpacked', 'sar', 2, 67],
    ['a', 'unpacked', 'udh', 1, 160],
    ['a', 'unpacked', 'udh', 2, 153],
    ['a', 'unpacked', 'sar', 2, 153],
    ['a', 'packed', 'udh', 1, 160],
    ['a', 'packed', 'udh', 2, 153],
    ['a', 'packed', 'sar', 2, 153],
  ] as const)(
    'never hold more than a phone’s message: %s, %s, %s, one of %i: %i',
    (character, gsm7, long, of, most) => {
      const write = (times: number) => {
        const alphabet = character === 'a' ? 'gsm-7' : 'ucs-2'
        return userDataFields(part(character.repeat(times), alphabet, 1, of), 1, { gsm7, long })
      }
      expect(() => write(most + 1)).toThrow()
      expect(() => write(most)).not.toThrow()
    },
  )

  test('never are GSM-7 where the carrier does not take it', () => {
    expect(() => userDataFields(part('a', 'gsm-7'), 1, { ...norm, gsm7: 'off' })).toThrow()
  })
})

describe('reading', () => {
  const writings = fc.record({
    gsm7: fc.constantFrom('unpacked' as const, 'packed' as const),
    long: fc.constantFrom('udh' as const, 'sar' as const, 'payload' as const),
  })
  const texts = fc.string({ unit: fc.constantFrom('a', '@', '€', '\n'), minLength: 1, maxLength: 400, size: 'max' })
  const anyText = fc.oneof(
    texts,
    fc.tuple(texts, fc.constantFrom('あ', '𠮷')).map(([text, last]) => text + last),
  )

  test('gives back the text of every part and its place, in every way of writing', () => {
    fc.assert(
      fc.property(anyText, writings, fc.nat(0xffff), (text, writing, reference) => {
        const parts = writing.long === 'payload' ? wholeText(text) : partsOf(text)
        const isPacked = writing.gsm7 === 'packed'
        const read = parts.map((part) => readUserData(userDataFields(part, reference, writing), { isPacked }))
        expect(read.map((part) => part?.text).join('')).toBe(text)
        expect(read.map((part) => part?.concatenation)).toEqual(
          parts.map(({ number, of }) => {
            const whole = writing.long === 'sar' ? reference : reference & 0xff
            return of > 1 ? { reference: whole, part: number, parts: of } : undefined
          }),
        )
      }),
    )
  })

  test.each([
    ['half a unit', { data_coding: 8, short_message: Buffer.from('30', 'hex') }],
    ['an octet that is no septet', { data_coding: 0, short_message: Buffer.from('80', 'hex') }],
    ['a header that ends early', { esm_class: 0x40, data_coding: 8, short_message: Buffer.from('0500', 'hex') }],
  ])('finds no text in %s', (_, fields) => {
    expect(readUserData(fields)).toBeUndefined()
  })

  test('takes segments that cannot be for none', () => {
    const segments = { sar_msg_ref_num: 1, sar_total_segments: 2, sar_segment_seqnum: 3 }
    expect(readUserData({ ...segments, short_message: Buffer.from('a') })).toEqual({ text: 'a', alphabet: 'gsm-7' })
  })
})
