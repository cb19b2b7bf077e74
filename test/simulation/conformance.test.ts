import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  controlQueue,
  countCampaign,
  openLeaseBook,
  openOutbox,
  queueMessage,
  queueNotices,
  repeatDoubtfulNotices,
  settleReceipts,
} from '#messages'
import { inTransaction, sql } from '#platform/database/database'
import { newId } from '#platform/ids'
import { openVault } from '#platform/vault/vault'
import { phone } from '#values/phone'
import { phoneValue } from '../../src/customers/customers.ts'
import type { LeaseBook, WorkerLock } from '../../src/messages/lease-book.ts'
import { codeQueue, type Lane, type MessageClass } from '../../src/messages/message.rules.ts'
import type {
  Answer,
  Claim,
  Claimant,
  ClaimedMessage,
  KnownReceipt,
  Outbox,
  Release,
} from '../../src/messages/outbox.ts'
import { type TestDatabase, testDatabase } from '../database.ts'
import { MemoryLeases } from './memory-leases.ts'
import { MemoryLog } from './memory-log.ts'
import { MemoryReceipts } from './memory-receipts.ts'
import { countStates, stateOf } from './message-state.ts'
import { emptyTables, listOf, type MessageRow } from './tables.ts'

/** The database in memory is worth something only if it says what PostgreSQL says. */
let base: TestDatabase
beforeAll(async () => {
  base = await testDatabase()
})
afterAll(() => base.drop())

const vault = openVault({ derive: (label) => Buffer.from(label.padEnd(32, '.').slice(0, 32)) })
const gateways = ['north', 'south'] as const
const phones = [phone('+819001234561'), phone('+819001234562')] as const
const text = 'ご案内'

type Step = { readonly kind: (typeof kinds)[number]; readonly a: number; readonly b: number; readonly c: number }
const kinds = [
  'queue-notices',
  'queue-code',
  'claim',
  'claim',
  'claim',
  'record',
  'record',
  'advance',
  'advance',
  'put-back',
  'receipt',
  'receipt',
  'tie',
  'repeat',
  'control',
  'wait',
  'take',
  'beat',
  'release',
  'settle',
] as const

const steps = fc.array(
  fc.record({
    kind: fc.constantFrom(...kinds),
    a: fc.nat({ max: 11 }),
    b: fc.nat({ max: 11 }),
    c: fc.nat({ max: 11 }),
  }),
  { minLength: 20, maxLength: 40 },
)

test('the same steps leave the same in memory and in PostgreSQL', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (taken) => {
      const both = await openBoth()
      try {
        for (const step of taken) {
          await takeStep(both, step)
          await compare(both)
        }
      } finally {
        for (const lock of both.locks.values()) await lock.release()
      }
    }),
    { numRuns: 15, endOnFailure: true },
  )
})

type Both = Awaited<ReturnType<typeof openBoth>>

const openBoth = async () => {
  await sql`
    truncate messages, message_events, retries, claims, claim_ends, queue_controls, workers, gateway_leases, receipts,
      message_bodies, campaign_decisions, campaign_chains, campaigns cascade`.execute(base.ownerDb)
  const start = new Date('2026-11-25T01:00:00Z')
  const campaignId = newId(start)
  const customers = phones.map(() => newId(start))
  const tables = emptyTables()
  const rule = { now: 0 }
  const decide = (due: readonly { readonly messageId: string }[], now: Date) =>
    new Map(due.map(({ messageId }, at) => [messageId, releaseOf(rule.now + at, now)]))
  const log = new MemoryLog(tables, gateways, decide)
  const repeats = new Map<string, Pick<MessageRow, 'messageId' | 'reference'>>()
  const receipts = new (class extends MemoryReceipts {
    override nameOfRepeat(message: MessageRow) {
      return repeats.get(message.messageId) ?? super.nameOfRepeat(message)
    }
  })(log)
  const leases = new MemoryLeases(log)
  for (const [at, customerId] of customers.entries()) tables.customers.set(customerId, phones[at] ?? phones[0])
  const outbox: Outbox = openOutbox({
    db: base.db,
    vault,
    gateways,
    decideRelease: async (_, due, now) => decide(due, now),
    listPhones: async () => new Map(tables.customers),
  })
  const book: LeaseBook = openLeaseBook(base.db)
  await insertCampaign(campaignId, start)
  tables.campaigns.set(campaignId, { text, approvedAt: start, noticed: 0, excluded: 0 })
  const binds = gateways.map((gateway) => ({ gateway, bind: 1 }))
  const workers = [newId(start), newId(start)]
  const locks = new Map<string, WorkerLock>()
  for (const worker of workers) {
    locks.set(worker, await book.enter(worker, binds, start))
    leases.enter(worker, binds, { worker })
  }
  const claims: { readonly real: Claim; readonly model: Claim }[] = []
  return {
    campaignId,
    customers,
    tables,
    rule,
    log,
    receipts,
    leases,
    outbox,
    book,
    repeats,
    workers,
    locks,
    claims,
    now: start,
  }
}

const insertCampaign = async (id: string, now: Date): Promise<void> => {
  await base.db
    .insertInto('campaigns')
    .values({
      id,
      planned_at: now,
      planned_by: 'test',
      notice_text: text,
      rules_version: '1',
      target_count: 0,
      planned_count: 0,
      excluded_count: 0,
      approved_at: now,
      approved_by: 'test',
    })
    .execute()
}

const releaseOf = (draw: number, now: Date): Release => {
  const facts = {}
  if (draw % 6 === 1) return { kind: 'exclude', because: 'rule', facts }
  if (draw % 6 === 2)
    return { kind: 'defer', until: new Date(now.getTime() + 5_000 * (1 + (draw % 20))), because: 'hours', facts }
  return draw % 6 === 3 ? { kind: 'send', validUntil: new Date(now.getTime() + 60_000) } : { kind: 'send' }
}

const takeStep = async (both: Both, { kind, a, b, c }: Step): Promise<void> => {
  const { tables, log, receipts, leases, outbox, book, claims, now } = both
  const worker = pick(both.workers, a)
  const lane: Lane = b % 3 === 0 ? 'code' : 'campaign'
  switch (kind) {
    case 'queue-notices':
    case 'queue-code':
      return queue(both, kind === 'queue-code' ? 'code' : 'notice', 1 + (a % 3), b)
    case 'claim': {
      both.rule.now = a
      const found = await outbox.listDue(lane, now)
      const inMemory = log.listDue(lane, now)
      expect(new Set(found.map((stream) => JSON.stringify(stream)))).toEqual(
        new Set(inMemory.map((stream) => JSON.stringify(stream))),
      )
      const stream = inMemory[c % Math.max(1, inMemory.length)]
      if (stream === undefined) return
      const by = claimantOf(both, worker, b, c)
      const real = await outbox.claim(stream, by, 1 + (c % 3), now)
      const model = log.claim(stream, by, 1 + (c % 3), now)
      expect(shown(real)).toEqual(shown(model))
      if (real.messages.length > 0) claims.push({ real, model })
      return
    }
    case 'record': {
      const claim = claims[a % Math.max(1, claims.length)]
      if (claim === undefined) return
      // Most are told once; some again.
      if (c % 4 > 0) claims.splice(claims.indexOf(claim), 1)
      const answers = claim.real.messages.map((message, at) => answerOf(message, b + at, `${tables.serial + at}`))
      await outbox.record(claim.real, answers, now)
      log.record(claim.model, answers, now)
      return
    }
    case 'advance': {
      const claim = claims[a % Math.max(1, claims.length)]
      if (claim === undefined) return
      // Most are told once; some again.
      if (c % 4 > 0) claims.splice(claims.indexOf(claim), 1)
      both.rule.now = b
      const answers = claim.real.messages.map((message, at) => answerOf(message, b + at, `${tables.serial + at}`))
      const real = await outbox.advance(claim.real, answers, 1 + (a % 3), now)
      const model = log.advance(claim.model, answers, 1 + (a % 3), now)
      expect(shown(real)).toEqual(shown(model))
      if (real.messages.length > 0) claims.push({ real, model })
      return
    }
    case 'put-back': {
      const by = claimantOf(both, worker, b, c)
      await outbox.putBack(by, now)
      log.putBack(by, now)
      return
    }
    case 'receipt': {
      const receipt = receiptOf(both, a, b, c)
      await outbox.keepReceipts(pick(gateways, b), [receipt], now)
      receipts.keep(pick(gateways, b), [receipt], now)
      return
    }
    case 'tie':
      expect(await settleReceipts(base.db, { since: new Date(0), now })).toBe(receipts.tie(now))
      return
    case 'repeat': {
      const count = await repeatDoubtfulNotices(base.db, 15, now)
      const rows = await base.db.selectFrom('messages').select(['id', 'reference', 'repeats']).execute()
      for (const { id, reference, repeats } of rows)
        if (repeats !== null) both.repeats.set(repeats, { messageId: id, reference })
      expect(receipts.repeatDoubtful(15, now)).toBe(count)
      return
    }
    case 'control': {
      const act = pick(['paused', 'paused', 'resumed', 'resumed', 'resumed', 'cancelled'] as const, a)
      const { kind: outcome } = await controlQueue(base.db, both.campaignId, { act, by: 'test', now })
      if (outcome === 'done') listOf(tables.controls, both.campaignId).push(act)
      return
    }
    case 'wait':
      both.now = new Date(now.getTime() + pick([500, 2_000, 10_000, 61_000, 901_000], a))
      return
    case 'take': {
      const seen = pick(leases.read().leases, b)
      expect(await book.take(seen, worker)).toBe(leases.take(seen, worker))
      return
    }
    case 'beat': {
      const held = leases.read().leases.map((lease) => ({ ...lease, isBound: c % 2 === 0 }))
      await book.beat(worker, held)
      leases.beat(worker, held)
      return
    }
    case 'release': {
      const lease = pick(leases.read().leases, b)
      await book.release(lease)
      leases.release(lease)
      return
    }
    case 'settle': {
      const isLost = c % 4 === 0
      expect(await book.settle(worker, { isLost, now })).toBe(leases.settle(worker, { isLost, now }))
      return
    }
  }
}

const queue = async (both: Both, messageClass: MessageClass, count: number, b: number): Promise<void> => {
  const { campaignId, tables, log, now } = both
  for (let at = 0; at < count; at++) {
    const customerId = pick(both.customers, b + at)
    const to = tables.customers.get(customerId) ?? phones[0]
    // The end of an id is its reference: a few only, so that two have the same.
    const id = `${newId(now).slice(0, -4)}00a${(b + at) % 4}`
    const isNotice = messageClass === 'notice'
    const validUntil = isNotice ? undefined : new Date(now.getTime() + 30_000)
    const message = {
      id,
      customerId,
      class: messageClass,
      phoneValue: phoneValue(vault, to),
      sender: '0570055877',
      partCount: 1 + (b % 2),
      ...(isNotice && { campaignId }),
      ...(validUntil && { validUntil }),
    }
    await inTransaction(base.db, async (tx) => {
      if (isNotice) await queueNotices(tx, [message], now)
      else await queueMessage(tx, vault, { ...message, text }, now)
    })
    if (!isNotice) tables.texts.set(id, text)
    log.queue({
      messageId: id,
      customerId,
      class: messageClass,
      caseId: null,
      campaignId: isNotice ? campaignId : null,
      queueId: isNotice ? campaignId : codeQueue,
      phoneValue: message.phoneValue,
      sender: message.sender,
      reference: Number.parseInt(id.slice(-4), 16),
      partCount: message.partCount,
      validUntil: validUntil ?? null,
      queuedAt: now,
      repeats: null,
    })
  }
}

const claimantOf = (both: Both, worker: string, b: number, c: number): Claimant => {
  const lease = pick(both.leases.read().leases, b)
  const epoch = c % 5 === 0 ? lease.epoch - 1 : lease.epoch
  const { gateway, bind } = lease
  // Mostly the owner; now and then somebody who only thinks so.
  return { worker: c % 7 === 0 ? worker : (lease.worker ?? worker), slot: `${b % 2}`, gateway, bind, epoch }
}

const answerOf = (message: ClaimedMessage, draw: number, carrierId: string): Answer => {
  const submitted = { kind: 'submitted', carrierId: draw % 11 === 10 ? '' : carrierId } as const
  const parts = message.partCount
  switch (draw % 6) {
    case 0:
    case 1: {
      const outcomes = Array.from({ length: parts }, (_, at) => ({
        ...submitted,
        carrierId: submitted.carrierId && `${carrierId}-${at}`,
      }))
      return { message, outcomes, parts, next: { kind: 'record', state: 'submitted' } }
    }
    case 2: {
      const outcomes = parts > 1 ? [submitted, { kind: 'doubtful', because: 'timeout' } as const] : []
      return { message, outcomes, parts, next: { kind: 'record', state: 'unknown', because: 'timeout' } }
    }
    case 3:
      return { message, outcomes: [], parts, next: { kind: 'record', state: 'refused', because: 'invalid' } }
    default: {
      const delay = pick(['moved', 'throttled', 'not-sent', 'refused'] as const, draw)
      const next = { kind: 'again', gateway: pick(gateways, draw), delay, because: 'later' } as const
      return { message, outcomes: [], parts, next }
    }
  }
}

let receiptsMade = 0

const receiptOf = ({ tables }: Both, a: number, b: number, c: number): KnownReceipt => {
  const known = tables.written.flatMap(({ carrierId }) => carrierId ?? [])
  const message = pick([...tables.messages.values(), undefined], a)
  const to = message && tables.customers.get(message.customerId)
  const names = c % 3
  return {
    carrierId: names === 0 ? (known[b % Math.max(1, known.length)] ?? 'early') : names === 1 ? `other ${b}` : '',
    state: pick(['delivered', 'failed', 'expired', 'enroute'], a + c),
    raw: `receipt ${++receiptsMade}`,
    ...(message && a % 3 > 0 && { reference: message.reference }),
    ...(to && a % 2 > 0 && { to }),
  }
}

const compare = async ({ campaignId, tables, leases, book, campaignId: id }: Both): Promise<void> => {
  const { rows } = await sql<{ id: string; state: string }>`
    select message_id as id, state from message_states order by 1`.execute(base.db)
  const inMemory = [...tables.messages.values()].map((message) => ({
    id: message.messageId,
    state: stateOf(tables, message),
  }))
  expect(rows).toEqual(inMemory.sort((one, other) => (one.id < other.id ? -1 : 1)))
  expect(await book.read()).toEqual(leases.read())
  const waiting = await base.db.selectFrom('receipts').select('raw').execute()
  expect(new Set(waiting.map(({ raw }) => raw))).toEqual(new Set(tables.receipts.map(({ raw }) => raw)))
  const { sent, delivered, undelivered, unknown, excluded, failed } = await countCampaign(base.db, campaignId)
  expect(countStates(tables, id)).toMatchObject({ sent, delivered, undelivered, unknown, excluded, failed })
}

const shown = ({ number, taken, isFenced, messages }: Claim) => ({
  number,
  taken,
  isFenced,
  messages: messages.map(({ messageId, to, text: said, tries, validUntil, reference, partCount }) => ({
    messageId,
    to,
    said,
    tries,
    validUntil,
    reference,
    partCount,
  })),
})

const pick = <Choice>(choices: readonly Choice[], at: number): Choice => {
  const choice = choices[at % choices.length]
  if (choice === undefined && at >= 0 && choices.length === 0) throw new Error('Bug: there is something to pick from')
  return choice as Choice
}
