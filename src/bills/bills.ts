export { type Amount, amountOn, type Credit, totalOn } from './amount.rules.ts'
export { isOutsideService, type OpenBill } from './bill.rules.ts'
export { lastSettled, listOpenBills } from './bill.store.ts'
export {
  type BillKey,
  closeEmptyCases,
  reopenBills,
  type SettledBill,
  settleBills,
  withdrawBills,
} from './ending.store.ts'
export { lateChargeOfUntouched } from './late-charge.store.ts'
export {
  allocate,
  type Ledger,
  type LedgerBill,
  type LedgerDeposit,
  type LedgerLine,
  type Settlement,
  type Surplus,
  type SurplusReason,
} from './ledger.rules.ts'
