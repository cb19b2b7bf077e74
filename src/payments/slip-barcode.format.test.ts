import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays, day } from '#values/day'
import { yen } from '#values/yen'
import { readSlipBarcode, type SlipBarcode, slipDigitLines, writeSlipBarcode } from './slip-barcode.format.ts'

/** Published with a barcode component (barcode.wasm.md), so that both sides of the check are not our own. */
const published = {
  fields: {
    makerCode: '912345',
    freePart: '000000000000004520875',
    reissue: 0,
    expiresOn: day('2004-01-31'),
    needsStamp: false,
    amount: yen(29_500),
  },
  digits: '91912345000000000000004520875004013100295004',
}

const anySlip: fc.Arbitrary<SlipBarcode> = fc.record({
  makerCode: fc.stringMatching(/^\d{6}$/),
  freePart: fc.stringMatching(/^\d{21}$/),
  reissue: fc.integer({ min: 0, max: 9 }),
  expiresOn: fc.oneof(
    fc.constant(null),
    fc.integer({ min: 0, max: 36_000 }).map((days) => addDays(day('2000-01-01'), days)),
  ),
  needsStamp: fc.boolean(),
  amount: fc.integer({ min: 1, max: 999_999 }).map(yen),
})

test('the published vector is written and read', () => {
  expect(writeSlipBarcode(published.fields)).toBe(published.digits)
  expect(readSlipBarcode(published.digits)).toEqual(published.fields)
})

test('people read it in two lines', () => {
  expect(slipDigitLines(published.digits)).toEqual(['(91)912345-0000000000000045208750', '040131-0-029500-4'])
})

describe('for any slip', () => {
  test('what is written is read again, and is 44 digits', () => {
    fc.assert(
      fc.property(anySlip, (slip) => {
        expect(writeSlipBarcode(slip)).toMatch(/^\d{44}$/)
        expect(readSlipBarcode(writeSlipBarcode(slip))).toEqual(slip)
      }),
    )
  })

  test('every field stands where a till looks for it', () => {
    fc.assert(
      fc.property(anySlip, (slip) => {
        const digits = writeSlipBarcode(slip)
        const at = (from: number, length: number) => digits.slice(from - 1, from - 1 + length)
        expect([at(1, 2), at(3, 6), at(9, 21)]).toEqual(['91', slip.makerCode, slip.freePart])
        expect(Number(at(30, 1))).toBe(slip.reissue)
        expect(at(31, 6)).toBe(slip.expiresOn === null ? '999999' : slip.expiresOn.slice(2).replaceAll('-', ''))
        expect(at(37, 1)).toBe(slip.needsStamp ? '1' : '0')
        expect(Number(at(38, 6))).toBe(slip.amount)
      }),
    )
  })

  test('the weighted sum with the check digit is a multiple of ten', () => {
    fc.assert(
      fc.property(anySlip, (slip) => {
        const sum = [...writeSlipBarcode(slip)].reduce(
          (all, digit, at) => all + Number(digit) * (at % 2 === 0 ? 3 : 1),
          0,
        )
        expect(sum % 10).toBe(0)
      }),
    )
  })

  test('a digit read wrongly is found', () => {
    fc.assert(
      fc.property(anySlip, fc.nat(43), fc.integer({ min: 1, max: 9 }), (slip, at, more) => {
        const digits = [...writeSlipBarcode(slip)]
        digits[at] = String((Number(digits[at]) + more) % 10)
        expect(readSlipBarcode(digits.join(''))).toBeUndefined()
      }),
    )
  })
})

test.each([
  ['no digits', 'ABC'],
  ['43 digits', published.digits.slice(1)],
  ['another application identifier', `90${published.digits.slice(2)}`],
  ['a day that does not exist', '91912345000000000000004520875004023100295001'],
])('%s is no slip', (_, digits) => {
  expect(readSlipBarcode(digits)).toBeUndefined()
})

test.each<[string, Partial<SlipBarcode>]>([
  ['an amount of seven digits', { amount: yen(1_000_000) }],
  ['no amount', { amount: yen(0) }],
  ['a maker of five digits', { makerCode: '12345' }],
  ['a number of twenty digits', { freePart: '1'.repeat(20) }],
])('%s is never written', (_, wrong) => {
  expect(() => writeSlipBarcode({ ...published.fields, ...wrong })).toThrow()
})
