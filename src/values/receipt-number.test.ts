import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatReceiptNumber, makeReceiptNumber, parseReceiptNumber } from './receipt-number.ts'

const eightDigits = fc.stringMatching(/^\d{8}$/)
const number = eightDigits.map(makeReceiptNumber)

describe('a receipt number', () => {
  test.each([
    ['48271530', '482-715-306'],
    ['00000000', '000-000-000'],
    ['00000572', '000-005-724'],
  ])('from %s is %s', (digits, shown) => {
    expect(formatReceiptNumber(makeReceiptNumber(digits))).toBe(shown)
  })

  test.each(['482715306', '482-715-306', '482 715 306', '４８２－７１５－３０６', '482ー715ー306', ' 482715306 '])(
    'is read from %s',
    (typed) => {
      expect(parseReceiptNumber(typed)).toBe('482715306')
    },
  )

  test.each(['', '482715304', '48271530', '4827153060', '482715306a', 'abcdefghi', '482/715/306'])(
    '%j is none',
    (typed) => {
      expect(parseReceiptNumber(typed)).toBeUndefined()
    },
  )

  test('is read again as it is shown', () => {
    fc.assert(
      fc.property(number, (each) => {
        expect(parseReceiptNumber(formatReceiptNumber(each))).toBe(each)
      }),
    )
  })

  test('with one digit misheard is refused', () => {
    fc.assert(
      fc.property(number, fc.nat({ max: 8 }), fc.integer({ min: 1, max: 9 }), (each, at, off) => {
        const misheard = (Number(each.charAt(at)) + off) % 10
        expect(parseReceiptNumber(each.slice(0, at) + misheard + each.slice(at + 1))).toBeUndefined()
      }),
    )
  })

  test('with two neighbours swapped is refused', () => {
    fc.assert(
      fc.property(number, fc.nat({ max: 7 }), (each, at) => {
        const [left, right] = [each.charAt(at), each.charAt(at + 1)]
        fc.pre(left !== right)
        expect(parseReceiptNumber(each.slice(0, at) + right + left + each.slice(at + 2))).toBeUndefined()
      }),
    )
  })

  test.each(['', '1234567', '123456789', '1234567a'])('cannot be made of %j', (digits) => {
    expect(() => makeReceiptNumber(digits)).toThrow('Bug')
  })
})
