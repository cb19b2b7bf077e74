import type { Actor } from '#audit'
import { inTransaction } from '#platform/database/database'
import type { PaymentProvider } from '#platform/payment-providers/provider'
import { findCardMoney } from './card.store.ts'
import { lockLedgers } from './ledger-lock.store.ts'
import { lockSurplusOf } from './surplus.store.ts'
import { type RefundOutcome, refundSurplus } from './surplus.ts'
import type { PaymentsWorld } from './world.ts'

export type ProviderRefundOutcome =
  | RefundOutcome
  | { readonly kind: 'refused'; readonly because: 'provider-unreachable' | 'provider-refused' }
  /** It did not come by this provider: giving it back is up to people. */
  | { readonly kind: 'not-by-provider' }

/**
 * Gives what is left over of a payment back at the provider that took it, and writes that down. The ledger is held still
 * meanwhile, so that no late bill takes up what is on its way out; should we die in between, the provider's own call
 * tells of the refund, and asking again is the same refund.
 */
export const refundAtProvider = (
  w: Pick<PaymentsWorld, 'db'>,
  provider: PaymentProvider,
  { depositId, by, now }: { readonly depositId: string; readonly by: Actor; readonly now: Date },
): Promise<ProviderRefundOutcome> =>
  inTransaction(w.db, async (tx) => {
    const money = await findCardMoney(tx, depositId, provider.name)
    if (money === undefined) return { kind: 'not-by-provider' }
    await lockSurplusOf(tx, depositId)
    await lockLedgers(tx, [money.customerId])
    const amount = (await lockSurplusOf(tx, depositId))?.surplus ?? 0
    if (amount <= 0) return { kind: 'refused', because: 'no-surplus' }
    const { reference, refunded } = (await findCardMoney(tx, depositId, provider.name)) ?? money
    const id = `${depositId} after ${refunded}`
    const given = await provider.refund({ id, reference, amount })
    if (given !== 'refunded') return { kind: 'refused', because: `provider-${given.because}` }
    return refundSurplus(tx, depositId, by, now)
  })
