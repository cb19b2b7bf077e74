import Stripe from 'stripe'
import type {
  Created,
  Found,
  NewPayment,
  NewRefund,
  PaidEvent,
  PaymentProvider,
  ProviderCall,
  ProviderEvent,
  ProviderMethod,
  ProviderTrouble,
  ReadCall,
} from './provider.ts'
import { providerCallBytesMax } from './provider.ts'

export type StripeOptions = {
  readonly secretKey: string
  /** Of the endpoint that calls us, `whsec_…`. */
  readonly webhookSecret: string
  /** Another address than Stripe's own: a test's. Its pages are there too. */
  readonly api?: string
  /** Told what Stripe refuses: its words for the kind of it, never what was sent. */
  onTrouble?(trouble: StripeTrouble): void
}

export type StripeTrouble = { readonly type: string; readonly code?: string; readonly requestId?: string }

/** A customer waits for the page: one more try, and then they hear that it cannot be had now. */
const timeoutMs = 6_000
const retriesMax = 1

/** As Stripe recommends: what was signed longer ago is somebody's copy. */
const toleranceSeconds = 300

/** docs.stripe.com/currencies#minimum-and-maximum-charge-amounts, docs.stripe.com/payments/konbini. */
const limitsYen = { card: { min: 50, max: 99_999_999 }, konbini: { min: 120, max: 300_000 } } as const

/** Carried by the payment and so by its charge, which is all that a refund tells of. */
const ourKey = 'annai_payment'

/** Stripe Checkout: cards, and convenience stores as `konbini`. */
export const openStripe = (options: StripeOptions): PaymentProvider => {
  const api = options.api === undefined ? undefined : new URL(options.api)
  const stripe = new Stripe(options.secretKey, {
    maxNetworkRetries: retriesMax,
    timeout: timeoutMs,
    telemetry: false,
    ...(api && { host: api.hostname, port: api.port, protocol: api.protocol === 'http:' ? 'http' : 'https' }),
  })
  const pageOrigin = api?.origin ?? 'https://checkout.stripe.com'
  const troubleOf = (error: unknown): ProviderTrouble => {
    if (!(error instanceof Stripe.errors.StripeError)) throw error
    const { type, code, requestId } = error
    options.onTrouble?.({ type, ...(code && { code }), ...(requestId && { requestId }) })
    return { kind: 'trouble', because: isPassing(error) ? 'unreachable' : 'refused' }
  }
  return {
    name: 'stripe',
    pageOrigin,
    async create(payment): Promise<Created> {
      const methods = methodsFor(payment)
      if (methods.length === 0) return { kind: 'trouble', because: 'refused' }
      try {
        const { id, url } = await stripe.checkout.sessions.create(sessionOf(payment, methods), {
          idempotencyKey: `session ${payment.id}`,
        })
        if (url === null || new URL(url).origin !== pageOrigin) return { kind: 'trouble', because: 'refused' }
        return { kind: 'created', providerId: id, url }
      } catch (error) {
        return troubleOf(error)
      }
    },
    async find(providerId): Promise<Found> {
      try {
        return foundOf(
          await stripe.checkout.sessions.retrieve(providerId, { expand: ['payment_intent.latest_charge'] }),
        )
      } catch (error) {
        return isMissing(error) ? { kind: 'closed' } : troubleOf(error)
      }
    },
    async close(providerId) {
      try {
        await stripe.checkout.sessions.expire(providerId)
        return 'closed'
      } catch (error) {
        // Stripe refuses to expire what is not open: paid, pending or expired before.
        return error instanceof Stripe.errors.StripeInvalidRequestError ? 'not-open' : troubleOf(error)
      }
    },
    async refund({ id, reference, amount }: NewRefund) {
      try {
        await stripe.refunds.create({ payment_intent: reference, amount }, { idempotencyKey: `refund ${id}` })
        return 'refunded'
      } catch (error) {
        return troubleOf(error)
      }
    },
    read: (called, now) => readCall(stripe, options.webhookSecret, called, now),
  }
}

const methodsFor = ({ methods, amount }: NewPayment): readonly ProviderMethod[] =>
  methods.filter((method) => limitsYen[method].min <= amount && amount <= limitsYen[method].max)

/** Yen have no smaller unit: the amount is sent as it is. */
const sessionOf = (
  { id, amount, title, payableDays, returnUrl, cancelUrl }: NewPayment,
  methods: readonly ProviderMethod[],
): Stripe.Checkout.SessionCreateParams => ({
  mode: 'payment',
  locale: 'ja',
  submit_type: 'pay',
  client_reference_id: id,
  line_items: [{ quantity: 1, price_data: { currency: 'jpy', unit_amount: amount, product_data: { name: title } } }],
  // A filter on what the account has switched on; with adaptive pricing the amount could come in another currency.
  allowed_payment_method_types: [...methods],
  adaptive_pricing: { enabled: false },
  ...(methods.includes('konbini') && { payment_method_options: { konbini: { expires_after_days: payableDays } } }),
  payment_intent_data: { metadata: { [ourKey]: id } },
  success_url: returnUrl,
  cancel_url: cancelUrl,
})

const foundOf = (session: Stripe.Checkout.Session): Found => {
  const { status, url, payment_status: paymentStatus, payment_intent: intent } = session
  if (status === 'open' && url !== null) return { kind: 'open', url }
  if (status !== 'complete' || intent === null || typeof intent === 'string') return { kind: 'closed' }
  if (paymentStatus !== 'paid')
    return { kind: ['processing', 'requires_action'].includes(intent.status) ? 'pending' : 'closed' }
  const charge = intent.latest_charge
  const paid = paidOf(session, typeof charge === 'object' && charge !== null ? charge.created : session.created)
  return paid === undefined ? { kind: 'closed' } : { kind: 'paid', paid }
}

const readCall = (stripe: Stripe, secret: string, { method, headers, rawBody }: ProviderCall, now: Date): ReadCall => {
  if (method !== 'POST') return { kind: 'refused', because: 'method' }
  if (rawBody.length > providerCallBytesMax) return { kind: 'refused', because: 'too-long' }
  const signature = headers['stripe-signature']
  if (typeof signature !== 'string') return { kind: 'refused', because: 'signature' }
  let event: Stripe.Event
  try {
    event = stripe.webhooks.constructEvent(rawBody, signature, secret, toleranceSeconds, undefined, now.getTime())
  } catch (error) {
    return { kind: 'refused', because: error instanceof SyntaxError ? 'unreadable' : 'signature' }
  }
  return told(event)
}

const told = (event: Stripe.Event): ReadCall => {
  const of = (read: ProviderEvent | undefined): ReadCall =>
    read === undefined ? { kind: 'refused', because: 'unreadable' } : { kind: 'event', event: read }
  switch (event.type) {
    case 'checkout.session.completed':
    case 'checkout.session.async_payment_succeeded': {
      const session = event.data.object
      // Of other shops of the same account we know nothing; of a slip that is out there is no money yet.
      if (!isOurs(session.client_reference_id) || session.payment_status !== 'paid') return { kind: 'nothing' }
      return of(paidOf(session, event.created))
    }
    case 'checkout.session.async_payment_failed':
    case 'checkout.session.expired': {
      const { id, client_reference_id: paymentId } = event.data.object
      return isOurs(paymentId) ? of({ kind: 'failed', paymentId, providerId: id }) : { kind: 'nothing' }
    }
    case 'charge.refunded': {
      const { metadata, payment_intent: intent, amount_refunded: refunded, currency } = event.data.object
      const paymentId = metadata[ourKey]
      if (!isOurs(paymentId)) return { kind: 'nothing' }
      const reference = idOf(intent)
      if (reference === undefined || currency !== 'jpy' || !isYen(refunded)) return of(undefined)
      return of({ kind: 'refunded', paymentId, reference, refunded, at: new Date(event.created * 1_000) })
    }
    default:
      return { kind: 'nothing' }
  }
}

const paidOf = (session: Stripe.Checkout.Session, seconds: number): PaidEvent | undefined => {
  const { id, client_reference_id: paymentId, amount_total: amount, currency, payment_intent: intent } = session
  const reference = idOf(intent)
  if (!isOurs(paymentId) || reference === undefined || currency !== 'jpy' || !isYen(amount)) return undefined
  return { kind: 'paid', paymentId, providerId: id, reference, amount, at: new Date(seconds * 1_000) }
}

const isOurs = (paymentId: string | null | undefined): paymentId is string =>
  typeof paymentId === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(paymentId)

const isYen = (amount: number | null): amount is number => Number.isSafeInteger(amount) && Number(amount) > 0

const idOf = (named: string | { readonly id: string } | null): string | undefined =>
  typeof named === 'string' ? named : named?.id

/** Asking again later may help. */
const isPassing = (error: InstanceType<typeof Stripe.errors.StripeError>): boolean =>
  error instanceof Stripe.errors.StripeConnectionError ||
  error instanceof Stripe.errors.StripeRateLimitError ||
  (error instanceof Stripe.errors.StripeAPIError && (error.statusCode ?? 500) >= 500)

const isMissing = (error: unknown): boolean =>
  error instanceof Stripe.errors.StripeError && error.code === 'resource_missing'
