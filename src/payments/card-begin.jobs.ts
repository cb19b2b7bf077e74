import { writeAudit } from '#audit'
import { listOpenBills } from '#bills'
import { inTransaction } from '#platform/database/database'
import { newId } from '#platform/ids'
import type { PaymentProvider } from '#platform/payment-providers/provider'
import { dayInJst } from '#values/day'
import { type CardOffer, cardOffer, isSameOrder } from './card.rules.ts'
import { type CardPayment, insertCardPayment, listCardPayments, setProviderId } from './card.store.ts'
import { takeMoney } from './card-money.jobs.ts'
import { lockLedgers } from './ledger-lock.store.ts'
import { listRedebitFacts } from './redebit.store.ts'
import type { PaymentsWorld } from './world.ts'

type CardWorld = Pick<PaymentsWorld, 'db' | 'creditor' | 'holidays'>

export type BeginningCardPayment = {
  readonly customerId: string
  /** Of the site, 'https://pay.example': where the provider sends the customer back to. */
  readonly returnUrl: string
  readonly cancelUrl: string
  readonly now: Date
}

export type BeginCardOutcome =
  /** Send the browser there: 303, allowed by the page's form-action. */
  | { readonly kind: 'begun'; readonly url: string }
  /** A payment begun before has been made meanwhile. */
  | { readonly kind: 'paid' }
  /** A slip of the provider's is out and may be paid any moment. */
  | { readonly kind: 'pending' }
  | { readonly kind: 'unavailable' }
  | Extract<CardOffer, { readonly kind: 'refused' }>

/**
 * Begins a payment of everything this customer owes today. A page that is open for the same is used again, and one for
 * anything else is closed first: the fewer are open, the fewer are paid twice. The payment is written down before the
 * provider hears of it, so that nothing it tells us later is unknown.
 */
export const beginCardPayment = async (
  w: CardWorld,
  provider: PaymentProvider,
  beginning: BeginningCardPayment,
): Promise<BeginCardOutcome> => {
  const { customerId, now } = beginning
  const offer = await offerCard(w, customerId, now)
  if (offer.kind === 'refused') return offer
  const before = await settleBefore(w, provider, customerId, offer.order, now)
  if (before !== undefined) return before
  const payment = { customerId, id: newId(now), provider: provider.name, ...offer.order }
  const isBegun = await inTransaction(w.db, async (tx) => {
    await lockLedgers(tx, [customerId])
    const bills = await listOpenBills(tx, [customerId], w.creditor.products)
    if (offer.order.bills.some(({ billId }) => !bills.some((bill) => bill.billId === billId))) return false
    await insertCardPayment(tx, payment, now)
    const facts = { cardPayment: payment.id, provider: provider.name, amount: payment.amount }
    await writeAudit(tx, { at: now, actor: 'customer', act: 'card.begun', customerId, facts })
    return true
  })
  if (!isBegun) return { kind: 'unavailable' }
  const { methods, payableDays } = offer
  const { returnUrl, cancelUrl } = beginning
  const title = w.creditor.brand.serviceName
  const created = await provider.create({ ...payment, title, methods, payableDays, returnUrl, cancelUrl })
  if (created.kind === 'trouble') return { kind: 'unavailable' }
  await setProviderId(w.db, payment, created.providerId)
  return { kind: 'begun', url: created.url }
}

/** What a card would be asked for now: for the page with the button. */
export const offerCard = async (
  { db, creditor, holidays }: CardWorld,
  customerId: string,
  now: Date,
): Promise<CardOffer> => {
  const bills = await listOpenBills(db, [customerId], creditor.products)
  const redebits = await listRedebitFacts(db, [customerId], creditor)
  return cardOffer(bills, redebits, creditor, holidays, dayInJst(now))
}

export type CardReturn = 'paid' | 'pending' | 'not-paid'

/**
 * What has become of this customer's latest payment, for the page on which the provider sets them down. The provider is
 * asked when it has not called yet, so that a call which is lost costs nobody a second payment.
 */
export const getCardReturn = async (
  w: CardWorld,
  provider: PaymentProvider,
  { customerId, now }: { readonly customerId: string; readonly now: Date },
): Promise<CardReturn> => {
  const [latest] = await listCardPayments(w.db, customerId, provider.name)
  if (latest === undefined) return 'not-paid'
  const { standing } = await lookUp(w, provider, latest, now)
  return standing === 'unknown' ? 'pending' : standing
}

const settleBefore = async (
  w: CardWorld,
  provider: PaymentProvider,
  customerId: string,
  order: Parameters<typeof isSameOrder>[1],
  now: Date,
): Promise<Extract<BeginCardOutcome, { kind: 'begun' | 'paid' | 'pending' | 'unavailable' }> | undefined> => {
  for (const before of await listCardPayments(w.db, customerId, provider.name)) {
    if (before.isPaid || before.providerId === null) continue
    const { standing, url } = await lookUp(w, provider, before, now)
    if (standing === 'paid' || standing === 'pending') return { kind: standing }
    if (standing === 'unknown') return { kind: 'unavailable' }
    if (url === undefined) continue
    if (isSameOrder(before, order)) return { kind: 'begun', url }
    // It may have been paid in this very moment: then nothing new is begun, and its money is on its way here.
    const closed = await provider.close(before.providerId)
    if (closed !== 'closed') return closed === 'not-open' ? { kind: 'pending' } : { kind: 'unavailable' }
  }
  return undefined
}

/** Asks the provider what has become of a payment, and takes the money that it tells of. */
export const lookUp = async (
  w: CardWorld,
  provider: PaymentProvider,
  payment: CardPayment,
  now: Date,
): Promise<{ readonly standing: CardReturn | 'unknown'; readonly url?: string }> => {
  if (payment.isPaid) return { standing: 'paid' }
  if (payment.providerId === null) return { standing: 'not-paid' }
  const found = await provider.find(payment.providerId)
  switch (found.kind) {
    case 'paid':
      await takeMoney(w, payment, found.paid, now)
      return { standing: 'paid' }
    case 'open':
      return { standing: 'not-paid', url: found.url }
    case 'closed':
      return { standing: 'not-paid' }
    case 'pending':
      return { standing: 'pending' }
    case 'trouble':
      return { standing: 'unknown' }
  }
}
