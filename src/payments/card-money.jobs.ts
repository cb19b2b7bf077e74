import { writeAudit } from '#audit'
import type { Creditor } from '#creditor'
import { inTransaction, type Transaction } from '#platform/database/database'
import { newId } from '#platform/ids'
import type { PaidEvent, PaymentProvider, ProviderCall, RefundedEvent } from '#platform/payment-providers/provider'
import { dayInJst } from '#values/day'
import { type CardPayment, endRefunded, findCardDeposit, findCardPayment, insertCardDeposit } from './card.store.ts'
import { insertLines } from './ledger.store.ts'
import { lockLedgers } from './ledger-lock.store.ts'
import { rebalance } from './rebalance.ts'
import { lockSurplusOf } from './surplus.store.ts'
import type { PaymentsWorld } from './world.ts'

type CardWorld = Pick<PaymentsWorld, 'db' | 'creditor'>

/** For the provider's eyes: nothing in it but a word. */
export type CallAnswer = { readonly status: number; readonly body: string }

/**
 * What a provider calls us with. It may call late, twice and out of order: money is written down once, and what was
 * given back is told by its sum. Anything but 2xx makes it call again.
 */
export const receiveCardEvent = async (
  w: CardWorld,
  provider: PaymentProvider,
  called: ProviderCall,
  now: Date,
  /** By the machine's clock: a signature is not older because a demo's clock was moved. */
  receivedAt: Date,
): Promise<CallAnswer> => {
  const read = provider.read(called, receivedAt)
  switch (read.kind) {
    case 'refused':
      return refusals[read.because]
    case 'nothing':
      return received
    case 'event':
      return (await takeEvent(w, provider, read.event, now)) === 'too-early' ? tooEarly : received
  }
}

const takeEvent = async (
  w: CardWorld,
  { name: provider }: PaymentProvider,
  event: Extract<ReturnType<PaymentProvider['read']>, { kind: 'event' }>['event'],
  now: Date,
): Promise<'taken' | 'not-ours' | 'too-early'> => {
  const payment = await findCardPayment(w.db, { id: event.paymentId, provider })
  if (payment === undefined) return 'not-ours'
  switch (event.kind) {
    case 'paid':
      await takeMoney(w, payment, event, now)
      return 'taken'
    case 'refunded':
      return takeRefund(w, payment, event, now)
    case 'failed':
      await writeAudit(w.db, { ...lineOf(payment, now), act: 'card.failed' })
      return 'taken'
  }
}

/** @returns whether it is new: the same money told again changes nothing. */
export const takeMoney = (w: CardWorld, payment: CardPayment, paid: PaidEvent, now: Date): Promise<boolean> =>
  inTransaction(w.db, async (tx) => {
    const { customerId } = payment
    const { amount, reference, providerId } = paid
    await lockLedgers(tx, [customerId])
    const deposit = { id: newId(now), payment, amount, onDay: dayInJst(paid.at), reference, providerId }
    if (!(await insertCardDeposit(tx, deposit, now))) return false
    const line = lineOf(payment, now)
    const facts = { ...line.facts, depositId: deposit.id, amount, onDay: deposit.onDay }
    await writeAudit(tx, { ...line, act: 'card.paid', facts })
    await rebalance(tx, w.creditor, [customerId], now)
    return true
  })

/** All of it given back takes the deposit away; a part of it pays bills no more. */
const takeRefund = (w: CardWorld, payment: CardPayment, { refunded }: RefundedEvent, now: Date) =>
  inTransaction(w.db, async (tx): Promise<'taken' | 'too-early'> => {
    const known = await findCardDeposit(tx, payment)
    if (known === undefined) return 'too-early'
    // The deposit before its ledger, in the order of everybody who gives money back.
    await lockSurplusOf(tx, known.depositId)
    await lockLedgers(tx, [payment.customerId])
    const deposit = (await findCardDeposit(tx, payment)) ?? known
    if (deposit.isEnded || refunded <= deposit.refunded) return 'taken'
    await refund(tx, w.creditor, payment, deposit, Math.min(refunded, deposit.amount), now)
    return 'taken'
  })

const refund = async (
  tx: Transaction,
  creditor: Creditor,
  payment: CardPayment,
  deposit: NonNullable<Awaited<ReturnType<typeof findCardDeposit>>>,
  refunded: number,
  now: Date,
): Promise<void> => {
  const { customerId } = payment
  const { depositId, amount } = deposit
  if (refunded === amount) await endRefunded(tx, depositId, now)
  else {
    const none = { billId: null, fee: 0, lateCharge: 0, principal: 0 }
    const more = refunded - deposit.refunded
    await insertLines(tx, [{ ...none, customerId, depositId, account: 'refund', amount: more }], now)
  }
  const line = lineOf(payment, now)
  await writeAudit(tx, { ...line, act: 'card.refunded', facts: { ...line.facts, depositId, refunded } })
  await rebalance(tx, creditor, [customerId], now)
}

const lineOf = ({ customerId, id, provider }: CardPayment, now: Date) => ({
  at: now,
  actor: 'system' as const,
  customerId,
  facts: { cardPayment: id, provider },
})

const received = { status: 200, body: 'received' }
/** A refund before its payment: the provider brings it again, after the payment. */
const tooEarly = { status: 503, body: 'come again' }
const refusals = {
  method: { status: 405, body: 'method refused' },
  'too-long': { status: 413, body: 'too long' },
  signature: { status: 403, body: 'signature refused' },
  unreadable: { status: 400, body: 'unreadable' },
} as const
