import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type StripeEvent, type StripeServer, signed, startStripeServer } from '../../../test/stripe-server.ts'
import { type NewPayment, type PaymentProvider, providerCallBytesMax } from './provider.ts'
import { openStripe, type StripeTrouble } from './stripe.ts'

const now = new Date('2026-11-24T01:00:00Z')
let stripe: StripeServer
let provider: PaymentProvider
let troubles: StripeTrouble[]
beforeEach(async () => {
  stripe = await startStripeServer(() => now)
  troubles = []
  provider = openStripe({ ...stripe, api: stripe.url, onTrouble: (trouble) => troubles.push(trouble) })
})
afterEach(() => stripe.close())

const payment: NewPayment = {
  id: '01900000-0000-7000-8000-000000000001',
  amount: 12_314,
  title: 'お支払いのご案内',
  methods: ['card', 'konbini'],
  payableDays: 2,
  returnUrl: 'https://pay.example/v/card/return',
  cancelUrl: 'https://pay.example/v/card',
}

const created = async (changes: Partial<NewPayment> = {}) => {
  const outcome = await provider.create({ ...payment, ...changes })
  if (outcome.kind !== 'created') throw new Error(outcome.because)
  return outcome
}

const call = (event: Pick<StripeEvent, 'body'>, changes: { at?: Date; secret?: string; body?: string } = {}) => ({
  method: 'POST',
  headers: signed(event.body, changes.secret ?? stripe.webhookSecret, changes.at ?? now),
  rawBody: Buffer.from(changes.body ?? event.body),
})
const read = (event: StripeEvent) => provider.read(call(event), now)

describe('a payment page', () => {
  test('asks for whole yen, by the ways that are meant, and tells nothing about its customer', async () => {
    const { providerId, url } = await created()
    expect(url).toBe(stripe.session(providerId).url)
    const [{ form, version } = { form: {}, version: '' }] = stripe.requests
    expect(version).toBe('2026-10-28.endive')
    expect(form).toEqual({
      mode: 'payment',
      locale: 'ja',
      submit_type: 'pay',
      client_reference_id: payment.id,
      'line_items[0][quantity]': '1',
      'line_items[0][price_data][currency]': 'jpy',
      'line_items[0][price_data][unit_amount]': '12314',
      'line_items[0][price_data][product_data][name]': payment.title,
      'allowed_payment_method_types[0]': 'card',
      'allowed_payment_method_types[1]': 'konbini',
      'adaptive_pricing[enabled]': 'false',
      'payment_method_options[konbini][expires_after_days]': '2',
      'payment_intent_data[metadata][annai_payment]': payment.id,
      success_url: payment.returnUrl,
      cancel_url: payment.cancelUrl,
    })
  })

  test('is the same one when it is asked for again, and another for another payment', async () => {
    const first = await created()
    expect(await created()).toEqual(first)
    expect(await created({ id: '01900000-0000-7000-8000-000000000002' })).not.toEqual(first)
    expect(await provider.create({ ...payment, amount: 1_000 })).toEqual({ kind: 'trouble', because: 'refused' })
    expect(troubles).toMatchObject([{ type: 'StripeIdempotencyError', requestId: expect.stringMatching(/^req_/) }])
  })

  test.each([
    [49, undefined],
    [50, ['card']],
    [119, ['card']],
    [120, ['card', 'konbini']],
    [300_000, ['card', 'konbini']],
    [300_001, ['card']],
    [100_000_000, undefined],
  ])('for %i yen has the ways that take so much', async (amount, methods) => {
    const outcome = await provider.create({ ...payment, amount })
    if (outcome.kind === 'created') expect(stripe.session(outcome.providerId).methods).toEqual(methods)
    else expect(methods).toBeUndefined()
    expect(stripe.requests).toHaveLength(methods === undefined ? 0 : 1)
  })

  test('elsewhere than at the provider’s is not gone to', async () => {
    const elsewhere = openStripe({ ...stripe, api: stripe.url.replace('127.0.0.1', 'localhost') })
    expect(await elsewhere.create(payment)).toEqual({ kind: 'trouble', because: 'refused' })
    expect(openStripe(stripe).pageOrigin).toBe('https://checkout.stripe.com')
  })

  test.each([
    ['server-error', 'unreachable'],
    ['rate-limit', 'unreachable'],
    ['cut', 'unreachable'],
  ] as const)('cannot be had at a %s, and can be asked for again', async (how, because) => {
    stripe.fail(how)
    expect(await provider.create(payment)).toEqual({ kind: 'trouble', because })
    expect(new Set(stripe.requests.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1)
    stripe.fail(undefined)
    expect((await provider.create(payment)).kind).toBe('created')
  })

  test('is refused with another key, and nothing but the kind of it is told on', async () => {
    const stranger = openStripe({
      ...stripe,
      secretKey: 'sk_test_other',
      api: stripe.url,
      onTrouble: (trouble) => troubles.push(trouble),
    })
    expect(await stranger.create(payment)).toEqual({ kind: 'trouble', because: 'refused' })
    expect(troubles).toEqual([{ type: 'StripeAuthenticationError', requestId: expect.any(String) }])
  })
})

describe('what has become of a payment', () => {
  test('is open, paid by card, or nothing that is known', async () => {
    const { providerId, url } = await created()
    expect(await provider.find(providerId)).toEqual({ kind: 'open', url })
    stripe.payByCard(providerId)
    expect(await provider.find(providerId)).toEqual({
      kind: 'paid',
      paid: {
        kind: 'paid',
        paymentId: payment.id,
        providerId,
        reference: stripe.session(providerId).intent,
        amount: 12_314,
        at: now,
      },
    })
    expect(await provider.find('cs_test_nothing')).toEqual({ kind: 'closed' })
    stripe.fail('cut')
    expect(await provider.find(providerId)).toEqual({ kind: 'trouble', because: 'unreachable' })
  })

  test('is pending as long as a slip is out, and closed when it lapsed', async () => {
    const [paid, lapsed] = [await created(), await created({ id: '01900000-0000-7000-8000-000000000002' })]
    for (const { providerId } of [paid, lapsed]) {
      stripe.takeSlip(providerId)
      expect(await provider.find(providerId)).toEqual({ kind: 'pending' })
    }
    stripe.payAtStore(paid.providerId)
    stripe.letSlipLapse(lapsed.providerId)
    expect((await provider.find(paid.providerId)).kind).toBe('paid')
    expect(await provider.find(lapsed.providerId)).toEqual({ kind: 'closed' })
  })

  test('a page is closed once, and not when something was paid', async () => {
    const [unpaid, paid] = [await created(), await created({ id: '01900000-0000-7000-8000-000000000002' })]
    stripe.payByCard(paid.providerId)
    expect(await provider.close(unpaid.providerId)).toBe('closed')
    expect(await provider.close(unpaid.providerId)).toBe('not-open')
    expect(await provider.close(paid.providerId)).toBe('not-open')
    expect(await provider.find(unpaid.providerId)).toEqual({ kind: 'closed' })
    stripe.fail('server-error')
    expect(await provider.close(unpaid.providerId)).toEqual({ kind: 'trouble', because: 'unreachable' })
  })

  test('money is given back once, however often it is asked, and not more than came', async () => {
    const { providerId } = await created()
    stripe.payByCard(providerId)
    const reference = stripe.session(providerId).intent
    const refund = { id: '01900000-0000-7000-8000-00000000000a', reference, amount: 2_000 }
    expect(await provider.refund(refund)).toBe('refunded')
    expect(await provider.refund(refund)).toBe('refunded')
    expect(stripe.session(providerId).refunded).toBe(2_000)
    const tooMuch = { ...refund, id: '01900000-0000-7000-8000-00000000000b', amount: 12_000 }
    expect(await provider.refund(tooMuch)).toEqual({ kind: 'trouble', because: 'refused' })
  })
})

describe('a call', () => {
  test('tells of money by card, and at the till when it is there', async () => {
    const [card, slip] = [await created(), await created({ id: '01900000-0000-7000-8000-000000000002' })]
    const paid = (of: { providerId: string }, paymentId: string) => ({
      kind: 'event',
      event: {
        kind: 'paid',
        paymentId,
        providerId: of.providerId,
        reference: stripe.session(of.providerId).intent,
        amount: 12_314,
        at: now,
      },
    })
    expect(read(stripe.payByCard(card.providerId))).toEqual(paid(card, payment.id))
    expect(read(stripe.takeSlip(slip.providerId))).toEqual({ kind: 'nothing' })
    expect(read(stripe.payAtStore(slip.providerId))).toEqual(paid(slip, '01900000-0000-7000-8000-000000000002'))
  })

  test('tells of what came to nothing, and of what was given back by its sum', async () => {
    const { providerId } = await created()
    const failed = { kind: 'event', event: { kind: 'failed', paymentId: payment.id, providerId } }
    expect(read(stripe.letExpire(providerId))).toEqual(failed)
    expect(read(stripe.letSlipLapse(providerId))).toEqual(failed)
    stripe.payByCard(providerId)
    const reference = stripe.session(providerId).intent
    for (const refunded of [1_000, 2_000])
      expect(read(stripe.refund(providerId, 1_000))).toEqual({
        kind: 'event',
        event: { kind: 'refunded', paymentId: payment.id, reference, refunded, at: now },
      })
  })

  test('of another shop with the same account, or of something else, concerns nobody', async () => {
    const [others, cart] = [await created({ id: 'order-7' }), await created()]
    expect(read(stripe.payByCard(others.providerId))).toEqual({ kind: 'nothing' })
    expect(read(stripe.letExpire(others.providerId))).toEqual({ kind: 'nothing' })
    expect(read(stripe.refund(others.providerId, 1))).toEqual({ kind: 'nothing' })
    const event = stripe.payByCard(cart.providerId)
    const other = { ...event, body: event.body.replace('checkout.session.completed', 'customer.created') }
    expect(read(other)).toEqual({ kind: 'nothing' })
  })

  test('in another currency or without its payment is not understood, so that somebody looks', async () => {
    const { providerId } = await created()
    const event = stripe.payByCard(providerId)
    const unreadable = { kind: 'refused', because: 'unreadable' }
    for (const [was, is] of [
      ['"jpy"', '"usd"'],
      [`"${stripe.session(providerId).intent}"`, 'null'],
      ['"amount_total": 12314', '"amount_total": null'],
      ['"amount_total": 12314', '"amount_total": 0'],
    ] as const)
      expect(read({ ...event, body: event.body.replace(was, is) })).toEqual(unreadable)
    expect(read({ ...event, body: event.body.replaceAll('"', '') })).toEqual(unreadable)
  })

  const refused = (because: string) => ({ kind: 'refused', because })

  test('that is forged, changed, unsigned or signed by another is refused', async () => {
    const { providerId } = await created()
    const event = stripe.payByCard(providerId)
    expect(provider.read(call(event), now).kind).toBe('event')
    const cheap = event.body.replace('12314', '12315')
    expect(provider.read(call(event, { body: cheap }), now)).toEqual(refused('signature'))
    expect(provider.read(call(event, { body: `${event.body} ` }), now)).toEqual(refused('signature'))
    expect(provider.read(call(event, { secret: 'whsec_other' }), now)).toEqual(refused('signature'))
    expect(provider.read({ ...call(event), headers: {} }, now)).toEqual(refused('signature'))
    for (const header of ['', 't=1,v1=', 'v1=00', `t=${now.getTime() / 1_000},v0=00`, 'nonsense'])
      expect(provider.read({ ...call(event), headers: { 'stripe-signature': header } }, now)).toEqual(
        refused('signature'),
      )
    const twice = { 'stripe-signature': [call(event).headers['stripe-signature'] ?? ''] }
    expect(provider.read({ ...call(event), headers: twice }, now)).toEqual(refused('signature'))
    expect(provider.read({ ...call(event), method: 'GET' }, now)).toEqual(refused('method'))
    const long = Buffer.alloc(providerCallBytesMax + 1)
    expect(provider.read({ ...call(event), rawBody: long }, now)).toEqual(refused('too-long'))
  })

  test.each([
    [0, 'event'],
    [300, 'event'],
    [301, 'refused'],
    [86_400, 'refused'],
  ])('signed %i seconds ago is an %s', async (seconds, kind) => {
    const { providerId } = await created()
    const event = stripe.payByCard(providerId)
    expect(provider.read(call(event), new Date(now.getTime() + seconds * 1_000)).kind).toBe(kind)
  })

  test('signed with the old secret and the new one while it is rolled is taken', async () => {
    const { providerId } = await created()
    const event = stripe.payByCard(providerId)
    const [ours, others] = [call(event), call(event, { secret: 'whsec_old' })].map(
      ({ headers }) => headers['stripe-signature'] ?? '',
    )
    const both = `${others},v1=${(ours ?? '').split('v1=')[1]}`
    expect(provider.read({ ...call(event), headers: { 'stripe-signature': both } }, now).kind).toBe('event')
  })
})
