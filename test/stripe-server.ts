import { createHmac, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * Stripe as its documentation says (docs.stripe.com/api, API version 2026-10-28.endive): Checkout Sessions, refunds,
 * idempotent requests, error bodies and signed webhooks. What a customer does on its pages, a test does by hand.
 */
export type StripeServer = {
  readonly url: string
  readonly secretKey: string
  readonly webhookSecret: string
  /** Everything it was asked, oldest first. */
  readonly requests: readonly StripeRequest[]
  session(id: string): StripeSession
  /** The customer pays with a card. */
  payByCard(id: string): StripeEvent
  /** The customer takes a number to a convenience store: nothing is paid yet. */
  takeSlip(id: string): StripeEvent
  /** They pay it there. */
  payAtStore(id: string): StripeEvent
  /** They never do. */
  letSlipLapse(id: string): StripeEvent
  letExpire(id: string): StripeEvent
  /** Somebody gives money back in the dashboard. */
  refund(id: string, amount: number): StripeEvent
  /** From now on every request is answered so; undefined: as it should be. */
  fail(how: 'server-error' | 'rate-limit' | 'cut' | undefined): void
  close(): Promise<void>
}

export type StripeRequest = {
  readonly method: string
  readonly path: string
  readonly form: Readonly<Record<string, string>>
  readonly idempotencyKey: string | undefined
  readonly version: string | undefined
}

export type StripeEvent = { readonly id: string; readonly type: string; readonly body: string }

export type StripeSession = {
  readonly id: string
  readonly amount: number
  readonly reference: string
  readonly url: string
  status: 'open' | 'complete' | 'expired'
  paymentStatus: 'unpaid' | 'paid'
  intentStatus: 'requires_payment_method' | 'requires_action' | 'succeeded' | 'canceled'
  readonly methods: readonly string[]
  readonly metadata: Readonly<Record<string, string>>
  readonly intent: string
  readonly created: number
  chargeCreated: number | undefined
  refunded: number
}

export const startStripeServer = async (now: () => Date = () => new Date()): Promise<StripeServer> => {
  const [secretKey, webhookSecret] = ['sk_test_annai', `whsec_${randomBytes(16).toString('hex')}`]
  const sessions = new Map<string, StripeSession>()
  const answered = new Map<string, { readonly asked: string; readonly answer: Answer }>()
  const requests: StripeRequest[] = []
  let failing: Parameters<StripeServer['fail']>[0]
  let counter = 0
  const seconds = () => Math.floor(now().getTime() / 1_000)
  const newId = (prefix: string) => `${prefix}_test_${String(++counter).padStart(6, '0')}`

  const get = (id: string): StripeSession => {
    const session = sessions.get(id)
    if (session === undefined) throw new Error(`no session ${id}`)
    return session
  }

  const server = createServer(async (request, response) => {
    const asked = await read(request)
    requests.push(asked)
    if (failing === 'cut') return void response.destroy()
    if (failing === 'server-error') return send(response, error(500, 'api_error', 'An error occurred.'))
    if (failing === 'rate-limit')
      return send(response, error(429, 'invalid_request_error', 'Too many requests', 'rate_limit'))
    if (request.headers.authorization !== `Bearer ${secretKey}`)
      return send(response, error(401, 'invalid_request_error', 'Invalid API Key provided'))
    const key = asked.method === 'POST' ? asked.idempotencyKey : undefined
    const before = key === undefined ? undefined : answered.get(key)
    const text = JSON.stringify([asked.path, asked.form])
    if (before !== undefined && before.asked !== text)
      return send(
        response,
        error(400, 'idempotency_error', 'Keys for idempotent requests can only be used with the same parameters.'),
      )
    if (before !== undefined) return send(response, before.answer, { 'idempotent-replayed': 'true' })
    const answer = answerTo(asked)
    // An answer that a check refused is not remembered: nothing had begun.
    if (key !== undefined && answer.status < 400) answered.set(key, { asked: text, answer })
    send(response, answer)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  const answerTo = ({ method, path, form }: StripeRequest): Answer => {
    const [, id, act] = /^\/v1\/checkout\/sessions(?:\/([^/?]+))?(?:\/(\w+))?(?:\?.*)?$/.exec(path) ?? []
    if (method === 'POST' && path === '/v1/checkout/sessions') return create(form)
    if (method === 'POST' && path === '/v1/refunds') return createRefund(form)
    const session = id === undefined ? undefined : sessions.get(id)
    if (session === undefined)
      return error(404, 'invalid_request_error', `No such checkout.session: '${id}'`, 'resource_missing')
    if (method === 'GET' && act === undefined) return ok(asSession(session, path.includes('latest_charge')))
    if (act !== 'expire') return error(404, 'invalid_request_error', 'Unrecognized request URL')
    if (session.status !== 'open')
      return error(400, 'invalid_request_error', 'Only Checkout Sessions with a status in ["open"] can be expired.')
    session.status = 'expired'
    return ok(asSession(session, false))
  }

  const create = (form: Readonly<Record<string, string>>): Answer => {
    const amount = Number(form['line_items[0][price_data][unit_amount]'])
    const methods = Object.keys(form)
      .filter((name) => name.startsWith('allowed_payment_method_types['))
      .map((name) => form[name] ?? '')
    if (form.mode !== 'payment' || form['line_items[0][price_data][currency]'] !== 'jpy')
      return error(400, 'invalid_request_error', 'Missing required param: mode.', 'parameter_missing')
    if (!Number.isInteger(amount) || amount < 50)
      return error(400, 'invalid_request_error', 'The amount is too small.', 'amount_too_small')
    const id = newId('cs')
    const session: StripeSession = {
      id,
      amount,
      methods,
      reference: form.client_reference_id ?? '',
      url: `${url}/c/pay/${id}`,
      status: 'open',
      paymentStatus: 'unpaid',
      intentStatus: 'requires_payment_method',
      metadata: { annai_payment: form['payment_intent_data[metadata][annai_payment]'] ?? '' },
      intent: newId('pi'),
      created: seconds(),
      chargeCreated: undefined,
      refunded: 0,
    }
    sessions.set(id, session)
    return ok(asSession(session, false))
  }

  const createRefund = (form: Readonly<Record<string, string>>): Answer => {
    const session = [...sessions.values()].find(({ intent }) => intent === form.payment_intent)
    const amount = Number(form.amount)
    if (session?.chargeCreated === undefined)
      return error(404, 'invalid_request_error', 'No such payment_intent', 'resource_missing')
    if (session.refunded + amount > session.amount)
      return error(400, 'invalid_request_error', 'Refund amount is greater than unrefunded amount on charge')
    session.refunded += amount
    return ok({ id: newId('re'), object: 'refund', amount, currency: 'jpy', status: 'succeeded' })
  }

  const asSession = (session: StripeSession, isExpanded: boolean) => ({
    id: session.id,
    object: 'checkout.session',
    allowed_payment_method_types: session.methods,
    amount_subtotal: session.amount,
    amount_total: session.amount,
    client_reference_id: session.reference,
    created: session.created,
    currency: 'jpy',
    expires_at: session.created + 86_400,
    livemode: false,
    locale: 'ja',
    metadata: {},
    mode: 'payment',
    payment_intent: session.status === 'open' ? null : isExpanded ? asIntent(session) : session.intent,
    payment_status: session.paymentStatus,
    status: session.status,
    url: session.status === 'open' ? session.url : null,
  })

  const asIntent = (session: StripeSession) => ({
    id: session.intent,
    object: 'payment_intent',
    amount: session.amount,
    currency: 'jpy',
    status: session.intentStatus,
    metadata: session.metadata,
    latest_charge: session.chargeCreated === undefined ? null : asCharge(session),
  })

  const asCharge = (session: StripeSession) => ({
    id: `ch_${session.id}`,
    object: 'charge',
    amount: session.amount,
    amount_refunded: session.refunded,
    refunded: session.refunded === session.amount,
    created: session.chargeCreated,
    currency: 'jpy',
    metadata: session.metadata,
    payment_intent: session.intent,
  })

  const event = (type: string, object: object): StripeEvent => {
    const id = newId('evt')
    const of = { id, object: 'event', api_version: '2026-10-28.endive', created: seconds(), livemode: false, type }
    return { id, type, body: JSON.stringify({ ...of, data: { object }, pending_webhooks: 1 }, null, 2) }
  }

  const change = (id: string, to: Partial<StripeSession>): StripeSession => Object.assign(get(id), to)

  return {
    url,
    secretKey,
    webhookSecret,
    requests,
    session: get,
    payByCard(id) {
      const done = { status: 'complete', paymentStatus: 'paid', intentStatus: 'succeeded' } as const
      const session = change(id, { ...done, chargeCreated: seconds() })
      return event('checkout.session.completed', asSession(session, false))
    },
    takeSlip(id) {
      const session = change(id, { status: 'complete', intentStatus: 'requires_action' })
      return event('checkout.session.completed', asSession(session, false))
    },
    payAtStore(id) {
      const session = change(id, { paymentStatus: 'paid', intentStatus: 'succeeded', chargeCreated: seconds() })
      return event('checkout.session.async_payment_succeeded', asSession(session, false))
    },
    letSlipLapse(id) {
      const session = change(id, { intentStatus: 'requires_payment_method' })
      return event('checkout.session.async_payment_failed', asSession(session, false))
    },
    letExpire(id) {
      return event('checkout.session.expired', asSession(change(id, { status: 'expired' }), false))
    },
    refund(id, amount) {
      const session = get(id)
      session.refunded += amount
      return event('charge.refunded', asCharge(session))
    },
    fail(how) {
      failing = how
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** As docs.stripe.com/webhooks/signature describes it. */
export const signed = (body: string, secret: string, at: Date): Readonly<Record<string, string>> => {
  const seconds = Math.floor(at.getTime() / 1_000)
  const signature = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')
  return { 'stripe-signature': `t=${seconds},v1=${signature}`, 'content-type': 'application/json; charset=utf-8' }
}

type Answer = { readonly status: number; readonly value: object }

const ok = (value: object): Answer => ({ status: 200, value })

const error = (status: number, type: string, message: string, code?: string): Answer => ({
  status,
  value: {
    error: { type, message, ...(code !== undefined && { code }), request_log_url: 'https://dashboard.stripe.com' },
  },
})

const send = (response: ServerResponse, { status, value }: Answer, more: Record<string, string> = {}): void => {
  response.writeHead(status, {
    'content-type': 'application/json',
    'request-id': `req_${randomBytes(6).toString('hex')}`,
    ...more,
  })
  response.end(JSON.stringify(value))
}

const read = async (request: IncomingMessage): Promise<StripeRequest> => {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece as Buffer)
  const header = (name: string) => {
    const value = request.headers[name]
    return typeof value === 'string' ? value : undefined
  }
  return {
    method: request.method ?? '',
    path: request.url ?? '',
    form: Object.fromEntries(new URLSearchParams(Buffer.concat(pieces).toString())),
    idempotencyKey: header('idempotency-key'),
    version: header('stripe-version'),
  }
}
