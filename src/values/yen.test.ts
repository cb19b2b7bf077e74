import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatYen, lateCharge, sumYen, yen } from './yen.ts'

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

describe('a late charge', () => {
  test.each([
    [12_300, '14.6', 3, 365, 14],
    [12_300, 14.6, 3, 365, 14],
    [12_300, '14.6', 0, 365, 0],
    [12_300, '0', 100, 365, 0],
    [10_000, '14.6', 1, 365, 4],
    [25_000, '14.6', 1, 365, 10],
    [100_000, '14.60', 365, 365, 14_600],
    [100_000, '14.6', 366, 366, 14_600],
    [100_000, '14.6', 365, 366, 14_560],
    [100_000, '3', 365, 365, 3_000],
    [100_000, '20.0', 73, 365, 4_000],
    [1_000, '14.6', 2, 365, 0],
  ] as const)('%i at %s %% for %i days of %i is %i', (principal, annualRatePercent, days, dayCount, charge) => {
    expect(lateCharge({ principal: yen(principal), annualRatePercent, days, dayCount })).toBe(charge)
  })

  test('a product that is whole is not cut by a binary fraction', () => {
    // 0.1 % of 365,000 for one day is exactly 1, and 36,500 at 14.6 % is exactly 14.6 a day.
    expect(lateCharge({ principal: yen(365_000), annualRatePercent: 0.1, days: 1, dayCount: 365 })).toBe(1)
    expect(lateCharge({ principal: yen(36_500), annualRatePercent: '14.6', days: 5, dayCount: 365 })).toBe(73)
  })

  test('is the exact quotient rounded down', () => {
    fc.assert(
      fc.property(
        amount,
        fc.integer({ min: 0, max: 2_000 }),
        fc.integer({ min: 0, max: 4_000 }),
        (principal, tenths, days) => {
          const annualRatePercent = `${Math.floor(tenths / 10)}.${tenths % 10}`
          const charge = BigInt(lateCharge({ principal, annualRatePercent, days, dayCount: 365 }))
          const exact = BigInt(principal) * BigInt(tenths) * BigInt(days)
          expect(charge * 365_000n <= exact && exact < (charge + 1n) * 365_000n).toBe(true)
        },
      ),
    )
  })

  test.each(['', '-1', '1e-7', '14,6', '14.', '.5', 'NaN', '1000', '1.1234567'])('a rate of %j is a bug', (rate) => {
    expect(() => lateCharge({ principal: yen(1), annualRatePercent: rate, days: 1, dayCount: 365 })).toThrow('Bug')
  })

  test.each([-1, 0.5])('%d days are a bug', (days) => {
    expect(() => lateCharge({ principal: yen(1), annualRatePercent: '1', days, dayCount: 365 })).toThrow('Bug')
  })
})
