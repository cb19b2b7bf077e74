import type { Creditor, Policies } from '#creditor'
import type { Day } from '#values/day'
import { sumYen, type Yen, yen } from '#values/yen'
import { type Amount, amountOn, type Credit, type Owed } from './amount.rules.ts'

export type LedgerBill = Omit<Owed, 'credits'> & {
  readonly billId: string
  /** Settled by something that was never money here: it takes none, and keeps what it is. */
  readonly isClosed?: boolean
}

/** Money of a customer that is in force. */
export type LedgerDeposit = {
  readonly depositId: string
  /** What makes it this money wherever it is told again: two deposits of a day are taken in the order of their keys. */
  readonly key: string
  readonly onDay: Day
  /** Without what was given back. */
  readonly amount: Yen
  /** The last day whose late charge it was asked for; null asks for none, as a debit does. */
  readonly chargeDay: Day | null
  /** It pays these bills and nothing else; null: whatever is due, the oldest first. */
  readonly billIds: readonly string[] | null
}

export type LedgerTerms = {
  readonly products: Creditor['products']
  readonly policies: Pick<Policies, 'payments'>
}

export type Ledger = {
  readonly lines: readonly LedgerLine[]
  readonly surpluses: readonly Surplus[]
  readonly settled: readonly Settlement[]
}

/** What a deposit pays of a bill. */
export type LedgerLine = Omit<Credit, 'onDay' | 'chargeDay'> & { readonly depositId: string; readonly billId: string }

export type SurplusReason = 'paid-twice' | 'too-much' | 'nothing-owed'

export type Surplus = { readonly depositId: string; readonly amount: Yen; readonly because: SurplusReason }

/** The last money that a bill needed. */
export type Settlement = { readonly billId: string; readonly depositId: string; readonly onDay: Day }

/**
 * The ledger of one customer: where every yen of their deposits goes. It follows from the bills and the deposits alone
 * and not from the order in which we heard of them, so a late bill takes up money that came before it, and a deposit
 * that is taken back is one that never was.
 *
 * Deposits are taken by their day, those with a target first, then by key. Money without a target pays bills that are
 * due by its day, the oldest first. A bill is settled when nothing of it is left, or no more than the policy waives;
 * it takes no money after that.
 */
export const allocate = (
  bills: readonly LedgerBill[],
  deposits: readonly LedgerDeposit[],
  terms: LedgerTerms,
): Ledger => {
  const accounts = bills.toSorted(oldestFirst).map(openAccount)
  const surpluses = deposits.toSorted(inOrder).flatMap((deposit) => {
    const left = place(deposit, accounts, terms)
    return left === 0
      ? []
      : [{ depositId: deposit.depositId, amount: yen(left), because: reason(deposit, left, accounts, terms) }]
  })
  return {
    lines: accounts.flatMap(({ bill: { billId }, credits }) =>
      credits.map(({ depositId, fee, lateCharge, principal }) => ({ depositId, billId, fee, lateCharge, principal })),
    ),
    surpluses,
    settled: accounts.flatMap(({ bill: { billId }, settledBy }) => (settledBy ? [{ billId, ...settledBy }] : [])),
  }
}

type Account = {
  readonly bill: LedgerBill
  readonly credits: (Credit & { readonly depositId: string })[]
  settledBy: Omit<Settlement, 'billId'> | undefined
}

const openAccount = (bill: LedgerBill): Account => ({ bill, credits: [], settledBy: undefined })

const oldestFirst = (one: LedgerBill, other: LedgerBill) =>
  compare(one.dueDay, other.dueDay) || compare(one.billId, other.billId)

const inOrder = (one: LedgerDeposit, other: LedgerDeposit) =>
  compare(one.onDay, other.onDay) ||
  Number(one.billIds === null) - Number(other.billIds === null) ||
  compare(one.key, other.key)

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/** Puts the money on the bills that it may pay, and answers with what is left of it. */
const place = (deposit: LedgerDeposit, accounts: readonly Account[], { products, policies }: LedgerTerms): number => {
  const { depositId, onDay } = deposit
  let left: number = deposit.amount
  for (const account of accounts) {
    const { bill, credits } = account
    if (left === 0 || bill.isClosed || account.settledBy !== undefined || !mayPay(deposit, bill)) continue
    const chargeDay = deposit.chargeDay ?? bill.dueDay
    const owed = amountOn({ ...bill, credits }, products, chargeDay)
    const share = shareOf(owed, left, policies.payments.allocation)
    if (share.total > 0) credits.push({ depositId, onDay, chargeDay, ...share.credit })
    left -= share.total
    if (owed.total - share.total <= policies.payments.waiveUpToYen) account.settledBy = { depositId, onDay }
  }
  return left
}

const mayPay = ({ billIds, onDay }: LedgerDeposit, { billId, dueDay }: LedgerBill): boolean =>
  billIds === null ? dueDay <= onDay : billIds.includes(billId)

const shareOf = (owed: Amount, money: number, order: Policies['payments']['allocation']) => {
  let left = money
  const take = (part: Yen): Yen => {
    const taken = Math.min(left, part)
    left -= taken
    return yen(taken)
  }
  const credit = { fee: yen(0), lateCharge: yen(0), principal: yen(0) }
  for (const part of order) {
    if (part === 'late-charge') credit.lateCharge = take(owed.lateCharge)
    else credit[part] = take(owed[part])
  }
  return { credit, total: yen(money - left) }
}

/** Why money is left: it was partly used, it is what another payment had paid already, or nothing was owed. */
const reason = (
  deposit: LedgerDeposit,
  left: number,
  accounts: readonly Account[],
  { products }: LedgerTerms,
): SurplusReason => {
  if (left < deposit.amount) return 'too-much'
  const settled = accounts.filter(
    ({ bill, settledBy }) => mayPay(deposit, bill) && (bill.isClosed || settledBy !== undefined),
  )
  if (deposit.billIds !== null) return settled.length > 0 ? 'paid-twice' : 'nothing-owed'
  const asked = settled.map((account) => comesTo(account, products, deposit.onDay))
  const isAskedFor = (['debited', 'paid', 'owed'] as const).some(
    (sum) => asked.some((of) => of[sum] === left) || asked.reduce((total, of) => total + of[sum], 0) === left,
  )
  return isAskedFor ? 'paid-twice' : 'nothing-owed'
}

/** What somebody would pay who pays this bill, alone or with the others: as it was debited, as it was paid, or as it would be owed. */
const comesTo = ({ bill, credits }: Account, products: LedgerTerms['products'], day: Day) => ({
  debited: bill.principal + bill.fee,
  paid: sumYen(credits.flatMap(({ fee, lateCharge, principal }) => [fee, lateCharge, principal])),
  owed: amountOn({ ...bill, credits: [] }, products, day).total,
})
