import { writeAudit } from '#audit'
import type { Creditor } from '#creditor'
import type { Transaction } from '#platform/database/database'
import { type Rebalanced, rebalance } from './rebalance.ts'
import { settleExactly } from './settle-exactly.store.ts'

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
  const { settled, others } = await settleExactly(tx, creditor, importId, now)
  const facts = { import: importId, exactly: settled }
  if (settled > 0) await writeAudit(tx, { at: now, actor: 'system', act: 'import.settled', facts })
  const rebalanced = await rebalance(tx, creditor, others, now)
  return { ...rebalanced, settled: settled + rebalanced.settled }
}
