import type { Found, NewPayment, PaymentProvider } from '#platform/payment-providers/provider'

/** A provider whose pages nobody opens: what it was asked for, and what a test has it say. */
export type PaperProvider = PaymentProvider & {
  readonly created: NewPayment[]
  isDown: boolean
  found: Found
}

export function paperProvider(pageOrigin = 'https://pay.provider.example'): PaperProvider {
  const created: NewPayment[] = []
  const open = (): Found => ({ kind: 'open', url: `${pageOrigin}/page` })
  const trouble = { kind: 'trouble', because: 'unreachable' } as const
  const provider: PaperProvider = {
    name: 'paper',
    pageOrigin,
    created,
    isDown: false,
    found: open(),
    async create(payment) {
      if (provider.isDown) return trouble
      created.push(payment)
      return { kind: 'created', providerId: `paper-${payment.id}`, url: `${pageOrigin}/page` }
    },
    find: async () => provider.found,
    close: async () => 'closed',
    refund: async () => 'refunded',
    read: () => ({ kind: 'nothing' }),
  }
  return provider
}
