import type { Creditor } from '#creditor'
import type { Transaction } from '#platform/database/database'
import { type Rebalanced, rebalance } from './rebalance.ts'
import { listPayersBilled } from './settle-billed.store.ts'

/**
 * After an import of debits has made its bills, or taken them back: a bill that is late takes up money that came before
 * it, and money that was on a bill which is gone pays another or is left over.
 */
export const settleBilled = async (
  tx: Transaction,
  creditor: Pick<Creditor, 'products' | 'policies'>,
  importId: string,
  now: Date,
): Promise<Rebalanced> => rebalance(tx, creditor, await listPayersBilled(tx, importId), now)
