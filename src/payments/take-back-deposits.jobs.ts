import type { Transaction } from '#platform/database/database'
import { type Rebalanced, rebalance } from './rebalance.ts'
import type { Sum } from './sum.rules.ts'
import {
  handOverRepeats,
  listRefunded,
  listTouched,
  undoDeposits,
  undoFinals,
  undoReversals,
} from './take-back.store.ts'
import type { TakingDeposits } from './take-deposits.jobs.ts'
import type { PaymentsWorld } from './world.ts'

export type TakeBackOutcome =
  | {
      readonly kind: 'taken-back'
      readonly deposits: Sum
      /** Deposits that the import had reversed, in force again. */
      readonly restored: number
      /** Deposits that a later file reported as well: they stay, as that one's. */
      readonly handedOver: number
      readonly bills: Rebalanced
    }
  /** A surplus of these was paid back to the customer. */
  | { readonly kind: 'refunded'; readonly depositIds: readonly string[] }

/**
 * As if the import had never been: its deposits go, what it had reversed comes back, and the ledgers say what follows.
 * The import itself is marked as ended by the caller, who holds the lock of imports.
 */
export const takeBackDeposits = async (
  { creditor }: Pick<PaymentsWorld, 'creditor'>,
  tx: Transaction,
  taking: TakingDeposits,
): Promise<TakeBackOutcome> => {
  const depositIds = await listRefunded(tx, taking.importId)
  if (depositIds.length > 0) return { kind: 'refunded', depositIds }
  const handedOver = await handOverRepeats(tx, taking)
  const touched = await listTouched(tx, taking.importId)
  const restored = await undoReversals(tx, taking)
  await undoFinals(tx, taking)
  const deposits = await undoDeposits(tx, taking)
  const bills = await rebalance(tx, creditor, touched, taking.now)
  return { kind: 'taken-back', deposits, restored, handedOver, bills }
}
