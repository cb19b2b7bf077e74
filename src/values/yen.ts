import { assert } from './assert.ts'

declare const yenBrand: unique symbol

/** Whole yen, never negative. */
export type Yen = number & { readonly [yenBrand]: 'Yen' }

export type LateChargeTerms = {
  readonly principal: Yen
  /** Per cent a year as an exact decimal, '14.6'. */
  readonly annualRatePercent: string | number
  /** Days late: the due date itself does not count. */
  readonly days: number
  readonly dayCount: 365 | 366
}

export function yen(amount: number): Yen {
  assert(Number.isSafeInteger(amount) && amount >= 0, 'yen are whole and not negative')
  return amount as Yen
}

/** '12,345円': screen readers misread ¥. */
export function formatYen(amount: Yen): string {
  return `${String(amount).replace(/\B(?=(\d{3})+$)/g, ',')}円`
}

export function sumYen(amounts: Iterable<Yen>): Yen {
  let total = 0
  for (const amount of amounts) total += amount
  return yen(total)
}

/** Principal × rate × days ÷ days of the year, computed exactly and cut to whole yen in the customer's favour. */
export function lateCharge({ principal, annualRatePercent, days, dayCount }: LateChargeTerms): Yen {
  assert(Number.isSafeInteger(days) && days >= 0, 'days late are whole and not negative')
  const rate = exactDecimal(annualRatePercent)
  const charge = (BigInt(principal) * rate.units * BigInt(days)) / (100n * rate.unitsPerOne * BigInt(dayCount))
  return yen(Number(charge))
}

/** 14.6 is 146 of 10, for binary fractions cannot hold it. */
function exactDecimal(value: string | number): { readonly units: bigint; readonly unitsPerOne: bigint } {
  const parts = /^(\d{1,3})(?:\.(\d{1,6}))?$/.exec(String(value))
  assert(parts !== null, 'a rate is a decimal below 1000 with at most six places')
  const [, whole = '', fraction = ''] = parts
  return { units: BigInt(whole + fraction), unitsPerOne: 10n ** BigInt(fraction.length) }
}
