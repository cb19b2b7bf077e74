import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { OpenBill } from '#bills'
import { addDays, day } from '#values/day'
import { yen } from '#values/yen'
import { creditorWith } from '../../test/casework.ts'
import { billAmountOn, paidSoFar } from './bill-amount.rules.ts'

const { products } = await creditorWith()
const dueDay = day('2026-11-20')
const today = day('2026-11-24')

const bill = (changes: Partial<OpenBill> = {}): OpenBill => ({
  customerId: 'customer',
  billId: 'bill',
  caseId: 'case',
  contractNumber: 'K1',
  product: 'card',
  principal: yen(10_000),
  fee: yen(0),
  dueDay,
  credits: [],
  ...changes,
})

const credit = (onDay: string, principal: number, lateCharge = 0, fee = 0) => ({
  ...{ onDay: day(onDay), chargeDay: day(onDay) },
  ...{ principal: yen(principal), lateCharge: yen(lateCharge), fee: yen(fee) },
})

describe('A bill on the amount page', () => {
  test('of which nothing is paid', () => {
    expect(billAmountOn(bill(), products, today)).toMatchObject({
      ...{ principal: 10_000, fee: 0, lateCharge: 16, paid: 0 },
      left: { total: 10_016 },
    })
  })

  test('of which a part is paid: what has run up stays what has run up', () => {
    const amount = billAmountOn(bill({ credits: [credit('2026-11-23', 2_988, 12)] }), products, today)
    expect(amount).toMatchObject({ principal: 10_000, lateCharge: 14, paid: 3_000, left: { total: 7_014 } })
  })

  test('adds up to the yen whatever was paid', () => {
    const part = fc.nat({ max: 10_000 })
    fc.assert(
      fc.property(part, part, fc.nat({ max: 500 }), fc.nat({ max: 60 }), (first, second, fee, days) => {
        const credits = [credit('2026-11-21', Math.min(first, 10_000 - Math.min(second, 10_000)), 3, Math.min(fee, 7))]
        const amount = billAmountOn(bill({ fee: yen(fee), credits }), products, addDays(dueDay, days + 1))
        const { principal, lateCharge, paid, left } = amount
        expect(principal + amount.fee + lateCharge - paid).toBe(left.total)
      }),
    )
  })
})

describe('What has been received so far', () => {
  test('is nothing before any money came', () => {
    expect(paidSoFar([bill(), bill()], products, today)).toBeUndefined()
  })

  test('is the money of all bills, with its last day and what is left of everything', () => {
    const bills = [
      bill({ credits: [credit('2026-11-23', 2_988, 12)] }),
      bill({ credits: [credit('2026-11-21', 1_000, 4)] }),
      bill(),
    ]
    expect(paidSoFar(bills, products, today)).toEqual({
      amount: 4_004,
      lastOn: '2026-11-23',
      left: bills.reduce((sum, each) => sum + billAmountOn(each, products, today).left.total, 0),
    })
  })
})
