import { receiveCardEvent } from '#payments'
import { machineClock } from '#platform/clock/clock'
import { Fault } from '#platform/fault'
import type { Route } from '#platform/http/http'
import type { Log } from '#platform/log'
import { type PaymentProvider, providerCallBytesMax } from '#platform/payment-providers/provider'
import { openStripe } from '#platform/payment-providers/stripe'
import type { World } from './world.ts'

/** Who takes cards for this creditor. Fault `setting-invalid` when the file says that somebody does and no account is set. */
export const findCardProvider = ({ creditor, settings }: World, log: Log): PaymentProvider | undefined => {
  if (creditor.card === undefined) return undefined
  if (settings.stripe === undefined)
    throw new Fault(
      'setting-invalid',
      'The creditor’s file has card: set ANNAI_STRIPE_SECRET_KEY and ANNAI_STRIPE_WEBHOOK_SECRET',
    )
  const onTrouble = (trouble: object) => log.warn(trouble, 'the payment provider could not do it')
  return openStripe({ ...settings.stripe, onTrouble })
}

/** Where the provider calls us. */
export const cardRoutes = (world: World, provider: PaymentProvider | undefined): readonly Route[] =>
  provider === undefined
    ? []
    : [
        {
          kind: 'callback',
          path: `/payments/${provider.name}`,
          who: 'payment-provider',
          method: 'POST',
          bodyMax: providerCallBytesMax,
          answer: (called) => receiveCardEvent(world, provider, called, world.clock.now(), machineClock.now()),
        },
      ]
