import { type OpenBill, totalOn } from '#bills'
import type { Creditor } from '#creditor'
import type { Day } from '#values/day'

export type ContractTarget =
  | { readonly kind: 'bill'; readonly billId: string }
  | { readonly kind: 'refused'; readonly because: 'no-open-bill' | 'several-bills' }

/** Which bill of a contract money was meant for: the only one that was due by its day, or the only one of its amount. */
export const contractTarget = (
  bills: readonly OpenBill[],
  { contractNumber, amount, onDay }: { readonly contractNumber: string; readonly amount: number; readonly onDay: Day },
  products: Creditor['products'],
): ContractTarget => {
  const due = bills.filter((bill) => bill.contractNumber === contractNumber && bill.dueDay <= onDay)
  const [only] = due
  if (only === undefined) return { kind: 'refused', because: 'no-open-bill' }
  if (due.length === 1) return { kind: 'bill', billId: only.billId }
  const [fitting, ...others] = due.filter((bill) => totalOn([bill], products, onDay) === amount)
  if (fitting === undefined || others.length > 0) return { kind: 'refused', because: 'several-bills' }
  return { kind: 'bill', billId: fitting.billId }
}
