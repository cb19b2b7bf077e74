import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { headerOf, readHeader } from './smpp-concatenation.ts'

describe('the header of a part', () => {
  test('takes six octets', () => {
    expect(headerOf({ reference: 0x2a, part: 2, parts: 3 }).toString('hex')).toBe('0500032a0302')
  })

  test('is read as it was written', () => {
    const part = fc.record({ reference: fc.nat(255), parts: fc.integer({ min: 1, max: 10 }), part: fc.constant(1) })
    fc.assert(
      fc.property(part, fc.uint8Array(), (concatenation, text) => {
        const body = Buffer.from(text)
        expect(readHeader(Buffer.concat([headerOf(concatenation), body]))).toEqual({ concatenation, body })
      }),
    )
  })

  test('with a 16-bit reference, and behind another element, is read too', () => {
    const userData = Buffer.from('0a' + '050200ff' + '0804' + '01020201' + '3042', 'hex')
    expect(readHeader(userData)).toEqual({
      concatenation: { reference: 0x0102, part: 1, parts: 2 },
      body: Buffer.from('3042', 'hex'),
    })
  })

  test.each(['', '05', '050003', '0500032a0300', '0500032a0304', '0600092a0304ff'])('%j is none', (hex) => {
    expect(readHeader(Buffer.from(hex, 'hex'))).toBeUndefined()
  })

  test('reading never fails, whatever the octets', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        readHeader(Buffer.from(bytes))
      }),
    )
  })
})
