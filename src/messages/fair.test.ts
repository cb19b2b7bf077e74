import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { inTransaction, sql } from '#platform/database/database'
import type { OutgoingPart, SubmitOutcome } from '#platform/gateways/gateway'
import { systemTimers } from '#platform/gateways/timers'
import { newId } from '#platform/ids'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { appendStretch, insertCampaign } from '../../test/message-log.ts'
import { gatewayThat, openOutboxFor, takeBinds, testVault } from '../../test/message-sender.ts'
import type { Bind } from './bind.ts'
import { openPace } from './pace.rules.ts'
import { queueMessage } from './queue.store.ts'
import { openReceiptKeeper } from './receipts.jobs.ts'
import { campaignSlots, claimMax, type TurnWorld, takeTurn } from './turn.jobs.ts'

/** Several campaigns and codes share one bind. */
let base: TestDatabase
beforeAll(async () => {
  base = await testDatabase()
})
afterAll(() => base.drop())
beforeEach(async () => {
  await sql`truncate messages, message_events, retries, claims, claim_ends, campaigns cascade`.execute(base.ownerDb)
})

const now = new Date('2026-11-25T02:00:00Z')
const vault = testVault()
const campaigns = [1, 2, 3].map((number) => `00000000-0000-7000-8000-00000000000${number}`)
const windowMax = 20
const perClaim = claimMax({ windowMax }, 'campaign', 1_000)
/** What one stream may take before another has its turn. */
const inARow = 8 * perClaim

const withNotices = async (...counts: readonly number[]): Promise<void> => {
  for (const [index, count] of counts.entries()) {
    const queueId = campaigns[index] ?? ''
    await insertCampaign(base.ownerDb, queueId, now)
    await appendStretch(base.ownerDb, { queueId, class: 'notice', at: now, count })
  }
}

const queueCode = () =>
  inTransaction(base.db, (tx) =>
    queueMessage(
      tx,
      vault,
      {
        class: 'code',
        customerId: newId(now),
        phoneValue: Buffer.alloc(32),
        sender: 'x',
        partCount: 1,
        text: '認証番号',
      },
      now,
    ),
  )

const senderOver = async (submit: (part: OutgoingPart) => Promise<SubmitOutcome>) => {
  const [held] = await takeBinds(base.db, ['carrier'], now)
  const outbox = openOutboxFor(base.db, vault, ['carrier'])
  const clock = { now: () => now }
  const w: TurnWorld = {
    outbox,
    receipts: openReceiptKeeper({ outbox, clock, timers: systemTimers }),
    clock,
    timers: systemTimers,
    nextGateway: (_, gateway) => ({ gateway, isAtOnce: false }),
    checkFinalText: () => undefined,
    campaignsMayLeave: () => true,
    mayTake: () => true,
  }
  const bind: Bind = {
    worker: held?.worker ?? '',
    name: 'carrier',
    number: 1,
    epoch: held?.epoch ?? 0,
    gateway: gatewayThat(submit, windowMax),
    pace: openPace({ perSecond: 1_000, monotonicMs: () => performance.now(), timers: systemTimers }),
    mayAct: () => true,
    isLeaving: () => false,
  }
  return { w, bind }
}

const sentOf = async (): Promise<readonly number[]> => {
  const { rows } = await sql<{ queueId: string; count: number }>`
    select queue_id as "queueId", count(*)::int as count from messages
    where exists (select from message_lines e where e.message_id = messages.id and e.state = 'submitted')
    group by 1`.execute(base.db)
  return campaigns.map((id) => rows.find(({ queueId }) => queueId === id)?.count ?? 0)
}

test('a campaign that began earlier does not keep the next ones waiting until it is through', async () => {
  await withNotices(3 * inARow, 2 * inARow, inARow / 2)
  let ids = 0
  const { w, bind } = await senderOver(async () => ({ kind: 'submitted', carrierId: `c${++ids}` }))
  const after: (readonly number[])[] = []
  for (let turn = 0; turn < 4; turn++) {
    await takeTurn(w, bind, 'campaign', 'slot')
    after.push(await sentOf())
  }
  expect(after).toEqual([
    [inARow, inARow, inARow / 2],
    [2 * inARow, 2 * inARow, inARow / 2],
    [3 * inARow, 2 * inARow, inARow / 2],
    [3 * inARow, 2 * inARow, inARow / 2],
  ])
})

test('a code leaves while every place of the campaigns waits for its answer', async () => {
  await withNotices(inARow, inARow)
  const underWay: OutgoingPart[] = []
  const answer = Promise.withResolvers<void>()
  let ids = 0
  const { w, bind } = await senderOver(async (part) => {
    underWay.push(part)
    if (part.part.text !== '認証番号') await answer.promise
    return { kind: 'submitted', carrierId: `c${++ids}` }
  })
  const slots = campaignSlots({ windowMax })
  const turns = Array.from({ length: slots }, (_, slot) => takeTurn(w, bind, 'campaign', `slot ${slot}`))
  await expect.poll(() => underWay.length).toBe(slots * perClaim)
  const codes = [await queueCode(), await queueCode()]
  expect(await takeTurn(w, bind, 'code', 'code')).toBe(2)
  expect(underWay.slice(slots * perClaim).map(({ messageId }) => messageId)).toEqual(codes)
  expect(underWay.length).toBeLessThanOrEqual(windowMax)
  answer.resolve()
  await Promise.all(turns)
  expect((await sentOf()).slice(0, 2)).toEqual([inARow, inARow])
})

test('slots that work at once take each message once, in the order of the queue', async () => {
  await withNotices(10 * perClaim)
  const order: string[] = []
  const { w, bind } = await senderOver(async ({ messageId = '' }) => {
    order.push(messageId)
    return { kind: 'submitted', carrierId: messageId }
  })
  await Promise.all([1, 2, 3].map((slot) => takeTurn(w, bind, 'campaign', `slot ${slot}`)))
  expect(order).toHaveLength(10 * perClaim)
  expect(new Set(order).size).toBe(10 * perClaim)
  const { rows } = await sql<{ ids: string[] }>`select message_ids as ids from claims order by number`.execute(base.db)
  expect(rows.flatMap(({ ids }) => ids)).toEqual([...order].sort())
})
