import { reopenPromises } from '#answers'
import { type AuditLine, writeAuditLines } from '#audit'
import { closeEmptyCases, reopenBills, settleBills, withdrawBills } from '#bills'
import type { Creditor } from '#creditor'
import type { Transaction } from '#platform/database/database'
import { dayInJst } from '#values/day'
import { insertLines, listLedgers } from './ledger.store.ts'
import { type LedgerChange, ledgerChange } from './ledger-change.rules.ts'
import { lockLedgers } from './ledger-lock.store.ts'

export type Rebalanced = {
  /** Bills that are settled now and were not. */
  readonly settled: number
  /** Bills that are open now and were not. */
  readonly reopened: number
  /** Deposits of which more is left over than before. */
  readonly surplus: number
}

type Terms = Pick<Creditor, 'products' | 'policies'>

const customersPerPage = 250

/**
 * Makes the ledgers of these customers say what follows from their bills and deposits: writes the lines that are missing,
 * settles and opens bills, closes and reopens their cases, and has promises judged anew that were kept with money which
 * is gone. Called after every change of a deposit or a bill, in the transaction that changed it; calling it once too
 * often changes nothing. A customer from whom a deposit was taken away is named as well as the one who got it.
 */
export const rebalance = async (
  tx: Transaction,
  creditor: Terms,
  customerIds: readonly string[],
  now: Date,
): Promise<Rebalanced> => {
  let total: Rebalanced = { settled: 0, reopened: 0, surplus: 0 }
  const inOrder = [...new Set(customerIds)].sort()
  for (let done = 0; done < inOrder.length; done += customersPerPage) {
    const changes = await rebalancePage(tx, creditor, inOrder.slice(done, done + customersPerPage), now)
    await writeAuditLines(
      tx,
      changes.flatMap((change) => auditOf(change, now)),
    )
    total = sumRebalanced(total, countOf(changes))
  }
  return total
}

const rebalancePage = async (
  tx: Transaction,
  creditor: Terms,
  customerIds: readonly string[],
  now: Date,
): Promise<readonly LedgerChange[]> => {
  await lockLedgers(tx, customerIds)
  const ledgers = await listLedgers(tx, customerIds)
  const changes = ledgers.map((ledger) => ledgerChange(ledger, creditor))
  await writeChanges(tx, changes, now)
  return changes
}

const writeChanges = async (tx: Transaction, changes: readonly LedgerChange[], now: Date): Promise<void> => {
  const of = <T>(pick: (change: LedgerChange) => readonly T[]) =>
    changes.flatMap((change) => pick(change).map((one) => ({ customerId: change.customerId, one })))
  const bills = (pick: (change: LedgerChange) => readonly string[]) =>
    of(pick).map(({ customerId, one }) => ({ customerId, billId: one }))
  const reopened = bills((change) => change.reopened)
  const withdrawn = bills((change) => change.withdrawn)
  const settled = of((change) => change.settled).map(({ customerId, one }) => ({ customerId, ...one }))
  await insertLines(
    tx,
    of((change) => change.lines).map(({ customerId, one }) => ({ customerId, ...one })),
    now,
  )
  await reopenPromises(tx, reopened)
  await reopenBills(tx, reopened)
  await withdrawBills(tx, withdrawn, dayInJst(now), now)
  await settleBills(tx, settled, now)
  const ended = [...settled, ...withdrawn].map(({ customerId }) => customerId)
  if (ended.length > 0) await closeEmptyCases(tx, [...new Set(ended)], now)
}

const countOf = (changes: readonly LedgerChange[]): Rebalanced =>
  changes.reduce(
    (total, { settled, reopened, withdrawn, lines }) => {
      const settledNow = settled.filter(({ billId }) => !reopened.includes(billId)).length
      const ended = [...settled.map(({ billId }) => billId), ...withdrawn]
      const reopenedNow = reopened.filter((billId) => !ended.includes(billId)).length
      const surplus = lines.filter(({ account, amount }) => account === 'surplus' && amount > 0).length
      return sumRebalanced(total, { settled: settledNow, reopened: reopenedNow, surplus })
    },
    { settled: 0, reopened: 0, surplus: 0 },
  )

export const sumRebalanced = (one: Rebalanced, other: Rebalanced): Rebalanced => ({
  settled: one.settled + other.settled,
  reopened: one.reopened + other.reopened,
  surplus: one.surplus + other.surplus,
})

const auditOf = (
  { customerId, lines, settled, reopened, withdrawn }: LedgerChange,
  now: Date,
): readonly AuditLine[] => {
  if (lines.length + settled.length + reopened.length + withdrawn.length === 0) return []
  const facts = {
    lines: lines.map(({ depositId, account, billId, amount }) => ({ depositId, account, billId, amount })),
    settled: settled.map(({ billId, onDay }) => ({ billId, onDay })),
    reopened,
    withdrawn,
  }
  return [{ at: now, actor: 'system', act: 'ledger.changed', customerId, facts }]
}
