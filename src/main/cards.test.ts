import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Creditor } from '#creditor'
import { japaneseHolidays as holidays } from '#platform/calendar/holidays'
import { systemChance } from '#platform/chance'
import { machineClock } from '#platform/clock/clock'
import { sql } from '#platform/database/database'
import { type HttpServer, startHttp } from '#platform/http/http'
import { openLog } from '#platform/log'
import type { PaymentProvider } from '#platform/payment-providers/provider'
import { openVault } from '#platform/vault/vault'
import { creditorWith, openCase } from '../../test/casework.ts'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { type StripeServer, signed, startStripeServer } from '../../test/stripe-server.ts'
import { cardRoutes, findCardProvider } from './cards.ts'
import { readSettings } from './settings.ts'
import type { World } from './world.ts'

const log = openLog('silent')
const vault = openVault({ derive: () => Buffer.alloc(32) })

let it: TestDatabase
let creditor: Creditor
let stripe: StripeServer
let provider: PaymentProvider | undefined
let site: HttpServer
beforeAll(async () => {
  it = await testDatabase()
  creditor = { ...(await creditorWith()), card: { provider: 'stripe', methods: ['card'] } }
})
afterAll(() => it.drop())

const worldWith = (env: Readonly<Record<string, string>>, of: Creditor = creditor) =>
  ({ db: it.db, creditor: of, clock: machineClock, holidays, settings: readSettings(env) }) as World

beforeEach(async () => {
  stripe = await startStripeServer()
  const world = worldWith({
    ANNAI_STRIPE_SECRET_KEY: stripe.secretKey,
    ANNAI_STRIPE_WEBHOOK_SECRET: stripe.webhookSecret,
    ANNAI_STRIPE_API: stripe.url,
  })
  provider = findCardProvider(world, log)
  site = await startHttp({
    host: '127.0.0.1',
    port: 0,
    routes: cardRoutes(world, provider),
    formsMayGoTo: provider === undefined ? [] : [provider.pageOrigin],
    styles: [],
    scripts: [],
    siteOrigin: 'http://127.0.0.1',
    trustedProxies: [],
    db: it.db,
    vault,
    clock: machineClock,
    chance: systemChance,
    showTrouble: (status) => `trouble ${status}`,
    onFault: (error) => expect.unreachable(String(error)),
  })
})
afterEach(async () => {
  await site.close()
  await stripe.close()
})

const post = (body: string, headers: Readonly<Record<string, string>>) =>
  fetch(`http://127.0.0.1:${site.port}/payments/stripe`, { method: 'POST', body, headers })

test('the provider’s call comes in byte by byte as it was signed, and its money is there when we say so', async () => {
  const { customerId, billIds } = await openCase(it.db)
  const id = '01900000-0000-7000-8000-000000000001'
  await sql`insert into card_payments values (${customerId}, ${id}, 'stripe', null, 12319, '2026-11-24', now())`.execute(
    it.db,
  )
  await sql`insert into card_payment_bills values (${customerId}, ${id}, ${billIds[0]}, 12319)`.execute(it.db)
  const of = { id, amount: 12_319, title: 'お支払い', methods: ['card'], payableDays: 1 } as const
  const page = await provider?.create({ ...of, returnUrl: 'https://pay.example', cancelUrl: 'https://pay.example' })
  const event = stripe.payByCard(page?.kind === 'created' ? page.providerId : '')
  const now = new Date()
  const forged = await post(event.body, signed(event.body, 'whsec_other', now))
  const old = await post(event.body, signed(event.body, stripe.webhookSecret, new Date(now.getTime() - 301_000)))
  const changed = await post(`${event.body}\n`, signed(event.body, stripe.webhookSecret, now))
  expect([forged.status, old.status, changed.status]).toEqual([403, 403, 403])
  const paid = () => sql`select from deposits where customer_id = ${customerId}`.execute(it.db)
  expect((await paid()).rows).toEqual([])
  const real = await post(event.body, signed(event.body, stripe.webhookSecret, now))
  expect([real.status, await real.text()]).toEqual([200, 'received'])
  const replayed = await post(event.body, signed(event.body, stripe.webhookSecret, now))
  expect(replayed.status).toBe(200)
  expect((await paid()).rows).toHaveLength(1)
})

test('forms may lead to the provider’s pages and nowhere else', async () => {
  const { headers } = await post('', {})
  expect(headers.get('content-security-policy')).toContain(`; form-action 'self' ${stripe.url};`)
})

describe('cards', () => {
  test('are off unless the creditor’s file has them, whatever the environment says', () => {
    const { card, ...without } = creditor
    expect(card).toBeDefined()
    const world = worldWith({ ANNAI_STRIPE_SECRET_KEY: 'sk', ANNAI_STRIPE_WEBHOOK_SECRET: 'whsec' }, without)
    expect(findCardProvider(world, log)).toBeUndefined()
    expect(cardRoutes(world, undefined)).toEqual([])
  })

  test.each([
    ['no account', {}],
    ['no webhook secret', { ANNAI_STRIPE_SECRET_KEY: 'sk' }],
    ['no key', { ANNAI_STRIPE_WEBHOOK_SECRET: 'whsec' }],
    ['an empty key', { ANNAI_STRIPE_SECRET_KEY: ' ', ANNAI_STRIPE_WEBHOOK_SECRET: 'whsec' }],
    [
      'no address for an address',
      { ANNAI_STRIPE_SECRET_KEY: 'sk', ANNAI_STRIPE_WEBHOOK_SECRET: 'whsec', ANNAI_STRIPE_API: 'stripe' },
    ],
  ])('with %s do not start', (_what, env) => {
    expect(() => findCardProvider(worldWith(env), log)).toThrow(/ANNAI_STRIPE/)
  })
})
