import { type Amount, amountOn, type OpenBill, totalOn } from '#bills'
import type { Creditor } from '#creditor'
import { compareDays, type Day } from '#values/day'
import { sumYen, type Yen, yen } from '#values/yen'

/** A bill as its customer reads it: what was asked, what has run up, what was paid, what is left. */
export type BillAmount = {
  readonly dueDay: Day
  /** As they were billed. */
  readonly principal: Yen
  readonly fee: Yen
  /** All that has run up, paid or not. */
  readonly lateCharge: Yen
  readonly paid: Yen
  readonly left: Amount
}

export const billAmountOn = (bill: OpenBill, products: Creditor['products'], day: Day): BillAmount => {
  const left = amountOn(bill, products, day)
  const { dueDay, principal, fee, credits } = bill
  const lateCharge = sumYen([left.lateCharge, ...credits.map((credit) => yen(credit.lateCharge))])
  return { dueDay, principal, fee, lateCharge, paid: sumYen(credits.map(amountOf)), left }
}

/** A part of what was owed has been received. */
export type PaidSoFar = {
  readonly amount: Yen
  readonly lastOn: Day
  readonly left: Yen
}

/** Undefined where nothing has been received yet. */
export const paidSoFar = (
  bills: readonly OpenBill[],
  products: Creditor['products'],
  today: Day,
): PaidSoFar | undefined => {
  const credits = bills.flatMap((bill) => bill.credits)
  const lastOn = credits
    .map(({ onDay }) => onDay)
    .toSorted(compareDays)
    .at(-1)
  if (lastOn === undefined) return undefined
  return { amount: sumYen(credits.map(amountOf)), lastOn, left: totalOn(bills, products, today) }
}

const amountOf = ({ fee, lateCharge, principal }: OpenBill['credits'][number]): Yen => yen(fee + lateCharge + principal)
