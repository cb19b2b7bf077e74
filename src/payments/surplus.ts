import { type Actor, writeAudit } from '#audit'
import type { SurplusReason } from '#bills'
import type { Creditor } from '#creditor'
import type { Db, Transaction } from '#platform/database/database'
import { type Yen, yen } from '#values/yen'
import { insertLines, listLedgers } from './ledger.store.ts'
import { ledgerChange } from './ledger-change.rules.ts'
import { lockLedgers } from './ledger-lock.store.ts'
import { listSurplusRows, lockSurplusOf, type SurplusRow } from './surplus.store.ts'

/** Money that no bill needed, to be given back. */
export type SurplusToRefund = SurplusRow & { readonly because: SurplusReason }

export type RefundOutcome =
  | { readonly kind: 'refunded'; readonly amount: Yen }
  | { readonly kind: 'refused'; readonly because: 'no-such-deposit' | 'no-surplus' }

/** The oldest first, from behind `after` on. */
export const listSurpluses = async (
  db: Db,
  creditor: Pick<Creditor, 'products' | 'policies'>,
  { after, limit = 1_000 }: { readonly after?: string; readonly limit?: number } = {},
): Promise<readonly SurplusToRefund[]> => {
  const rows = await listSurplusRows(db, after, limit)
  const ledgers = await listLedgers(db, [...new Set(rows.map(({ customerId }) => customerId))])
  const reasons = new Map(
    ledgers
      .flatMap((ledger) => ledgerChange(ledger, creditor).ledger.surpluses)
      .map(({ depositId, because }) => [depositId, because]),
  )
  return rows.map((row) => ({ ...row, because: reasons.get(row.depositId) ?? 'nothing-owed' }))
}

/**
 * Writes down that a surplus was given back: it pays no bill from now on, whatever is reversed or billed later. Giving
 * the money back is up to people, or to the caller that has done it.
 */
export const refundSurplus = async (
  tx: Transaction,
  depositId: string,
  by: Actor,
  now: Date,
): Promise<RefundOutcome> => {
  const before = await lockSurplusOf(tx, depositId)
  if (before === undefined) return { kind: 'refused', because: 'no-such-deposit' }
  await lockLedgers(tx, [before.customerId])
  const amount = (await lockSurplusOf(tx, depositId))?.surplus ?? 0
  if (amount <= 0) return { kind: 'refused', because: 'no-surplus' }
  const { customerId } = before
  const line = { customerId, depositId, billId: null, fee: 0, lateCharge: 0, principal: 0 }
  await insertLines(
    tx,
    [
      { ...line, account: 'surplus', amount: -amount },
      { ...line, account: 'refund', amount },
    ],
    now,
  )
  await writeAudit(tx, { at: now, actor: by, act: 'deposit.refunded', customerId, facts: { depositId, amount } })
  return { kind: 'refunded', amount: yen(amount) }
}
