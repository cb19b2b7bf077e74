import type { Creditor, Product } from '#creditor'
import { type RawBuilder, sql } from '#platform/database/database'
import { lowerRate } from '#values/late-charge'

type Fragment = RawBuilder<unknown>

type UntouchedBill = {
  readonly principal: Fragment
  readonly product: Fragment
  readonly dueDay: Fragment
  readonly day: Fragment
}

/** `lateChargeOn` for bills of which nothing was paid yet, for a million of them at once. */
export const lateChargeOfUntouched = (products: Creditor['products'], bill: UntouchedBill): Fragment => {
  const charged = Object.entries(products).flatMap(([key, { lateCharge }]) =>
    lateCharge === undefined ? [] : [sql`when ${key} then ${chargeOf(bill, lateCharge)}`],
  )
  return charged.length === 0 ? sql`0` : sql`case ${bill.product} ${sql.join(charged, sql` `)} else 0 end`
}

const chargeOf = ({ principal, dueDay, day }: UntouchedBill, terms: NonNullable<Product['lateCharge']>): Fragment => {
  const { annualRatePercent, legalCapPercent, dayCount, startsAfterDays } = terms
  const yenPercent = sql`${principal} * ${lowerRate(annualRatePercent, legalCapPercent)}::numeric`
  const first = sql`(${dueDay} + ${startsAfterDays}::integer)`
  const days = sql`greatest(0, ${day} - ${first} + 1)`
  if (dayCount !== 'actual') return sql`div(${yenPercent} * ${days}, ${100 * dayCount}::numeric)`
  const leapDays = sql`(${leapDaysUntil(day)} - ${leapDaysUntil(sql`(${first} - 1)`)})`
  // Over the common denominator of both years.
  const parts = sql`(${days} - ${leapDays}) * 366 + ${leapDays} * 365`
  return sql`case when ${day} < ${first} then 0 else div(${yenPercent} * (${parts}), ${100 * 365 * 366}::numeric) end`
}

/** How many days of leap years there were since the year 1, that day included. */
const leapDaysUntil = (day: Fragment): Fragment => {
  const year = sql`extract(year from ${day})::integer`
  const before = sql`((${year} - 1) / 4 - (${year} - 1) / 100 + (${year} - 1) / 400) * 366`
  const isLeap = sql`(${year} % 4 = 0 and ${year} % 100 <> 0) or ${year} % 400 = 0`
  return sql`(${before} + case when ${isLeap} then extract(doy from ${day})::integer else 0 end)`
}
