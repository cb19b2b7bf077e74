import type { Creditor, TransferAccount } from '#creditor'

export type VirtualAccount = Pick<TransferAccount, 'bankCode' | 'branchCode' | 'type' | 'number'>

/** With the names a transfer form asks for; undefined where the creditor's file does not name its bank or branch. */
export const accountNamed = (
  account: VirtualAccount,
  named: Creditor['virtualAccounts'],
): TransferAccount | undefined => {
  const branchName = named?.branches[account.branchCode]
  if (named === undefined || branchName === undefined || named.bankCode !== account.bankCode) return undefined
  const { bankCode, branchCode, type, number } = account
  const { bankName, holder, holderKana } = named
  return { bankCode, bankName, branchCode, branchName, type, number, holder, holderKana }
}
