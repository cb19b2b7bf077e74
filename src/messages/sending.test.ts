import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { phoneValue as valueOfPhone } from '#customers'
import { inTransaction } from '#platform/database/database'
import type { Gateway } from '#platform/gateways/gateway'
import { openSmppSession } from '#platform/gateways/smpp-session'
import { systemTimers } from '#platform/gateways/timers'
import { newId } from '#platform/ids'
import { openVault, type Vault } from '#platform/vault/vault'
import { phone } from '#values/phone'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { type Carrier, startCarrier } from '../sandbox/carrier.ts'
import {
  type Bind,
  controlQueue,
  countCampaign,
  countNoticesSent,
  openLeaseBook,
  openOutbox,
  openReceiptKeeper,
  queueMessage,
  queueNotices,
  type Release,
  repeatDoubtfulNotices,
  type SenderWorld,
  sendDue,
  settleReceipts,
} from './messages.ts'
import { openPace } from './pace.rules.ts'
import { insertBinds, insertWorker, listLeases, takeLease } from './worker.store.ts'

/** Real PostgreSQL, real SMPP; only the carrier's network is a simulator. */
let base: TestDatabase
let vault: Vault
let carrier: Carrier
let gateway: Gateway
let now: Date
let runs = 0

const importId = newId(new Date('2026-11-25T00:00:00Z'))
const text = '株式会社ジャックスからお支払いのご案内です。URLからご確認ください。 http://localhost:8080/v'

beforeAll(async () => {
  base = await testDatabase()
  vault = openVault({ derive: (label) => Buffer.from(label.padEnd(32, '.').slice(0, 32)) })
  await base.db
    .insertInto('imports')
    .values({
      id: importId,
      kind: 'customers',
      content_hash: Buffer.alloc(32),
      file_name: 'cast.csv',
      byte_count: 1,
      record_count: 1,
      received_on: '2026-11-25',
      imported_at: new Date(),
      imported_by: 'test',
      report: '{}',
    })
    .execute()
})
afterAll(() => base.drop())

beforeEach(async () => {
  now = new Date('2026-11-25T01:00:00Z')
  runs += 1
  carrier = await startCarrier({ now: () => now, runId: `run${runs}-`, deliveryMs: 0, tickMs: 5, receiptRetryMs: 50 })
  gateway = await bind()
})
afterEach(async () => {
  await gateway.close()
  await carrier.close()
})

const bind = async (options: { readonly responseTimeoutMs?: number } = {}): Promise<Gateway> => {
  const session = openSmppSession({
    host: '127.0.0.1',
    port: carrier.port,
    systemId: 'annai',
    password: 'annai',
    backOffMinMs: 20,
    drainMs: 200,
    ...options,
  })
  await expect.poll(() => session.health().state).toBe('bound')
  return session
}

/** A sender of its own: the rules' answer and the bind it holds. */
type Sender = { readonly w: SenderWorld; readonly bind: Bind }

const sender = async (
  decide: (messageId: string) => Release = () => ({ kind: 'send' }),
  over: Partial<SenderWorld & Bind> = {},
): Promise<Sender> => {
  const outbox = openOutbox({
    db: base.db,
    vault,
    gateways: ['carrier'],
    decideRelease: async (_, due) => new Map(due.map(({ messageId }) => [messageId, decide(messageId)])),
    listPhones: async (_, __, ids) => new Map(ids.map((id) => [id, phone(numbers.get(id) ?? '+819001234567')])),
  })
  const clock = { now: () => now }
  const receipts = openReceiptKeeper({ outbox, clock, timers: systemTimers })
  receipts.listenTo(gateway, 'carrier')
  const worker = newId(now)
  await insertWorker(base.db, worker, now)
  await insertBinds(base.db, [{ gateway: 'carrier', bind: 1 }])
  const [seen] = await listLeases(base.db)
  const epoch = await inTransaction(base.db, async (tx) => seen && takeLease(tx, seen, worker))
  const pace = openPace({ perSecond: 1_000, monotonicMs: () => performance.now(), timers: systemTimers })
  return {
    w: {
      outbox,
      receipts,
      clock,
      timers: systemTimers,
      nextGateway: (_, gateway) => ({ gateway, isAtOnce: false }),
      checkFinalText: () => undefined,
      ...over,
    },
    bind: {
      worker,
      name: 'carrier',
      number: 1,
      epoch: epoch ?? 0,
      gateway,
      pace,
      mayAct: () => true,
      isLeaving: () => false,
      ...over,
    },
  }
}

const once = async ({ w, bind }: Sender, lane: 'campaign' | 'code' = 'campaign', slot = '1'): Promise<number> => {
  let taken = 0
  for (const stream of await w.outbox.listDue(lane, now)) taken += await sendDue(w, bind, stream, { slot, limit: 8 })
  return taken
}

const drain = async (from: Sender): Promise<void> => {
  for (let round = 0; round < 10 && (await once(from)) > 0; round++);
}

const numbers = new Map<string, string>()

/** A customer with an approved campaign's notice, waiting in the outbox. */
const noticeFor = async (number: string) => {
  const customerId = newId(now)
  const campaignId = newId(now)
  const caseId = newId(now)
  const phoneValue = valueOfPhone(vault, phone(number))
  numbers.set(customerId, number)
  await base.db
    .insertInto('customers')
    .values({
      id: customerId,
      customer_number: customerId,
      customer_number_bare: customerId,
      data_key: Buffer.alloc(1),
      person: Buffer.alloc(1),
      mobile_number: Buffer.alloc(1),
      phone_value: phoneValue,
      import_id: importId,
      updated_at: now,
    })
    .execute()
  await base.db
    .insertInto('campaigns')
    .values({
      id: campaignId,
      planned_at: now,
      planned_by: 'test',
      notice_text: text,
      rules_version: '1',
      target_count: 1,
      planned_count: 1,
      excluded_count: 0,
      approved_at: now,
      approved_by: 'test',
    })
    .execute()
  await base.db.insertInto('campaign_chains').values({ campaign_id: campaignId, number: 1, chain: '[]' }).execute()
  await base.db
    .insertInto('campaign_decisions')
    .values({ campaign_id: campaignId, customer_id: customerId, case_id: caseId, decision: 'notice', chain_number: 1 })
    .execute()
  const notice = {
    customerId,
    class: 'notice',
    campaignId,
    caseId,
    phoneValue,
    sender: '0570055877',
    partCount: 1,
  } as const
  await inTransaction(base.db, (tx) => queueNotices(tx, [notice], now))
  return { customerId, campaignId, caseId, phoneValue }
}

const stateOf = async (campaignId: string): Promise<string | undefined> => {
  const row = await base.db
    .selectFrom('message_states')
    .select('state')
    .where('campaign_id', '=', campaignId)
    .where('repeats', 'is', null)
    .executeTakeFirst()
  return row?.state ?? undefined
}

/** As the sweep does, receipts that were early are looked at again. */
const expectState = (campaignId: string, state: string) =>
  expect
    .poll(
      async () => {
        await settleReceipts(base.db, { since: new Date(0), now })
        return stateOf(campaignId)
      },
      { timeout: 5_000 },
    )
    .toBe(state)

/** What the log says about the customer's latest message. */
const eventsOf = async (customerId: string) => {
  const latest = base.db
    .selectFrom('messages')
    .select('id')
    .where('customer_id', '=', customerId)
    .orderBy('id', 'desc')
    .limit(1)
  return base.db
    .selectFrom('message_lines')
    .select(['state', 'because'])
    .where('message_id', '=', latest)
    .orderBy('number')
    .execute()
}

const addsUp = async (campaignId: string) => {
  const count = await countCampaign(base.db, campaignId)
  expect(count.target).toBe(count.sent + count.excluded + count.failed + count.unsent)
  return count
}

test('a notice goes out once and its receipt makes it delivered', async () => {
  const { campaignId, customerId, caseId, phoneValue } = await noticeFor('+819001234567')
  await drain(await sender())
  await drain(await sender())
  await expectState(campaignId, 'delivered')
  expect(carrier.messages({ to: '09001234567' })).toHaveLength(1)
  expect(carrier.messages()[0]).toMatchObject({ text, from: '0570055877' })
  expect(await addsUp(campaignId)).toMatchObject({ target: 1, sent: 1, delivered: 1, unsent: 0 })
  const counts = await countNoticesSent(base.db, [{ customerId, caseId, phoneValue }], now)
  expect(counts.get(caseId)).toMatchObject({ today: 1, in7Days: 1, inCase: 1, todayOnPhone: 1 })
})

test.each<[string, string, string]>([
  ['a permanent failure', '+819000000001', 'failed'],
  ['a receipt before the response', '+819000000004', 'delivered'],
  ['receipts that come twice', '+819000000006', 'delivered'],
  ['no receipt at all', '+819000000003', 'submitted'],
])('%s', async (_, number, state) => {
  const { campaignId } = await noticeFor(number)
  await drain(await sender())
  await carrier.runDue(now)
  await expectState(campaignId, state)
  await addsUp(campaignId)
})

test('a throttled notice waits a moment and then goes out once', async () => {
  const { campaignId } = await noticeFor('+819000000008')
  for (let round = 0; round < 6; round++) {
    await drain(await sender())
    now = new Date(now.getTime() + 60_000)
  }
  await expectState(campaignId, 'delivered')
  expect(carrier.messages()).toHaveLength(1)
})

test('why a notice was let go is kept with the intent to send it', async () => {
  const { customerId } = await noticeFor('+819001234567')
  await drain(await sender(() => ({ kind: 'send', facts: { chain: [{ rule: 'hours', verdict: 'pass' }] } })))
  const row = await base.db
    .selectFrom('message_lines')
    .innerJoin('reasons', 'reasons.id', 'message_lines.reasons_id')
    .innerJoin('messages', 'messages.id', 'message_lines.message_id')
    .select('reasons.facts')
    .where('messages.customer_id', '=', customerId)
    .where('message_lines.state', '=', 'sending')
    .executeTakeFirstOrThrow()
  expect(row.facts).toEqual({ chain: [{ rule: 'hours', verdict: 'pass' }] })
})

test('what the rules defer waits, and is asked again', async () => {
  const until = new Date(now.getTime() + 3_600_000)
  const { campaignId } = await noticeFor('+819001234567')
  await drain(await sender(() => ({ kind: 'defer', until, because: 'hours', facts: {} })))
  expect(await stateOf(campaignId)).toBe('deferred')
  expect(await addsUp(campaignId)).toMatchObject({ unsent: 1 })
  await drain(await sender())
  expect(carrier.messages()).toHaveLength(0)
  now = until
  await drain(await sender(() => ({ kind: 'exclude', because: 'live-promise', facts: {} })))
  expect(await addsUp(campaignId)).toMatchObject({ excluded: 1, unsent: 0 })
  expect(carrier.messages()).toHaveLength(0)
})

test('a lost response is doubtful, counts against the caps and is not sent again by itself', async () => {
  await gateway.close()
  gateway = await bind({ responseTimeoutMs: 100 })
  carrier.setMood('silent')
  const { campaignId, customerId, caseId, phoneValue } = await noticeFor('+819000000003')
  await drain(await sender())
  expect(await stateOf(campaignId)).toBe('unknown')
  const counts = await countNoticesSent(base.db, [{ customerId, caseId, phoneValue }], now)
  expect(counts.get(caseId)).toMatchObject({ today: 1 })
  await drain(await sender())
  expect(carrier.messages()).toHaveLength(1)
  expect(await addsUp(campaignId)).toMatchObject({ sent: 1, unknown: 1 })
})

test('a doubtful notice is settled by a receipt with our reference', async () => {
  await gateway.close()
  gateway = await bind({ responseTimeoutMs: 100 })
  carrier.setMood('silent')
  const { campaignId } = await noticeFor('+819001234567')
  await drain(await sender())
  await carrier.runDue(now)
  await expectState(campaignId, 'delivered')
})

test('a doubtful notice is repeated once, 15 minutes later, after the rules were asked', async () => {
  await gateway.close()
  gateway = await bind({ responseTimeoutMs: 100 })
  carrier.setMood('silent')
  const { campaignId } = await noticeFor('+819000000003')
  await drain(await sender())
  carrier.setMood('normal')
  now = new Date(now.getTime() + 14 * 60_000)
  expect(await repeatDoubtfulNotices(base.db, 15, now)).toBe(0)
  now = new Date(now.getTime() + 60_000)
  const asked: string[] = []
  expect(await repeatDoubtfulNotices(base.db, 15, now)).toBeGreaterThan(0)
  expect(await repeatDoubtfulNotices(base.db, 15, now)).toBe(0)
  await drain(
    await sender((messageId) => {
      asked.push(messageId)
      return { kind: 'send' }
    }),
  )
  expect(asked.length).toBeGreaterThan(0)
  expect(await addsUp(campaignId)).toMatchObject({ target: 1, sent: 1 })
})

test('what a dead worker left in "sending" becomes doubtful and is not sent again', async () => {
  const { campaignId } = await noticeFor('+819001234567')
  const dead = await sender(undefined, { gateway: { ...silent(), split: gateway.split.bind(gateway) } })
  void once(dead)
  await expect.poll(() => stateOf(campaignId)).toBe('sending')
  expect(await openLeaseBook(base.db).settle(dead.bind.worker, { isLost: false, now })).toBe(1)
  expect(await openLeaseBook(base.db).settle(dead.bind.worker, { isLost: false, now })).toBe(0)
  expect(await stateOf(campaignId)).toBe('unknown')
  await drain(await sender())
  expect(carrier.messages()).toHaveLength(0)
})

const silent = (): Gateway => ({
  split: () => [],
  submit: () => new Promise<never>(() => {}),
  onReceipt: () => {},
  health: () => ({ state: 'bound', outstanding: 0, failedTries: 0 }),
  whenReady: async () => {},
  windowMax: 1,
  close: async () => {},
})

const queue = (code: { customerId: string; sender: string; validUntil: Date; text: string }) =>
  inTransaction(base.db, (tx) =>
    queueMessage(tx, vault, { ...code, class: 'code', phoneValue: Buffer.alloc(32, 1), partCount: 1 }, now),
  )

test('a code is sealed while it waits, leaves by its own lane and is gone from the database afterwards', async () => {
  const { customerId } = await noticeFor('+819001234567')
  const code = '認証番号:1234(5分有効)。'
  const validUntil = new Date(now.getTime() + 300_000)
  await queue({ customerId, sender: '0570055877', validUntil, text: code })
  const { sealed } = await base.db.selectFrom('message_bodies').select('sealed').executeTakeFirstOrThrow()
  expect(sealed.includes(Buffer.from('1234'))).toBe(false)
  expect(await once(await sender(), 'code')).toBe(1)
  await expect.poll(() => carrier.messages()[0]?.text).toBe(code)
  expect(await base.db.selectFrom('message_bodies').selectAll().execute()).toEqual([])
})

test('a code that expired in the queue is not sent', async () => {
  const { customerId } = await noticeFor('+819001234567')
  await queue({ customerId, sender: 'x', validUntil: now, text: 'x' })
  await once(await sender(), 'code')
  expect(carrier.messages()).toHaveLength(0)
  expect(await eventsOf(customerId)).toEqual([{ state: 'excluded', because: 'expired-before-sending' }])
  expect(await base.db.selectFrom('message_bodies').selectAll().execute()).toEqual([])
})

test('a text that fails the last check never leaves', async () => {
  const { campaignId, customerId } = await noticeFor('+819001234567')
  await drain(await sender(undefined, { checkFinalText: () => 'code-unbound' }))
  expect(carrier.messages()).toHaveLength(0)
  expect(await eventsOf(customerId)).toContainEqual({ state: 'refused', because: 'code-unbound' })
  expect(await addsUp(campaignId)).toMatchObject({ failed: 1 })
})

describe('a queue', () => {
  test('that is paused sends nothing, and goes on where it was', async () => {
    const { campaignId } = await noticeFor('+819001234567')
    const by = { by: 'test', now }
    expect(await controlQueue(base.db, campaignId, { act: 'paused', ...by })).toEqual({ kind: 'done', state: 'paused' })
    await drain(await sender())
    expect(carrier.messages()).toHaveLength(0)
    expect(await addsUp(campaignId)).toMatchObject({ unsent: 1 })
    expect(await controlQueue(base.db, campaignId, { act: 'paused', ...by })).toMatchObject({ because: 'is-paused' })
    await controlQueue(base.db, campaignId, { act: 'resumed', ...by })
    await drain(await sender())
    await expectState(campaignId, 'delivered')
    expect(carrier.messages()).toHaveLength(1)
  })

  test('that is cancelled counts what is left as excluded, and is not resumed', async () => {
    const { campaignId } = await noticeFor('+819001234567')
    const by = { by: 'test', now }
    await controlQueue(base.db, campaignId, { act: 'cancelled', ...by })
    await drain(await sender())
    expect(carrier.messages()).toHaveLength(0)
    expect(await addsUp(campaignId)).toMatchObject({ excluded: 1, unsent: 0 })
    expect(await controlQueue(base.db, campaignId, { act: 'resumed', ...by })).toMatchObject({
      because: 'is-cancelled',
    })
  })

  test('asked by a stream that was found before the pause still rests', async () => {
    const { campaignId } = await noticeFor('+819001234567')
    const { w, bind } = await sender()
    const [stream] = (await w.outbox.listDue('campaign', now)).filter(({ queueId }) => queueId === campaignId)
    await controlQueue(base.db, campaignId, { act: 'paused', by: 'test', now })
    expect(stream && (await sendDue(w, bind, stream, { slot: '1', limit: 8 }))).toBe(0)
  })
})

describe('a lease', () => {
  test('that somebody else has taken lets nothing be claimed any more', async () => {
    const { campaignId } = await noticeFor('+819001234567')
    const paused = await sender()
    await sender()
    expect(await once(paused)).toBe(0)
    expect(await stateOf(campaignId)).toBe('queued')
  })

  test('that ran out between the intent and the bytes lets no byte leave', async () => {
    const { campaignId, customerId } = await noticeFor('+819001234567')
    await once(await sender(undefined, { mayAct: () => false }))
    expect(carrier.messages()).toHaveLength(0)
    expect(await stateOf(campaignId)).toBe('queued')
    expect(await eventsOf(customerId)).toContainEqual({ state: 'requeued', because: 'lease-lost' })
  })

  test('taken while a claim is being made waits for it', async () => {
    const { campaignId } = await noticeFor('+819001234567')
    const slow = await sender()
    const order: string[] = []
    const claiming = once(slow).then(() => order.push('claimed'))
    await claiming
    await sender().then(() => order.push('taken'))
    expect(order).toEqual(['claimed', 'taken'])
    await expectState(campaignId, 'delivered')
  })
})

test('an answer that comes after its worker was given up leads to no other try', async () => {
  const { campaignId, customerId } = await noticeFor('+819001230022')
  const late = Promise.withResolvers<{ kind: 'not-sent'; because: 'no-bind' }>()
  const lost = await sender(undefined, {
    gateway: { ...silent(), split: gateway.split.bind(gateway), submit: () => late.promise },
  })
  const sending = once(lost)
  await expect.poll(() => stateOf(campaignId)).toBe('sending')
  await openLeaseBook(base.db).settle(lost.bind.worker, { isLost: true, now })
  late.resolve({ kind: 'not-sent', because: 'no-bind' })
  await sending
  expect((await eventsOf(customerId)).map(({ state }) => state)).toEqual(['sending', 'unknown'])
  now = new Date(now.getTime() + 60_000)
  await drain(await sender())
  expect(carrier.messages({ to: '09001230022' })).toHaveLength(0)
  expect(await stateOf(campaignId)).toBe('unknown')
})
