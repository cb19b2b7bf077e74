import type { Creditor } from '#creditor'
import type { Transaction } from '#platform/database/database'
import { type Rebalanced, rebalance } from './rebalance.ts'
import { listUnsettledCustomers } from './settle-import.store.ts'

/**
 * Puts the deposits of an import on the bills of their customers: first everybody with one bill and one deposit that
 * pays it to the yen, in a few statements for all of them, then the others one after the other. The caller holds the
 * lock of imports; both ways follow the same rule, and a test holds them together.
 */
export const settleImport = async (
  tx: Transaction,
  creditor: Pick<Creditor, 'products' | 'policies'>,
  importId: string,
  now: Date,
): Promise<Rebalanced> => {
  return rebalance(tx, creditor, await listUnsettledCustomers(tx, importId), now)
}
