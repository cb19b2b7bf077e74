import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatYen, sumYen, yen } from './yen.ts'

const amount = fc.integer({ min: 0, max: 1_000_000_000 }).map(yen)

describe('yen', () => {
  test.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('%d are none', (value) => {
    expect(() => yen(value)).toThrow('Bug')
  })

  test.each([
    [0, '0円'],
    [999, '999円'],
    [1_000, '1,000円'],
    [12_345, '12,345円'],
    [1_234_567, '1,234,567円'],
    [9_007_199_254_740_991, '9,007,199,254,740,991円'],
  ])('%i is written %s', (value, written) => {
    expect(formatYen(yen(value))).toBe(written)
  })

  test('written and read again are the same', () => {
    fc.assert(
      fc.property(amount, (value) => {
        expect(Number(formatYen(value).replace(/[,円]/g, ''))).toBe(value)
      }),
    )
  })

  test('add up, and nothing adds up to 0', () => {
    expect(sumYen([yen(8_000), yen(12_323)])).toBe(20_323)
    expect(sumYen([])).toBe(0)
    expect(() => sumYen([yen(Number.MAX_SAFE_INTEGER), yen(1)])).toThrow('Bug')
  })
})
