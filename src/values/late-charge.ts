import { assert } from './assert.ts'
import { type Yen, yen } from './yen.ts'

/** A principal that was owed for so many days of a year of so many days. */
export type ChargedDays = {
  readonly principal: Yen
  readonly days: number
  readonly daysOfYear: 365 | 366
}

/**
 * Simple interest: the sum of principal × rate × days ÷ days of the year, added up as exact fractions and only then cut
 * to whole yen, in the customer's favour. The rate is per cent a year as an exact decimal, '14.6'.
 */
export function lateCharge(periods: Iterable<ChargedDays>, annualRatePercent: string): Yen {
  const rate = exactDecimal(annualRatePercent)
  let yenDays = 0n
  for (const { principal, days, daysOfYear } of periods) {
    assert(Number.isSafeInteger(days) && days >= 0, 'days late are whole and not negative')
    yenDays += BigInt(principal) * BigInt(days) * (commonYear / BigInt(daysOfYear))
  }
  return yen(Number((yenDays * rate.units) / (100n * rate.unitsPerOne * commonYear)))
}

/** The lower of two rates; '14.60' is no higher than '14.6'. */
export function lowerRate(one: string, other: string): string {
  const [a, b] = [exactDecimal(one), exactDecimal(other)]
  return a.units * b.unitsPerOne <= b.units * a.unitsPerOne ? one : other
}

/** 1/365 and 1/366 are whole numbers of its parts. */
const commonYear = 365n * 366n

/** 14.6 is 146 of 10, for binary fractions cannot hold it. */
function exactDecimal(value: string): { readonly units: bigint; readonly unitsPerOne: bigint } {
  const parts = /^(\d{1,3})(?:\.(\d{1,6}))?$/.exec(value)
  assert(parts !== null, 'a rate is a decimal below 1000 with at most six places')
  const [, whole = '', fraction = ''] = parts
  return { units: BigInt(whole + fraction), unitsPerOne: 10n ** BigInt(fraction.length) }
}
