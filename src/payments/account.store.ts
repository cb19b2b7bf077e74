import type { Creditor, TransferAccount } from '#creditor'
import { type Db, sql } from '#platform/database/database'
import { accountNamed, type VirtualAccount } from './account.rules.ts'

export type AccountsToPay =
  /** An account that belongs to this customer alone: the bank tells by it who has paid. */
  | { readonly kind: 'own'; readonly customerId: string; readonly account: TransferAccount }
  /** The creditor's own, where the name of the payer has to tell. */
  | { readonly kind: 'creditor'; readonly customerId: string; readonly accounts: readonly TransferAccount[] }

/** Where each of these customers transfers money to, in the order asked. */
export const findTransferAccounts = async (
  db: Db,
  creditor: Creditor,
  customerIds: readonly string[],
): Promise<readonly AccountsToPay[]> => {
  const { rows } = await sql<VirtualAccount & { customerId: string }>`
    select customer_id as "customerId", bank_code as "bankCode", branch_code as "branchCode",
      account_number as number, account_type as type
    from virtual_accounts where customer_id = any(${[...customerIds]}::uuid[])`.execute(db)
  return customerIds.map((customerId): AccountsToPay => {
    const held = rows.find((row) => row.customerId === customerId)
    const account = held && accountNamed(held, creditor.virtualAccounts)
    return account === undefined
      ? { kind: 'creditor', customerId, accounts: creditor.transferAccounts }
      : { kind: 'own', customerId, account }
  })
}
