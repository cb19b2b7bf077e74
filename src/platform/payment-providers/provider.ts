/**
 * A company that takes cards, wallets or cash for us on pages of its own: no card number ever reaches this program.
 * Every answer is an outcome; a provider that cannot be reached or that refuses is one as well.
 */
export type PaymentProvider = {
  /** As `card_payments.provider` names it. */
  readonly name: string
  /** Where its pages are: browsers may be sent there and nowhere else. */
  readonly pageOrigin: string
  /** Opens a payment page. Asked again with the same `id`, it is the same page. */
  create(payment: NewPayment): Promise<Created>
  /** What has become of a payment, asked when its customer comes back. */
  find(providerId: string): Promise<Found>
  /** Closes a page on which nothing was paid, so that an old amount cannot be paid beside a new one. */
  close(providerId: string): Promise<'closed' | 'not-open' | ProviderTrouble>
  /** Gives money back. Asked again with the same `id`, it is the same refund. */
  refund(refund: NewRefund): Promise<'refunded' | ProviderTrouble>
  /** Reads what the provider calls us with. Only what carries its signature over these very bytes, made lately, is told. */
  read(called: ProviderCall, now: Date): ReadCall
}

export type ProviderMethod = 'card' | 'konbini'

export type NewPayment = {
  /** Our own id of the payment: it comes back with everything the provider tells of it. */
  readonly id: string
  readonly amount: number
  /** What the page says that it is for; never a name. */
  readonly title: string
  readonly methods: readonly ProviderMethod[]
  /** How many days a convenience-store slip of the provider's can be paid, today not counted. */
  readonly payableDays: number
  readonly returnUrl: string
  readonly cancelUrl: string
}

export type NewRefund = {
  readonly id: string
  /** The provider's reference of the money, as `PaidEvent` told it. */
  readonly reference: string
  readonly amount: number
}

/** Nothing has happened that we know of; asking again with the same id is safe. */
export type ProviderTrouble = { readonly kind: 'trouble'; readonly because: 'unreachable' | 'refused' }

export type Created = { readonly kind: 'created'; readonly providerId: string; readonly url: string } | ProviderTrouble

export type Found =
  | { readonly kind: 'open'; readonly url: string }
  /** The customer has done their part, and the money is not there yet: a slip that is out. */
  | { readonly kind: 'pending' }
  | { readonly kind: 'paid'; readonly paid: PaidEvent }
  | { readonly kind: 'closed' }
  | ProviderTrouble

export type PaidEvent = {
  readonly kind: 'paid'
  readonly paymentId: string
  readonly providerId: string
  /** Names the money itself, for a refund. */
  readonly reference: string
  readonly amount: number
  readonly at: Date
}

/** All that was given back of one payment so far. */
export type RefundedEvent = {
  readonly kind: 'refunded'
  readonly paymentId: string
  readonly reference: string
  readonly refunded: number
  readonly at: Date
}

/** It came to nothing: refused, or its time has passed. */
export type FailedEvent = { readonly kind: 'failed'; readonly paymentId: string; readonly providerId: string }

export type ProviderEvent = PaidEvent | RefundedEvent | FailedEvent

export type ProviderCall = {
  readonly method: string
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** As received, before anything parsed it: signatures are over bytes. */
  readonly rawBody: Buffer
}

export type ReadCall =
  | { readonly kind: 'event'; readonly event: ProviderEvent }
  /** Signed, and nothing that concerns us. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'refused'; readonly because: 'method' | 'too-long' | 'signature' | 'unreadable' }

/** The provider's largest event has a tenth of it; whoever listens should read no more than this either. */
export const providerCallBytesMax = 262_144
