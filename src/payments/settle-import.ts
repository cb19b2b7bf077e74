import { writeAudit } from '#audit'
import type { Creditor } from '#creditor'
import type { Transaction } from '#platform/database/database'
import { type Rebalanced, rebalance, sumRebalanced } from './rebalance.ts'
import { listOthers, settleExactly } from './settle-exactly.store.ts'

/**
 * Puts the deposits of an import on the bills of their customers: first everybody with one bill and one deposit that
 * pays it to the yen, in a few statements for all of them, then the others by `rebalance`. The caller holds the lock of
 * imports and has touched no case before.
 */
export const settleImport = async (
  tx: Transaction,
  creditor: Pick<Creditor, 'products' | 'policies'>,
  importId: string,
  now: Date,
): Promise<Rebalanced> => {
  const exactly = await settleExactly(tx, creditor, importId, now)
  const facts = { import: importId, exactly }
  if (exactly > 0) await writeAudit(tx, { at: now, actor: 'system', act: 'import.settled', facts })
  let total: Rebalanced = { settled: exactly, reopened: 0, surplus: 0 }
  for await (const page of listOthers(tx)) total = sumRebalanced(total, await rebalance(tx, creditor, page, now))
  return total
}
