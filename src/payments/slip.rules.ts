import { amountOn, type OpenBill } from '#bills'
import type { Creditor } from '#creditor'
import type { Day } from '#values/day'
import type { Yen } from '#values/yen'

/** A slip for a convenience store: its amount is fixed from the day of its issue until it expires. */
export type Slip = {
  readonly customerId: string
  readonly id: string
  /** The free part of the barcode, which the agent reports back. */
  readonly number: string
  /** All 44 digits. */
  readonly barcode: string
  readonly amount: Yen
  /** The day whose late charge is in the amount. */
  readonly chargeDay: Day
  readonly expiresOn: Day
  readonly issuedAt: Date
  readonly bills: readonly SlipBill[]
}

export type SlipBill = { readonly billId: string; readonly amount: Yen }

export type SlipStanding =
  | { readonly kind: 'none' }
  /** It can be paid, and pays what is owed. */
  | { readonly kind: 'current'; readonly slip: Slip }
  | { readonly kind: 'expired'; readonly slip: Slip }
  /** Money or another bill came since, or it could be paid later than is wanted now. */
  | { readonly kind: 'changed'; readonly slip: Slip }

/** What the customer's latest slip is worth today. That a day has passed changes nothing: its amount was fixed. */
export const slipStanding = (
  slip: Slip | undefined,
  bills: readonly OpenBill[],
  { products, today, lastDay }: SlipTerms,
): SlipStanding => {
  if (slip === undefined) return { kind: 'none' }
  if (slip.expiresOn < today) return { kind: 'expired', slip }
  const owed = slipBillsOf(bills, products, slip.chargeDay)
  const isSame =
    owed.length === slip.bills.length &&
    owed.every(({ billId, amount }) => slip.bills.some((one) => one.billId === billId && one.amount === amount))
  const isTooLong = lastDay !== undefined && lastDay < slip.expiresOn
  return isSame && !isTooLong ? { kind: 'current', slip } : { kind: 'changed', slip }
}

export type SlipTerms = {
  readonly products: Creditor['products']
  readonly today: Day
  /** The last day on which money may come this way: a re-debit's cut-off. */
  readonly lastDay?: Day | undefined
}

/** What a slip of that day is for: every bill of which something is owed. */
export const slipBillsOf = (
  bills: readonly OpenBill[],
  products: Creditor['products'],
  chargeDay: Day,
): readonly SlipBill[] =>
  bills
    .map((bill) => ({ billId: bill.billId, amount: amountOn(bill, products, chargeDay).total }))
    .filter(({ amount }) => amount > 0)
