import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Creditor } from '#creditor'
import { japaneseHolidays as holidays } from '#platform/calendar/holidays'
import { inTransaction, sql } from '#platform/database/database'
import type { PaymentProvider } from '#platform/payment-providers/provider'
import { openStripe } from '#platform/payment-providers/stripe'
import { openVault } from '#platform/vault/vault'
import { day } from '#values/day'
import { at, creditorWith, openCase, ten } from '../../test/casework.ts'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { type StripeEvent, type StripeServer, signed, startStripeServer } from '../../test/stripe-server.ts'
import {
  beginCardPayment,
  catchUpCardPayments,
  getCardReturn,
  listSurpluses,
  offerCard,
  rebalance,
  receiveCardEvent,
  refundAtProvider,
} from './payments.ts'
import type { PaymentsWorld } from './world.ts'

let it: TestDatabase
let w: PaymentsWorld
let creditor: Creditor
let stripe: StripeServer
let provider: PaymentProvider
beforeAll(async () => {
  it = await testDatabase()
  creditor = { ...(await creditorWith()), card: { provider: 'stripe', methods: ['card', 'konbini'] } }
  w = { db: it.db, creditor, holidays, vault: openVault({ derive: () => Buffer.alloc(32) }) }
})
afterAll(() => it.drop())
beforeEach(async () => {
  await sql`truncate customers, cases, bills, bill_endings, card_payments, deposits, ledger_lines, audit_lines cascade`.execute(
    it.ownerDb,
  )
  stripe = await startStripeServer(() => ten)
  provider = openStripe({ ...stripe, api: stripe.url })
})
afterEach(() => stripe.close())

const urls = { returnUrl: 'https://pay.example/v/card/return', cancelUrl: 'https://pay.example/v/card' }
const begin = (customerId: string, now = ten, world: PaymentsWorld = w) =>
  beginCardPayment(world, provider, { customerId, ...urls, now })

const begun = async (customerId: string, now = ten) => {
  const outcome = await begin(customerId, now)
  if (outcome.kind !== 'begun') throw new Error(outcome.kind)
  return outcome.url.split('/').at(-1) ?? ''
}

const call = (event: StripeEvent, now = ten) =>
  receiveCardEvent(
    w,
    provider,
    { method: 'POST', headers: signed(event.body, stripe.webhookSecret, now), rawBody: Buffer.from(event.body) },
    now,
    now,
  )

const rows = async <T>(query: ReturnType<typeof sql<T>>) => (await query.execute(it.db)).rows
const deposits = () =>
  rows(sql`
    select channel, amount, on_day, matched_how, certainty, ended_how from deposits order by id`)
const paid = () => rows(sql`select how, on_day from bill_endings`)
const accounts = () =>
  rows(sql`select account, sum(amount)::int as amount from ledger_lines group by 1 having sum(amount) <> 0 order by 1`)
const acts = async () =>
  (await rows(sql<{ act: string }>`select act from audit_lines where act like 'card%' order by id`)).map(
    ({ act }) => act,
  )

/** 12,300 yen due on the 20th: 19 yen of late charge on the 24th. */
const owing = (options: Parameters<typeof openCase>[1] = {}) => openCase(it.db, options)

describe('a payment by card', () => {
  test('is for all that is owed that day, and its money settles the bills when the provider says so', async () => {
    const { customerId } = await owing({ bills: [{}, { principal: 1_000 }] })
    const id = await begun(customerId)
    expect(stripe.session(id)).toMatchObject({ amount: 12_319 + 1_001, methods: ['card', 'konbini'] })
    expect(await rows(sql`select provider, provider_id, amount, charge_day from card_payments`)).toEqual([
      { provider: 'stripe', provider_id: id, amount: 13_320, charge_day: '2026-11-24' },
    ])
    expect(await paid()).toEqual([])
    expect(await call(stripe.payByCard(id))).toEqual({ status: 200, body: 'received' })
    expect(await deposits()).toEqual([
      {
        channel: 'card',
        amount: 13_320,
        on_day: '2026-11-24',
        matched_how: 'provider',
        certainty: 'certain',
        ended_how: null,
      },
    ])
    expect(await paid()).toEqual([
      { how: 'settled', on_day: '2026-11-24' },
      { how: 'settled', on_day: '2026-11-24' },
    ])
    expect(await acts()).toEqual(['card.begun', 'card.paid'])
  })

  test('counts the late charge of the day on which it was begun, also after midnight', async () => {
    const { customerId } = await owing()
    const id = await begun(customerId)
    const event = stripe.payByCard(id)
    const later = {
      ...event,
      body: event.body.replaceAll(`"created": ${ten.getTime() / 1_000}`, '"created": 1795600000'),
    }
    expect((await call(later, at('2026-11-25', 19))).status).toBe(200)
    expect(await deposits()).toMatchObject([{ on_day: '2026-11-25', amount: 12_319 }])
    expect(await paid()).toEqual([{ how: 'settled', on_day: '2026-11-25' }])
  })

  test('is written down once, though its call comes twice, late, and at the same time', async () => {
    const { customerId } = await owing()
    const event = stripe.payByCard(await begun(customerId))
    const answers = await Promise.all([call(event), call(event), getCardReturn(w, provider, { customerId, now: ten })])
    expect(answers).toEqual([{ status: 200, body: 'received' }, { status: 200, body: 'received' }, 'paid'])
    expect((await call(event, at('2026-11-26', 10))).status).toBe(200)
    expect(await deposits()).toHaveLength(1)
    expect(await acts()).toEqual(['card.begun', 'card.paid'])
    expect(await accounts()).toEqual([{ account: 'bill', amount: 12_319 }])
  })

  test('is found when the customer comes back, though no call ever came', async () => {
    const { customerId } = await owing()
    const back = () => getCardReturn(w, provider, { customerId, now: ten })
    expect(await back()).toBe('not-paid')
    const id = await begun(customerId)
    expect(await back()).toBe('not-paid')
    stripe.fail('cut')
    expect(await back()).toBe('pending')
    stripe.fail(undefined)
    stripe.payByCard(id)
    expect(await back()).toBe('paid')
    expect(await paid()).toHaveLength(1)
    stripe.fail('cut')
    expect(await back()).toBe('paid')
  })

  test('at a convenience store is pending until the till has taken it', async () => {
    const { customerId } = await owing()
    const id = await begun(customerId)
    expect((await call(stripe.takeSlip(id))).status).toBe(200)
    expect(await getCardReturn(w, provider, { customerId, now: ten })).toBe('pending')
    expect(await begin(customerId)).toEqual({ kind: 'pending' })
    expect(await deposits()).toEqual([])
    expect((await call(stripe.payAtStore(id))).status).toBe(200)
    expect(await paid()).toHaveLength(1)
  })

  test('that came to nothing is written down, and another can be begun', async () => {
    const { customerId } = await owing()
    const id = await begun(customerId)
    stripe.takeSlip(id)
    expect((await call(stripe.letSlipLapse(id))).status).toBe(200)
    expect(await getCardReturn(w, provider, { customerId, now: ten })).toBe('not-paid')
    expect(await begun(customerId)).not.toBe(id)
    expect(await acts()).toEqual(['card.begun', 'card.failed', 'card.begun'])
  })

  test('for nothing is not begun', async () => {
    const { customerId } = await owing({ bills: [{ product: 'housing-loan' }] })
    expect(await begin(customerId)).toEqual({ kind: 'refused', because: 'nothing-owed' })
    expect(stripe.requests).toEqual([])
  })

  test('cannot be had while the provider cannot be reached, and can be had afterwards', async () => {
    const { customerId } = await owing()
    stripe.fail('server-error')
    expect(await begin(customerId)).toEqual({ kind: 'unavailable' })
    stripe.fail(undefined)
    const id = await begun(customerId)
    stripe.fail('cut')
    expect(await begin(customerId)).toEqual({ kind: 'unavailable' })
    stripe.fail(undefined)
    expect(await begun(customerId)).toBe(id)
  })

  test('is known by our own id, should we have died before we heard the provider’s', async () => {
    const { customerId } = await owing()
    const id = await begun(customerId)
    await sql`update card_payments set provider_id = null`.execute(it.db)
    expect((await call(stripe.payByCard(id))).status).toBe(200)
    expect(await paid()).toHaveLength(1)
  })

  test('of a customer of somebody else’s books concerns nobody', async () => {
    const { customerId } = await owing()
    const event = stripe.payByCard(await begun(customerId))
    await sql`truncate card_payments cascade`.execute(it.ownerDb)
    expect((await call(event)).status).toBe(200)
    expect(await deposits()).toEqual([])
  })
})

describe('the page of a payment', () => {
  test('is the same one as long as nothing has changed', async () => {
    const { customerId } = await owing()
    const id = await begun(customerId)
    expect(await begun(customerId)).toBe(id)
    expect(await rows(sql`select from card_payments`)).toHaveLength(1)
  })

  test('of yesterday is closed before another is opened: two amounts cannot both be paid', async () => {
    const { customerId } = await owing()
    const yesterday = await begun(customerId)
    const today = await begun(customerId, at('2026-11-25', 10))
    expect(stripe.session(yesterday).status).toBe('expired')
    expect(stripe.session(today)).toMatchObject({ status: 'open', amount: 12_324 })
  })

  test('on which something was paid is not followed by another', async () => {
    const { customerId } = await owing()
    stripe.payByCard(await begun(customerId))
    expect(await begin(customerId, at('2026-11-25', 10))).toEqual({ kind: 'paid' })
    expect(await paid()).toHaveLength(1)
    expect(await begin(customerId, at('2026-11-25', 10))).toEqual({ kind: 'refused', because: 'nothing-owed' })
  })

  test('is not opened once the bank has the re-debit in hand, and a slip only as far as its cut-off', async () => {
    const { customerId } = await owing()
    const world = (cutOff: string) => ({
      ...w,
      creditor: { ...creditor, redebits: { days: [{ day: '2026-11-30', cutOff }], cutOffBankDays: 3 } },
    })
    const offer = (cutOff: string) => offerCard(world(cutOff), customerId, ten)
    expect(await offer('2026-11-28')).toMatchObject({ methods: ['card', 'konbini'], payableDays: 3 })
    expect(await offer('2026-11-26')).toMatchObject({ methods: ['card', 'konbini'], payableDays: 2 })
    expect(await offer('2026-11-25')).toMatchObject({ methods: ['card', 'konbini'], payableDays: 1 })
    expect(await offer('2026-11-24')).toMatchObject({ methods: ['card'] })
    expect(await begin(customerId, ten, world('2026-11-23'))).toEqual({ kind: 'refused', because: 'redebit-planned' })
    expect(stripe.requests).toEqual([])
  })
})

describe('money that was given back', () => {
  test('whole is as if it had never come', async () => {
    const { customerId } = await owing()
    const id = await begun(customerId)
    await call(stripe.payByCard(id))
    const event = stripe.refund(id, 12_319)
    for (let time = 0; time < 2; time++) expect((await call(event)).status).toBe(200)
    expect(await deposits()).toMatchObject([{ ended_how: 'refunded' }])
    expect(await accounts()).toEqual([])
    expect(await paid()).toEqual([])
    expect(await rows(sql`select from cases where closed_at is null`)).toHaveLength(1)
    expect(await acts()).toEqual(['card.begun', 'card.paid', 'card.refunded'])
  })

  test('in parts pays so much less, whatever the order of the calls', async () => {
    const { customerId } = await owing()
    const id = await begun(customerId)
    await call(stripe.payByCard(id))
    const [first, second] = [stripe.refund(id, 300), stripe.refund(id, 2_000)]
    await call(second)
    expect(await accounts()).toEqual([
      { account: 'bill', amount: 10_019 },
      { account: 'refund', amount: 2_300 },
    ])
    expect(await paid()).toEqual([])
    await call(first)
    await call(second)
    expect(await accounts()).toMatchObject([{ amount: 10_019 }, { amount: 2_300 }])
    await call(stripe.refund(id, 10_019))
    expect(await accounts()).toEqual([])
    expect(await deposits()).toMatchObject([{ ended_how: 'refunded' }])
  })

  test('before we heard that it had come waits for that', async () => {
    const { customerId } = await owing()
    const id = await begun(customerId)
    const [came, back] = [stripe.payByCard(id), stripe.refund(id, 12_319)]
    expect(await call(back)).toEqual({ status: 503, body: 'come again' })
    await call(came)
    expect((await call(back)).status).toBe(200)
    expect(await accounts()).toEqual([])
  })
})

describe('money for a bill that was paid another way meanwhile', () => {
  /** The transfer counts from the day before, so it pays, and the card's money is left over. */
  const paidTwice = async () => {
    const { customerId } = await owing()
    const id = await begun(customerId)
    await inTransaction(it.db, async (tx) => {
      await sql`
        insert into deposits (id, channel, amount, on_day, line_key, received_at, customer_id, matched_how, certainty)
        values (gen_random_uuid(), 'transfer', 12314, '2026-11-23', 'transfer', ${ten}, ${customerId}, 'reference',
          'certain')`.execute(tx)
      await rebalance(tx, creditor, [customerId], ten)
    })
    await call(stripe.payByCard(id))
    const [surplus] = await listSurpluses(it.db, creditor)
    expect(surplus).toMatchObject({ channel: 'card', onDay: day('2026-11-24'), surplus: 12_319, because: 'paid-twice' })
    return { id, depositId: surplus?.depositId ?? '' }
  }
  const giveBack = (depositId: string) => refundAtProvider(w, provider, { depositId, by: 'cli:sato', now: ten })

  test('is found, given back at the provider once, and its call about that changes nothing more', async () => {
    const { id, depositId } = await paidTwice()
    expect(await giveBack(depositId)).toEqual({ kind: 'refunded', amount: 12_319 })
    expect(stripe.session(id).refunded).toBe(12_319)
    expect(await giveBack(depositId)).toEqual({ kind: 'refused', because: 'no-surplus' })
    expect(await listSurpluses(it.db, creditor)).toEqual([])
    expect((await call(stripe.refund(id, 0))).status).toBe(200)
    expect(await accounts()).toEqual([
      { account: 'bill', amount: 12_314 },
      { account: 'refund', amount: 12_319 },
    ])
  })

  test('stays where it is when the provider does not give it back', async () => {
    const { id, depositId } = await paidTwice()
    stripe.fail('server-error')
    expect(await giveBack(depositId)).toEqual({ kind: 'refused', because: 'provider-unreachable' })
    stripe.fail(undefined)
    stripe.refund(id, 12_319)
    expect(await giveBack(depositId)).toEqual({ kind: 'refused', because: 'provider-refused' })
    expect(await listSurpluses(it.db, creditor)).toHaveLength(1)
  })

  test('of another channel is for people to give back', async () => {
    await paidTwice()
    const [transfer] = await rows(sql<{ id: string }>`select id from deposits where channel = 'transfer'`)
    expect(await giveBack(transfer?.id ?? '')).toEqual({ kind: 'not-by-provider' })
    expect(await giveBack('00000000-0000-7000-8000-000000000000')).toEqual({ kind: 'not-by-provider' })
  })
})

test('a payment whose call was lost is found by asking, and asked about only while it can still be paid', async () => {
  const opened = [await owing(), await owing(), await owing()]
  const ids = []
  for (const { customerId } of opened) ids.push(await begun(customerId))
  for (const id of ids.slice(0, 2)) stripe.payByCard(id)
  const sweep = (on: string, hour: number, minute = 0) => catchUpCardPayments(w, provider, at(on, hour, minute))
  expect(await sweep('2026-11-24', 10, 9)).toBe(0)
  expect(await sweep('2026-11-29', 11)).toBe(0)
  expect(await deposits()).toEqual([])
  expect(await sweep('2026-11-24', 10, 11)).toBe(2)
  expect(await deposits()).toHaveLength(2)
  expect(await sweep('2026-11-25', 10)).toBe(0)
})

test('a call that is not the provider’s changes nothing', async () => {
  const { customerId } = await owing()
  const event = stripe.payByCard(await begun(customerId))
  const rawBody = Buffer.from(event.body)
  const answer = (headers: Readonly<Record<string, string>>, method = 'POST', receivedAt = ten) =>
    receiveCardEvent(w, provider, { method, headers, rawBody }, ten, receivedAt)
  const headers = signed(event.body, stripe.webhookSecret, ten)
  expect(await answer({})).toEqual({ status: 403, body: 'signature refused' })
  expect(await answer(signed(event.body, 'whsec_other', ten))).toEqual({ status: 403, body: 'signature refused' })
  expect(await answer(headers, 'POST', at('2026-11-24', 10, 6))).toEqual({ status: 403, body: 'signature refused' })
  expect(await answer(headers, 'GET')).toEqual({ status: 405, body: 'method refused' })
  expect(await deposits()).toEqual([])
})
