import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeUcs2, encodeUcs2 } from './ucs-2.ts'

const characters = fc.oneof(fc.nat(0xd7ff), fc.integer({ min: 0xe000, max: 0x10ffff }))

describe('UCS-2', () => {
  test('is big-endian, without a mark, a line break one LF', () => {
    expect(encodeUcs2('あ\nA').toString('hex')).toBe('3042000a0041')
  })

  test('reads back what it wrote', () => {
    fc.assert(
      fc.property(fc.array(characters), (codePoints) => {
        const text = String.fromCodePoint(...codePoints)
        expect(decodeUcs2(encodeUcs2(text))).toBe(text)
      }),
    )
  })

  test.each(['30', '304200', 'd83d', 'dc00d83d'])('%s is no text', (hex) => {
    expect(decodeUcs2(Buffer.from(hex, 'hex'))).toBeUndefined()
  })
})
