import type { Creditor } from '#creditor'
import type { DepositHeader } from './deposit-header.format.ts'

/** Whether a bank's file tells of an account of this creditor, as far as the creditor's file knows. */
export function isOurAccount(
  { transferAccounts, virtualAccounts }: Pick<Creditor, 'transferAccounts' | 'virtualAccounts'>,
  { bankCode, branchCode, accountType, accountNumber }: DepositHeader,
): boolean {
  if (virtualAccounts?.bankCode === bankCode && virtualAccounts.branches[branchCode] !== undefined) return true
  return transferAccounts.some(
    (ours) =>
      ours.bankCode === bankCode &&
      ours.branchCode === branchCode &&
      ours.type === accountType &&
      ours.number === accountNumber,
  )
}
