import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addDays, type Day, day, daysBetween } from '#values/day'
import { yen } from '#values/yen'
import { type Charged, lateChargeOn } from './late-charge.rules.ts'

type Terms = { readonly dayCount: 365 | 366 | 'actual'; readonly startsAfterDays: number }

const product = ({ dayCount, startsAfterDays }: Terms, annualRatePercent = '14.6', legalCapPercent = '20.0') => ({
  name: 'カード',
  excluded: false,
  loan: false,
  lateCharge: { annualRatePercent, legalCapPercent, dayCount, startsAfterDays },
})
const usual: Terms = { dayCount: 365, startsAfterDays: 1 }
const bill = (principal: number, dueDay: string, ...credits: readonly [on: string, principal: number][]): Charged => ({
  principal: yen(principal),
  dueDay: day(dueDay),
  credits: credits.map(([on, paid]) => ({ chargeDay: day(on), principal: yen(paid) })),
})

test.each([
  ['the due day is free', usual, '2026-11-20', 0],
  ['the first day', usual, '2026-11-21', 40],
  ['a grace of three days: still free', { ...usual, startsAfterDays: 3 }, '2026-11-22', 0],
  ['a grace of three days: the third is the first charged', { ...usual, startsAfterDays: 3 }, '2026-11-23', 40],
  ['365 days of 365', usual, '2027-11-20', 14_600],
  ['366 days of 365: a whole year over a 29 February', usual, '2028-11-20', 29_240],
  ['of 366', { ...usual, dayCount: 366 as const }, '2027-11-20', 14_560],
  ['by the year: 2026 and 2027 have 365', { ...usual, dayCount: 'actual' as const }, '2027-12-31', 16_240],
  // 406 days of common years are 16,240; 366 days of 2028 are a whole year's.
  ['by the year: all of 2028', { ...usual, dayCount: 'actual' as const }, '2028-12-31', 30_840],
  ['by the year: the first day after it', { ...usual, dayCount: 'actual' as const }, '2029-01-01', 30_880],
])('100,000 yen at 14.6 %%, due on 20 November 2026: %s', (_why, terms, on, charge) => {
  expect(lateChargeOn(bill(100_000, '2026-11-20'), product(terms), day(on))).toBe(charge)
})

test('1900 and 2100 have no leap day, 2000 had one', () => {
  const year = (of: number) =>
    lateChargeOn(
      bill(36_600, `${of - 1}-12-31`),
      product({ dayCount: 'actual', startsAfterDays: 1 }, '10'),
      day(`${of}-01-01`),
    )
  expect([1900, 2000, 2096, 2100].map(year)).toEqual([10, 10, 10, 10])
  const january = (of: number) =>
    lateChargeOn(
      bill(366_000, `${of - 1}-12-31`),
      product({ dayCount: 'actual', startsAfterDays: 1 }, '1'),
      day(`${of}-02-19`),
    )
  // 50 days: 500 of a year of 366, 501 of one of 365.
  expect([1900, 2000, 2096, 2100].map(january)).toEqual([501, 500, 500, 501])
})

test('money lowers the principal from the day after it', () => {
  const half = bill(10_000, '2026-11-20', ['2026-11-23', 5_000])
  const on = (last: string) => lateChargeOn(half, product(usual), day(last))
  // Three days of 4 yen, then 2 a day.
  expect([on('2026-11-22'), on('2026-11-23'), on('2026-11-24'), on('2026-11-26')]).toEqual([8, 12, 14, 18])
})

test('interest is not lost when the principal is paid, and nothing more runs up', () => {
  const paid = bill(10_000, '2026-11-20', ['2026-11-23', 10_000])
  expect(lateChargeOn(paid, product(usual), day('2026-11-23'))).toBe(12)
  expect(lateChargeOn(paid, product(usual), day('2036-11-23'))).toBe(12)
})

/** Each day on its own, over the denominator 1,000 × 365 × 366. */
const dayByDay = (of: Charged, { dayCount, startsAfterDays }: Terms, tenths: number, last: Day): number => {
  let parts = 0n
  for (let on = addDays(of.dueDay, startsAfterDays); on <= last; on = addDays(on, 1)) {
    const left = of.credits.reduce(
      (sum, one) => (one.chargeDay < on ? sum - one.principal : sum),
      of.principal as number,
    )
    const year = Number(on.slice(0, 4))
    const actual = daysBetween(day(`${year}-01-01`), day(`${year + 1}-01-01`))
    const divisor = dayCount === 'actual' ? actual : dayCount
    parts += BigInt(left) * BigInt(tenths) * BigInt(divisor === 365 ? 366 : 365)
  }
  return Number(parts / 133_590_000n)
}

test('is what day after day comes to', () => {
  const days = fc.integer({ min: 0, max: 1_600 })
  const credit = fc.record({ after: fc.integer({ min: -3, max: 900 }), share: fc.integer({ min: 0, max: 100 }) })
  const terms = fc.record({
    dayCount: fc.constantFrom<Terms['dayCount']>(365, 366, 'actual'),
    startsAfterDays: fc.integer({ min: 1, max: 31 }),
  })
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 5_000_000 }),
      days,
      fc.array(credit, { maxLength: 4 }),
      terms,
      fc.integer({ min: 0, max: 300 }),
      fc.integer({ min: -5, max: 900 }),
      (principal, start, credits, of, tenths, late) => {
        const dueDay = addDays(day('2026-01-01'), start)
        let left = principal
        const paid = credits.map(({ after, share }) => {
          const part = Math.floor((left * share) / 100)
          left -= part
          return { chargeDay: addDays(dueDay, after), principal: yen(part) }
        })
        const charged = { principal: yen(principal), dueDay, credits: paid }
        const rate = `${Math.floor(tenths / 10)}.${tenths % 10}`
        const last = addDays(dueDay, late)
        expect(lateChargeOn(charged, product(of, rate, '99'), last)).toBe(dayByDay(charged, of, tenths, last))
      },
    ),
    { numRuns: 200 },
  )
})

test('without a rate nothing runs up', () => {
  expect(lateChargeOn(bill(10_000, '2026-11-20'), undefined, day('2027-11-20'))).toBe(0)
  const plain = { name: 'A', excluded: false, loan: false }
  expect(lateChargeOn(bill(10_000, '2026-11-20'), plain, day('2027-11-20'))).toBe(0)
})
