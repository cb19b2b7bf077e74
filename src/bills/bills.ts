export { type Amount, amountOn, totalOn } from './amount.rules.ts'
export { isOutsideService, type OpenBill } from './bill.rules.ts'
export { closeSettledCases, lastSettled, listOpenBills } from './bill.store.ts'
