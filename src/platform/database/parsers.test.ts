import fc from 'fast-check'
import { expect, test } from 'vitest'
import { exactNumber } from './parsers.ts'

test('every whole number that JavaScript holds exactly comes back as itself', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), (value) => {
      expect(exactNumber(String(value))).toBe(value)
    }),
  )
})

test('a whole number beyond that is a fault, never a slightly different number', () => {
  const beyond = fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n })
  fc.assert(
    fc.property(beyond, fc.boolean(), (value, isNegative) => {
      expect(() => exactNumber(String(isNegative ? -value : value))).toThrow(
        expect.objectContaining({ code: 'database-number-unsafe' }),
      )
    }),
  )
})

test.each([
  ['0', 0],
  ['-0.5', -0.5],
  ['14.600', 14.6],
  ['0.000100', 0.0001],
  ['123456789.012345', 123456789.012345],
])('the decimal number %s is %d', (text, value) => {
  expect(exactNumber(text)).toBe(value)
})

test.each(['0.1234567890123456', '1234567890123456.5', 'NaN', 'Infinity', '-Infinity'])('%s is a fault', (text) => {
  expect(() => exactNumber(text)).toThrow(expect.objectContaining({ code: 'database-number-unsafe' }))
})
