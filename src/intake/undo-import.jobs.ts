import { cancelPromises } from '#answers'
import { writeAudit } from '#audit'
import type { Creditor } from '#creditor'
import { settleBilled, takeBackDebits } from '#payments'
import { inTransaction, type Transaction, withAdvisoryLock } from '#platform/database/database'
import { dayInJst } from '#values/day'
import { isUuid } from '#values/id'
import { findImport, type ImportKind, importsLock, markEnded } from './import.store.ts'
import type { Importing, IntakeWorld } from './intake-world.ts'
import { type UndoDepositsOutcome, undoDeposits } from './undo-deposits.jobs.ts'
import { closeWithdrawnCases, hasNoticeLeft, listPromisersOf, withdrawBills } from './undo-import.store.ts'

export type UndoOutcome =
  | { readonly kind: 'ended'; readonly importId: string; readonly withdrawn: number; readonly reopened: number }
  | UndoRefused

export type UndoRefused =
  | { readonly kind: 'no-such-import'; readonly importId: string }
  /** Customers are updated by the next master, and an account that was given to one is theirs for good. */
  | { readonly kind: 'stays'; readonly importId: string; readonly of: ImportKind }
  | { readonly kind: 'ended-before'; readonly importId: string; readonly how: 'undone' | 'replaced' }
  /** Somebody has been asked to pay one of its bills, so it happened and stays. */
  | { readonly kind: 'notice-has-left'; readonly importId: string }

/** Takes back an import of money, or one of debits as long as no notice of one of its bills has left. */
export async function undoImport(
  w: IntakeWorld,
  importId: string,
  act: Pick<Importing, 'by' | 'now'>,
): Promise<UndoOutcome | UndoDepositsOutcome> {
  return inTransaction(w.db, async (tx) => {
    await withAdvisoryLock(tx, importsLock)
    const found = isUuid(importId) ? await findImport(tx, importId) : undefined
    if (found?.kind === 'deposits' && found.ended === undefined) return undoDeposits(w, tx, importId, act)
    return endImport(tx, w.creditor, importId, 'undone', act)
  })
}

/** In the caller's transaction, under the lock of imports. Changes nothing unless it answers `ended`. */
export async function endImport(
  tx: Transaction,
  creditor: Creditor,
  importId: string,
  how: 'undone' | 'replaced',
  { by, now }: Pick<Importing, 'by' | 'now'>,
): Promise<UndoOutcome> {
  const found = isUuid(importId) ? await findImport(tx, importId) : undefined
  if (found === undefined) return { kind: 'no-such-import', importId }
  if (found.ended !== undefined) return { kind: 'ended-before', importId, how: found.ended.how }
  if (found.kind !== 'debits') return { kind: 'stays', importId, of: found.kind }
  if (await hasNoticeLeft(tx, importId)) return { kind: 'notice-has-left', importId }

  const today = dayInJst(now)
  const withdrawn = await withdrawBills(tx, importId, now, today)
  for (const customerId of await listPromisersOf(tx, importId)) {
    await cancelPromises(tx, { customerId, because: 'bills-withdrawn', by, now })
  }
  await closeWithdrawnCases(tx, importId, now)
  await markEnded(tx, importId, how, now)
  const { reopened } = await takeBackDebits(tx, creditor, importId, now)
  await settleBilled(tx, creditor, importId, now)
  await writeAudit(tx, {
    at: now,
    actor: by,
    act: 'import.undone',
    facts: { import: importId, how, withdrawn, reopened },
  })
  return { kind: 'ended', importId, withdrawn, reopened }
}
