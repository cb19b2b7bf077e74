import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addDays, day } from '#values/day'
import { yen } from '#values/yen'
import { amountOn, type Credit, totalOn } from './amount.rules.ts'

const due = day('2026-11-20')
const product = (annualRatePercent: string, legalCapPercent: string, dayCount: 365 | 366 = 365) => ({
  name: 'カード',
  excluded: false,
  loan: false,
  lateCharge: { annualRatePercent, legalCapPercent, dayCount, startsAfterDays: 1 },
})
const bill = (principal: number, fee = 0) => ({
  principal: yen(principal),
  fee: yen(fee),
  dueDay: due,
  product: 'card',
  credits: [],
})

test.each([
  { why: '12,300 yen at 14.6 % for 3 days is 14 yen', rate: '14.6', cap: '14.6', late: 3, charge: 14 },
  { why: 'nothing on the due day', rate: '14.6', cap: '14.6', late: 0, charge: 0 },
  { why: 'nothing before it', rate: '14.6', cap: '14.6', late: -5, charge: 0 },
  { why: 'the first day is the one after', rate: '20.0', cap: '20.0', late: 1, charge: 6 },
  { why: 'the cap is lower', rate: '20.0', cap: '3.0', late: 365, charge: 369 },
  { why: 'the contract is lower', rate: '3.0', cap: '20.0', late: 365, charge: 369 },
  { why: '9.0 is lower than 14.6, though not as text', rate: '9.0', cap: '14.6', late: 365, charge: 1_107 },
  { why: '14.60 and 14.6 are the same', rate: '14.60', cap: '14.6', late: 3, charge: 14 },
  { why: 'a year of 366 days', rate: '14.6', cap: '14.6', dayCount: 366 as const, late: 366, charge: 1_795 },
  { why: 'a rate of nothing', rate: '0', cap: '14.6', late: 365, charge: 0 },
])('late charge: $why', ({ rate, cap, late, charge, dayCount }) => {
  const products = { card: product(rate, cap, dayCount) }
  expect(amountOn(bill(12_300), products, addDays(due, late))).toMatchObject({
    lateCharge: charge,
    total: 12_300 + charge,
  })
})

test('the charge is on the principal, not on the fee; the total has both', () => {
  const products = { card: product('14.6', '14.6') }
  expect(amountOn(bill(12_300, 330), products, addDays(due, 3))).toEqual({
    principal: 12_300,
    fee: 330,
    lateCharge: 14,
    total: 12_644,
  })
})

test('no charge is guessed for a product without a rate, an unknown one, or when the contract is not known', () => {
  const products = { card: product('14.6', '14.6'), plain: { name: 'A', excluded: false, loan: false } }
  for (const key of ['plain', 'gone', null])
    expect(amountOn({ ...bill(12_300), product: key }, products, addDays(due, 365)).lateCharge).toBe(0)
})

test('a total is the sum of its bills, and waiting never makes it less', () => {
  const products = { card: product('14.6', '14.6') }
  const amounts = fc.array(fc.integer({ min: 0, max: 10_000_000 }), { maxLength: 5 })
  fc.assert(
    fc.property(amounts, fc.integer({ min: -10, max: 2_000 }), (principals, late) => {
      const bills = principals.map((principal) => bill(principal))
      const on = addDays(due, late)
      const sum = bills.reduce((total, one) => total + amountOn(one, products, on).total, 0)
      expect(totalOn(bills, products, on)).toBe(sum)
      expect(totalOn(bills, products, addDays(on, 1))).toBeGreaterThanOrEqual(sum)
    }),
  )
})

const credit = (
  on: string,
  part: Partial<Pick<Credit, 'fee' | 'lateCharge' | 'principal'>>,
  chargeDay = on,
): Credit => ({
  onDay: day(on),
  chargeDay: day(chargeDay),
  fee: yen(0),
  lateCharge: yen(0),
  principal: yen(0),
  ...part,
})
const still = (of: ReturnType<typeof bill>, credits: readonly Credit[], on: string) =>
  amountOn({ ...of, credits }, { card: product('14.6', '14.6') }, day(on))

test('what was paid is not owed again, and the charge runs on with what is left', () => {
  const paid = [credit('2026-11-23', { fee: yen(330), lateCharge: yen(12), principal: yen(4_000) })]
  expect(still(bill(10_000, 330), paid, '2026-11-23')).toEqual({
    principal: 6_000,
    fee: 0,
    lateCharge: 0,
    total: 6_000,
  })
  // 2.4 yen a day from the 24th on.
  expect(still(bill(10_000, 330), paid, '2026-11-25')).toEqual({
    principal: 6_000,
    fee: 0,
    lateCharge: 4,
    total: 6_004,
  })
})

test('a late charge that was left when the principal was paid stays owed, and does not grow', () => {
  const paid = [credit('2026-11-23', { principal: yen(10_000) })]
  expect(still(bill(10_000), paid, '2026-11-23').total).toBe(12)
  expect(still(bill(10_000), paid, '2027-11-23')).toEqual({ principal: 0, fee: 0, lateCharge: 12, total: 12 })
})

test('paying in parts costs no yen more by rounding than paying at once', () => {
  // 0.4 yen a day: five payments of a day each still come to 1.6 yen for four days.
  const parts = ['21', '22', '23'].map((on) => credit(`2026-11-${on}`, { principal: yen(0) }))
  expect(still(bill(1_000), parts, '2026-11-24').lateCharge).toBe(1)
})

test('a slip of an earlier day that is paid beside another payment makes no charge negative', () => {
  const paid = [
    credit('2026-11-23', { lateCharge: yen(12), principal: yen(4_988) }),
    credit('2026-11-24', { principal: yen(5_012) }, '2026-11-21'),
  ]
  expect(still(bill(10_000), paid, '2026-11-30')).toEqual({ principal: 0, fee: 0, lateCharge: 0, total: 0 })
})
