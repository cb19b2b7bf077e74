import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { packSeptets, unpackSeptets } from './gsm-7-packing.ts'

const septets = (text: string) => Buffer.from(text, 'latin1')
const anySeptets = fc
  .array(fc.oneof(fc.nat(0x7f), fc.constant(0x0d)), { maxLength: 160, size: 'max' })
  .map((bytes) => Buffer.from(bytes))

describe('packed septets', () => {
  // The word of the literature, and the eight letters that fill seven octets to the last bit.
  test.each([
    ['hellohello', 'e8329bfd4697d9ec37'],
    ['12345678', '31d98c56b3dd70'],
    ['', ''],
  ])('of %j are %s', (text, hex) => {
    expect(packSeptets(septets(text)).toString('hex')).toBe(hex)
  })

  test('behind a header of six octets begin one bit later', () => {
    expect(packSeptets(septets('a'), 6).toString('hex')).toBe('c2')
    expect(packSeptets(septets('A'.repeat(153)), 6)).toHaveLength(134)
    expect(packSeptets(septets('A'.repeat(160)))).toHaveLength(140)
  })

  test('show no "@" in seven spare bits', () => {
    expect(packSeptets(septets('1234567')).toString('hex')).toBe('31d98c56b3dd1a')
    expect(unpackSeptets(Buffer.from('31d98c56b3dd1a', 'hex')).toString('latin1')).toBe('1234567')
  })

  test('are read as they were written, behind any header', () => {
    fc.assert(
      fc.property(anySeptets, fc.nat(20), (bytes, headerOctets) => {
        const fillBits = (7 - ((8 * headerOctets) % 7)) % 7
        // A carriage return in the very last bits hides none, and no text of ours holds one.
        fc.pre(bytes.at(-1) !== 0x0d || (fillBits + 7 * bytes.length) % 8 !== 0)
        expect(unpackSeptets(packSeptets(bytes, headerOctets), headerOctets)).toEqual(bytes)
      }),
    )
  })
})
