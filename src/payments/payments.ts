export { type AccountsToPay, findTransferAccounts } from './account.store.ts'
export { arrivingColumns, createArriving } from './arriving.store.ts'
export { assignAccountsAfterImports, virtualAccountsLock } from './assign-accounts.jobs.ts'
export type { CardOffer } from './card.rules.ts'
export {
  type BeginCardOutcome,
  type BeginningCardPayment,
  beginCardPayment,
  type CardReturn,
  getCardReturn,
  offerCard,
} from './card-begin.jobs.ts'
export { type CallAnswer, receiveCardEvent } from './card-money.jobs.ts'
export { type ProviderRefundOutcome, refundAtProvider } from './card-refund.jobs.ts'
export { catchUpCardPayments } from './card-sweep.jobs.ts'
export { type ConvenienceStoreOffer, convenienceStoreOffer } from './convenience-store.rules.ts'
export {
  countUnmatched,
  type Deposit,
  type DepositPlace,
  type DepositsAsked,
  type DepositUse,
  findDeposit,
  listMatchedByPerson,
  listStrayReversals,
  listUnmatched,
  listUses,
  type StrayReversal,
} from './deposit.store.ts'
export { findSlip, type IssueSlipOutcome, type IssuingSlip, issueSlip } from './issue-slip.ts'
export { ledgersLock, lockLedgers } from './ledger-lock.store.ts'
export type { Unmatched } from './match.rules.ts'
export { type MatchByHandOutcome, matchByHand, type TakeApartOutcome, takeApart } from './match-by-hand.jobs.ts'
export { createPaidDebits, insertPaidDebits } from './paid-debits.store.ts'
export { listPayEasy, type PayEasy } from './pay-easy.store.ts'
export { type Rebalanced, rebalance } from './rebalance.ts'
export { listReceived, type Received } from './received.store.ts'
export {
  type PlannedRedebit,
  plannedRedebit,
  type RedebitDay,
  type RedebitFacts,
  redebitDays,
  redebitUnderWay,
} from './redebit.rules.ts'
export { listRedebitFacts } from './redebit.store.ts'
export { rematchAfterImports, rematchDeposits } from './rematch.jobs.ts'
export { settleBilled } from './settle-billed.ts'
export { settleImport } from './settle-import.ts'
export type { Slip, SlipStanding } from './slip.rules.ts'
export { readSlipBarcode, type SlipBarcode, slipDigitLines } from './slip-barcode.format.ts'
export { slipSvg } from './slip-image.ts'
export { type Advice, adviseOn, type ReadPayers, type Suggestion } from './suggestions.ts'
export type { Sum } from './sum.rules.ts'
export { listSurpluses, type RefundOutcome, refundSurplus, type SurplusToRefund } from './surplus.ts'
export { takeBackDebits } from './take-back-debits.ts'
export { type TakeBackOutcome, takeBackDeposits } from './take-back-deposits.jobs.ts'
export { type TakenDeposits, type TakingDeposits, takeDeposits } from './take-deposits.jobs.ts'
export type { PaymentsWorld } from './world.ts'
