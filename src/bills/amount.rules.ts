import type { Creditor } from '#creditor'
import type { Day } from '#values/day'
import { sumYen, type Yen, yen } from '#values/yen'
import { lateChargeOn } from './late-charge.rules.ts'

/** What is still to pay of a bill. */
export type Amount = {
  readonly principal: Yen
  readonly fee: Yen
  readonly lateCharge: Yen
  readonly total: Yen
}

/** What one deposit has paid of a bill. */
export type Credit = {
  /** The day from which the money counts. */
  readonly onDay: Day
  /** The last day whose late charge it was asked for: its own day, or an earlier one that a slip was issued with. */
  readonly chargeDay: Day
  readonly fee: Yen
  readonly lateCharge: Yen
  readonly principal: Yen
}

export type Owed = {
  readonly principal: Yen
  readonly fee: Yen
  readonly dueDay: Day
  /** Null when the contract is not known: nobody is charged at a guessed rate. */
  readonly product: string | null
  readonly credits: readonly Credit[]
}

/**
 * What is still owed when the rest is paid that day. The late charge is cut to whole yen here, and in the same way when
 * money is put on a bill: a payment of exactly the amount shown leaves nothing.
 */
export const amountOn = (bill: Owed, products: Creditor['products'], day: Day): Amount => {
  const paid = (part: 'principal' | 'fee' | 'lateCharge') => sumYen(bill.credits.map((credit) => credit[part]))
  const charge = lateChargeOn(bill, bill.product === null ? undefined : products[bill.product], day)
  const [principal, fee] = [yen(bill.principal - paid('principal')), yen(bill.fee - paid('fee'))]
  // A slip that was issued earlier may lower what had run up by the time of another payment.
  const lateCharge = yen(Math.max(0, charge - paid('lateCharge')))
  return { principal, fee, lateCharge, total: sumYen([principal, fee, lateCharge]) }
}

export const totalOn = (bills: readonly Owed[], products: Creditor['products'], day: Day): Yen =>
  sumYen(bills.map((bill) => amountOn(bill, products, day).total))
