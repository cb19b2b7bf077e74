import { reopenPromises } from '#answers'
import { reopenBills } from '#bills'
import type { Creditor } from '#creditor'
import type { Transaction } from '#platform/database/database'
import { lockLedgers } from './ledger-lock.store.ts'
import { rebalance } from './rebalance.ts'
import { countOpen, endDeposits, listPaidBy, listSettledWithoutLines } from './take-back-debits.store.ts'

/**
 * Takes back the money of an import of debits: its deposits end, and what they had paid is open again. Bills that such an
 * import settled before there was a ledger have no deposit; they are opened as well.
 */
export const takeBackDebits = async (
  tx: Transaction,
  creditor: Pick<Creditor, 'products' | 'policies'>,
  importId: string,
  now: Date,
): Promise<{ readonly reopened: number }> => {
  const payers = await listPaidBy(tx, importId)
  const before = await listSettledWithoutLines(tx, importId)
  const customerIds = [...new Set([...payers, ...before.map(({ customerId }) => customerId)])]
  await lockLedgers(tx, customerIds)
  await endDeposits(tx, importId, now)
  await reopenPromises(tx, before)
  await reopenBills(tx, before)
  const { reopened } = await rebalance(tx, creditor, customerIds, now)
  return { reopened: reopened + (await countOpen(tx, before)) }
}
