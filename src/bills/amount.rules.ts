import type { Creditor, Product } from '#creditor'
import { type Day, daysBetween } from '#values/day'
import { lateCharge, sumYen, type Yen, yen } from '#values/yen'

/** What a bill comes to when it is paid that day. */
export type Amount = {
  readonly principal: Yen
  readonly fee: Yen
  readonly lateCharge: Yen
  readonly total: Yen
}

type Owed = {
  readonly principal: Yen
  readonly fee: Yen
  readonly dueDay: Day
  /** Null when the contract is not known: nobody is charged at a guessed rate. */
  readonly product: string | null
}

export const amountOn = (bill: Owed, products: Creditor['products'], day: Day): Amount => {
  const { principal, fee } = bill
  const late = lateChargeOn(bill, bill.product === null ? undefined : products[bill.product], day)
  return { principal, fee, lateCharge: late, total: sumYen([principal, fee, late]) }
}

export const totalOn = (bills: readonly Owed[], products: Creditor['products'], day: Day): Yen =>
  sumYen(bills.map((bill) => amountOn(bill, products, day).total))

/** On the principal only, from the day after the due day. */
const lateChargeOn = ({ principal, dueDay }: Owed, product: Product | undefined, day: Day): Yen => {
  const terms = product?.lateCharge
  if (terms === undefined || day <= dueDay) return yen(0)
  const annualRatePercent = lower(terms.annualRatePercent, terms.legalCapPercent)
  return lateCharge({
    principal,
    annualRatePercent,
    days: daysBetween(dueDay, day),
    dayCount: terms.dayCount === 'actual' ? 365 : terms.dayCount,
  })
}

/** 利息制限法 caps loans, 割賦販売法 caps sales credit: what the contract says above that is void. */
const lower = (rate: string, cap: string): string => (Number(rate) <= Number(cap) ? rate : cap)
