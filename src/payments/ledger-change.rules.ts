import { allocate, type Ledger, type LedgerBill, type Settlement } from '#bills'
import type { Creditor } from '#creditor'
import { yen } from '#values/yen'
import type { StoredBill, StoredLedger } from './ledger.store.ts'

/** What the lines of one deposit on one account come to. */
export type LedgerSum = {
  readonly depositId: string
  readonly account: 'bill' | 'surplus' | 'refund'
  readonly billId: string | null
  readonly fee: number
  readonly lateCharge: number
  readonly principal: number
  readonly amount: number
}

export type LedgerChange = {
  readonly customerId: string
  /** What has to be added so that the lines say what they should. */
  readonly lines: readonly LedgerSum[]
  readonly settled: readonly (Settlement & { readonly importId: string | null })[]
  /** Open again, the ones among them that are settled on another day now. */
  readonly reopened: readonly string[]
  /** Without the money that had settled them, they should never have been. */
  readonly withdrawn: readonly string[]
  readonly ledger: Ledger
}

/** The difference between a ledger as it is written and as it should be. */
export const ledgerChange = (stored: StoredLedger, creditor: Pick<Creditor, 'products' | 'policies'>): LedgerChange => {
  const deposits = stored.deposits.map((deposit) => ({
    ...deposit,
    amount: yen(deposit.amount - refundedOf(stored.sums, deposit.depositId)),
  }))
  const { ledger, bills } = withoutVoid(stored.bills, (of) => allocate(of, deposits, creditor))
  const inForce = new Set(deposits.map(({ depositId }) => depositId))
  const wanted = [
    ...ledger.lines.map((line) => ({ ...line, account: 'bill' as const, amount: amountOf(line) })),
    ...ledger.surpluses.map(({ depositId, amount }) => ({
      ...nothing,
      depositId,
      account: 'surplus' as const,
      amount,
    })),
    ...stored.sums.filter(({ account, depositId }) => account === 'refund' && inForce.has(depositId)),
  ]
  const importOf = new Map(deposits.map(({ depositId, importId }) => [depositId, importId]))
  const settledOn = new Map(ledger.settled.map(({ billId, onDay }) => [billId, onDay]))
  const withdrawn = stored.bills.filter((bill) => !bills.includes(bill)).map(({ billId }) => billId)
  const isChanged = ({ billId, isClosed, settledOn: before }: StoredBill) =>
    !isClosed && before !== (settledOn.get(billId) ?? null)
  const changed = stored.bills.filter(isChanged)
  return {
    customerId: stored.customerId,
    lines: difference(wanted, stored.sums),
    settled: ledger.settled
      .filter(({ billId }) => changed.some((bill) => bill.billId === billId))
      .map((settlement) => ({ ...settlement, importId: importOf.get(settlement.depositId) ?? null })),
    reopened: changed.filter((bill) => bill.settledOn !== null).map(({ billId }) => billId),
    withdrawn,
    ledger,
  }
}

/**
 * A bill whose import was taken back stays settled while money for it is there; without it the bill goes too, and what
 * had been put on it is free for others.
 */
const withoutVoid = (
  bills: readonly StoredBill[],
  allocateOn: (bills: readonly LedgerBill[]) => Ledger,
): { readonly ledger: Ledger; readonly bills: readonly StoredBill[] } => {
  const ledger = allocateOn(bills)
  const settled = new Set(ledger.settled.map(({ billId }) => billId))
  const kept = bills.filter(({ billId, isVoid, isClosed }) => !isVoid || isClosed || settled.has(billId))
  return kept.length === bills.length ? { ledger, bills } : withoutVoid(kept, allocateOn)
}

const difference = (wanted: readonly LedgerSum[], written: readonly LedgerSum[]): readonly LedgerSum[] => {
  const sums = new Map<string, LedgerSum>()
  const add = (line: LedgerSum, sign: 1 | -1) => {
    const { depositId, account, billId } = line
    const key = `${depositId} ${account} ${billId}`
    const before = sums.get(key) ?? { ...nothing, depositId, account, billId }
    sums.set(key, {
      ...before,
      fee: before.fee + sign * line.fee,
      lateCharge: before.lateCharge + sign * line.lateCharge,
      principal: before.principal + sign * line.principal,
      amount: before.amount + sign * line.amount,
    })
  }
  for (const line of wanted) add(line, 1)
  for (const line of written) add(line, -1)
  return [...sums.values()].filter(
    ({ fee, lateCharge, principal, amount }) => fee !== 0 || lateCharge !== 0 || principal !== 0 || amount !== 0,
  )
}

const refundedOf = (sums: readonly LedgerSum[], depositId: string): number =>
  sums.find((sum) => sum.account === 'refund' && sum.depositId === depositId)?.amount ?? 0

const amountOf = ({ fee, lateCharge, principal }: Pick<LedgerSum, 'fee' | 'lateCharge' | 'principal'>): number =>
  fee + lateCharge + principal

const nothing = { billId: null, fee: 0, lateCharge: 0, principal: 0, amount: 0 }
