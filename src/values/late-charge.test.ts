import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type ChargedDays, lateCharge, lowerRate } from './late-charge.ts'
import { yen } from './yen.ts'

const period = (principal: number, days: number, daysOfYear: 365 | 366 = 365): ChargedDays => ({
  principal: yen(principal),
  days,
  daysOfYear,
})

test.each([
  [12_300, '14.6', 3, 365, 14],
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
  // 0.1 % of 365,000 for one day is exactly 1, and 36,500 at 14.6 % is exactly 14.6 a day.
  [365_000, '0.1', 1, 365, 1],
  [36_500, '14.6', 5, 365, 73],
] as const)('%i at %s %% for %i days of %i is %i', (principal, rate, days, daysOfYear, charge) => {
  expect(lateCharge([period(principal, days, daysOfYear)], rate)).toBe(charge)
})

test('fractions of several periods are added up before they are cut', () => {
  // Each day alone is 0.4 yen, and five of them are two.
  expect(lateCharge(Array(5).fill(period(1_000, 1)), '14.6')).toBe(2)
  expect(lateCharge([period(1_000, 4), period(1_000, 1, 366)], '14.6')).toBe(1)
  expect(lateCharge([], '14.6')).toBe(0)
})

test('is the exact sum of quotients rounded down', () => {
  const periods = fc.array(
    fc.record({
      principal: fc.integer({ min: 0, max: 1_000_000_000 }).map(yen),
      days: fc.integer({ min: 0, max: 4_000 }),
      daysOfYear: fc.constantFrom<365 | 366>(365, 366),
    }),
    { maxLength: 4 },
  )
  fc.assert(
    fc.property(periods, fc.integer({ min: 0, max: 2_000 }), (of, tenths) => {
      const charge = BigInt(lateCharge(of, `${Math.floor(tenths / 10)}.${tenths % 10}`))
      // Over the common denominator 1,000 × 365 × 366.
      const exact = of.reduce(
        (sum, one) =>
          sum + BigInt(one.principal) * BigInt(tenths) * BigInt(one.days) * (one.daysOfYear === 365 ? 366n : 365n),
        0n,
      )
      expect(charge * 133_590_000n <= exact && exact < (charge + 1n) * 133_590_000n).toBe(true)
    }),
  )
})

test.each(['', '-1', '1e-7', '14,6', '14.', '.5', 'NaN', '1000', '1.1234567'])('a rate of %j is a bug', (rate) => {
  expect(() => lateCharge([period(1, 1)], rate)).toThrow('Bug')
})

test.each([-1, 0.5])('%d days are a bug', (days) => {
  expect(() => lateCharge([period(1, days)], '1')).toThrow('Bug')
})

test.each([
  ['20.0', '3.0', '3.0'],
  ['3.0', '20.0', '3.0'],
  ['9.0', '14.6', '9.0'],
  ['14.60', '14.6', '14.60'],
  ['14.6001', '14.6', '14.6'],
])('the lower of %s and %s is %s', (one, other, lower) => {
  expect(lowerRate(one, other)).toBe(lower)
})
