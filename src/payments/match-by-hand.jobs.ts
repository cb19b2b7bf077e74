import { type Actor, writeAudit } from '#audit'
import { listOpenBills } from '#bills'
import { type Customer, findCustomerByNumber } from '#customers'
import { inTransaction, type Transaction } from '#platform/database/database'
import { contractTarget } from './contract-target.rules.ts'
import { type Deposit, isRefunded, lockDeposit, markMatched, markTakenApart } from './deposit.store.ts'
import { type Rebalanced, rebalance } from './rebalance.ts'
import type { PaymentsWorld } from './world.ts'

export type MatchingByHand = {
  readonly depositId: string
  readonly customerNumber: string
  /** It was meant for the bill of this contract. */
  readonly contractNumber?: string | undefined
  readonly by: Actor
  readonly now: Date
}

export type MatchByHandOutcome =
  | { readonly kind: 'matched'; readonly bills: Rebalanced }
  | {
      readonly kind: 'refused'
      readonly because:
        | 'no-such-deposit'
        | 'ended'
        | 'matched-already'
        | 'no-such-customer'
        | 'no-open-bill'
        | 'several-bills'
    }

type World = Pick<PaymentsWorld, 'db' | 'creditor'>

/** Gives money that waits to the customer whose it is. */
export const matchByHand = ({ db, creditor }: World, matching: MatchingByHand): Promise<MatchByHandOutcome> =>
  inTransaction(db, async (tx) => {
    const { depositId, customerNumber, contractNumber, by, now } = matching
    const deposit = await lockDeposit(tx, depositId)
    if (deposit === undefined) return refused('no-such-deposit')
    if (deposit.endedAt !== null) return refused('ended')
    if (deposit.customerId !== null) return refused('matched-already')
    const customer = await findCustomerByNumber(tx, customerNumber)
    if (customer === undefined) return refused('no-such-customer')
    const target = await findTarget(tx, creditor, deposit, customer, contractNumber)
    if (target?.kind === 'refused') return target
    await markMatched(tx, depositId, { customerId: customer.id, billId: target?.billId })
    const facts = { depositId, ...(target && { bill: target.billId }) }
    await writeAudit(tx, { at: now, actor: by, act: 'deposit.matched', customerId: customer.id, facts })
    return { kind: 'matched', bills: await rebalance(tx, creditor, [customer.id], now) }
  })

const findTarget = async (
  tx: Transaction,
  { products }: PaymentsWorld['creditor'],
  { amount, onDay }: Deposit,
  customer: Customer,
  contractNumber: string | undefined,
) => {
  if (contractNumber === undefined) return undefined
  return contractTarget(await listOpenBills(tx, [customer.id], products), { contractNumber, amount, onDay }, products)
}

export type TakingApart = { readonly depositId: string; readonly by: Actor; readonly now: Date }

export type TakeApartOutcome =
  | { readonly kind: 'taken-apart'; readonly bills: Rebalanced }
  | {
      readonly kind: 'refused'
      readonly because: 'no-such-deposit' | 'ended' | 'not-matched' | 'told-by-channel' | 'refunded'
    }

/** Takes money from a customer whose it is not: what it paid is owed again. */
export const takeApart = ({ db, creditor }: World, taking: TakingApart): Promise<TakeApartOutcome> =>
  inTransaction(db, async (tx) => {
    const { depositId, by, now } = taking
    const deposit = await lockDeposit(tx, depositId)
    if (deposit === undefined) return refused('no-such-deposit')
    if (deposit.endedAt !== null) return refused('ended')
    if (deposit.customerId === null) return refused('not-matched')
    if (deposit.channel === 'debit' || deposit.channel === 'card') return refused('told-by-channel')
    if (await isRefunded(tx, depositId)) return refused('refunded')
    const { customerId, how } = deposit
    await markTakenApart(tx, depositId)
    await writeAudit(tx, { at: now, actor: by, act: 'deposit.taken-apart', customerId, facts: { depositId, how } })
    return { kind: 'taken-apart', bills: await rebalance(tx, creditor, [customerId], now) }
  })

const refused = <B extends string>(because: B): { readonly kind: 'refused'; readonly because: B } => ({
  kind: 'refused',
  because,
})
