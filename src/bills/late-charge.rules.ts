import type { Product } from '#creditor'
import { addDays, type Day, daysBetween, daysOfYear, yearOf } from '#values/day'
import { type ChargedDays, lateCharge, lowerRate } from '#values/late-charge'
import { type Yen, yen } from '#values/yen'

export type Charged = {
  readonly principal: Yen
  readonly dueDay: Day
  readonly credits: readonly { readonly chargeDay: Day; readonly principal: Yen }[]
}

/**
 * Everything that has run up on a bill by the end of that day, paid or not: simple interest on the principal that was
 * left on each day, at the lower of the contract's rate and the legal cap (利息制限法 caps loans, 割賦販売法 caps sales
 * credit: what a contract says above that is void). Fractions are added up over the whole life of the bill and cut once,
 * so that paying in several parts neither costs nor saves a yen by rounding. Money lowers the principal from the day
 * after its charge day; when nothing is left, nothing more runs up, and what has run up stays.
 */
export const lateChargeOn = (bill: Charged, product: Product | undefined, day: Day): Yen => {
  const terms = product?.lateCharge
  if (terms === undefined) return yen(0)
  const { annualRatePercent, legalCapPercent, dayCount, startsAfterDays } = terms
  return lateCharge(chargedDays(bill, dayCount, startsAfterDays, day), lowerRate(annualRatePercent, legalCapPercent))
}

function* chargedDays(
  { principal, dueDay, credits }: Charged,
  dayCount: 365 | 366 | 'actual',
  startsAfterDays: number,
  last: Day,
): Generator<ChargedDays> {
  let [left, from]: [number, Day] = [principal, addDays(dueDay, startsAfterDays)]
  for (const credit of credits.toSorted((a, b) =>
    a.chargeDay < b.chargeDay ? -1 : a.chargeDay > b.chargeDay ? 1 : 0,
  )) {
    const until = credit.chargeDay < last ? credit.chargeDay : last
    yield* periods(yen(left), from, until, dayCount)
    left -= credit.principal
    if (until >= from) from = addDays(until, 1)
  }
  yield* periods(yen(left), from, last, dayCount)
}

/** Both days included. `actual` counts the days of each year apart. */
function* periods(principal: Yen, from: Day, until: Day, dayCount: 365 | 366 | 'actual'): Generator<ChargedDays> {
  for (let first = from; first <= until; ) {
    const end = dayCount === 'actual' ? lastDayOfYear(yearOf(first)) : until
    const last = end < until ? end : until
    const daysOf = dayCount === 'actual' ? daysOfYear(yearOf(first)) : dayCount
    yield { principal, days: daysBetween(first, last) + 1, daysOfYear: daysOf }
    first = addDays(last, 1)
  }
}

const lastDayOfYear = (year: number): Day => `${String(year).padStart(4, '0')}-12-31` as Day
