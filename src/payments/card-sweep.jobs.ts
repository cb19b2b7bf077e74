import type { PaymentProvider } from '#platform/payment-providers/provider'
import { listUnanswered } from './card.store.ts'
import { lookUp } from './card-begin.jobs.ts'
import type { PaymentsWorld } from './world.ts'

/** A page is open for a day, and a slip out for three more. */
const oldestMs = 5 * 86_400_000
/** Younger ones are on their way: the provider calls, or the customer comes back. */
const youngestMs = 10 * 60_000
const paymentsPerPage = 100

/**
 * Asks the provider about payments of which it has told nothing: a call may be lost, and its customer may never come
 * back to the page.
 * @returns how many turned out to be paid.
 */
export const catchUpCardPayments = async (
  w: Pick<PaymentsWorld, 'db' | 'creditor' | 'holidays'>,
  provider: PaymentProvider,
  now: Date,
): Promise<number> => {
  const [from, to] = [new Date(now.getTime() - oldestMs), new Date(now.getTime() - youngestMs)]
  let paid = 0
  for (let after: string | undefined; ; ) {
    const page = await listUnanswered(w.db, provider.name, { from, to, after, limit: paymentsPerPage })
    for (const payment of page) if ((await lookUp(w, provider, payment, now)).standing === 'paid') paid += 1
    after = page.at(-1)?.id
    if (after === undefined || page.length < paymentsPerPage) return paid
  }
}
