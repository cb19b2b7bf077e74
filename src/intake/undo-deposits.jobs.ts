import { writeAudit } from '#audit'
import { type Sum, takeBackDeposits } from '#payments'
import type { Transaction } from '#platform/database/database'
import { markEnded } from './import.store.ts'
import type { Importing, IntakeWorld } from './intake-world.ts'

export type UndoDepositsOutcome =
  | {
      readonly kind: 'money-taken-back'
      readonly importId: string
      readonly deposits: Sum
      /** Deposits that the import had reversed, in force again. */
      readonly restored: number
      /** Deposits that a later file tells of as well: they stay, as that one's. */
      readonly handedOver: number
      /** Bills that are owed again. */
      readonly reopened: number
    }
  /** Some of its money was more than was owed and has been paid back to the customer. */
  | { readonly kind: 'money-refunded'; readonly importId: string; readonly depositIds: readonly string[] }

/** As if the file had never come. In the caller's transaction, under the lock of imports. */
export async function undoDeposits(
  w: IntakeWorld,
  tx: Transaction,
  importId: string,
  { by, now }: Pick<Importing, 'by' | 'now'>,
): Promise<UndoDepositsOutcome> {
  const taken = await takeBackDeposits(w, tx, { importId, now, by })
  if (taken.kind === 'refunded') return { kind: 'money-refunded', importId, depositIds: taken.depositIds }
  await markEnded(tx, importId, 'undone', now)
  const { deposits, restored, handedOver, bills } = taken
  const facts = { import: importId, how: 'undone', deposits: deposits.count, restored, handedOver }
  await writeAudit(tx, { at: now, actor: by, act: 'import.undone', facts: { ...facts, reopened: bills.reopened } })
  return { kind: 'money-taken-back', importId, deposits, restored, handedOver, reopened: bills.reopened }
}
