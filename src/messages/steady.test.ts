import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase, type RawBuilder, sql } from '#platform/database/database'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { explaining } from '../../test/explain.ts'
import { appendStretch, insertCampaign, keepVacuumAway } from '../../test/message-log.ts'
import { openOutboxFor, takeBinds, testVault } from '../../test/message-sender.ts'
import { keepMonths } from './months.store.ts'
import type { Answer, Claimant, Outbox, Stream } from './outbox.ts'
import { beat } from './worker.store.ts'

/** What a message costs, counted in pages touched: the same on the first day and after years, and while somebody reads. */
let base: TestDatabase
let outbox: Outbox
let by: Claimant

const now = new Date('2026-11-25T02:00:00Z')
const perRound = 50
const campaign = (number: number): string => `00000000-0000-7000-8000-00000000000${number}`

beforeAll(async () => {
  base = await testDatabase()
  for (const day of ['2026-10-10', '2026-11-10']) await keepMonths(base.db, new Date(`${day}T00:00:00Z`))
  await keepVacuumAway(base.ownerDb)
  outbox = openOutboxFor(base.db, testVault(), ['carrier'])
  const [held] = await takeBinds(base.db, ['carrier'], now)
  by = { worker: '', gateway: 'carrier', bind: 1, epoch: 0, ...held, slot: 'slot' }
})
afterAll(() => base.drop())

/** Looks where something is due, claims, writes the answers down and takes the receipts in. */
const round = async (queueId: string): Promise<void> => {
  const stream: Stream = { queueId, lane: 'campaign' }
  await outbox.listDue('campaign', now)
  const claim = await outbox.claim(stream, by, perRound, now)
  expect(claim.messages).toHaveLength(perRound)
  const answers: readonly Answer[] = claim.messages.map((message) => ({
    message,
    outcomes: [{ kind: 'submitted', carrierId: `c ${message.messageId}` }],
    parts: 1,
    next: { kind: 'record', state: 'submitted' },
  }))
  await outbox.record(claim, answers, now)
  await outbox.keepReceipts(
    'carrier',
    answers.map(({ message }) => ({ carrierId: `c ${message.messageId}`, state: 'delivered', raw: 'x' })),
    now,
  )
  await beat(base.db, by.worker, [{ ...by, isBound: true }])
}

const pagesPerMessage = async (queueId: string): Promise<number> => {
  const explained = await explaining(() => round(queueId))
  return explained.reduce((sum, { buffers }) => sum + buffers, 0) / perRound
}

const appendCampaign = async (number: number, count: number): Promise<string> => {
  const queueId = campaign(number)
  await insertCampaign(base.ownerDb, queueId, now)
  await appendStretch(base.ownerDb, { queueId, class: 'notice', at: now, count })
  return queueId
}

/** What there is of messages that were sent in each of these months: history, without the rest of it. */
const appendLines = async (count: number): Promise<void> => {
  for (const at of ['2026-10-10T02:00:00Z', '2026-11-20T02:00:00Z']) {
    const idOf = (i: RawBuilder<unknown>) => sql`
      overlay(first_id_at(${at}::timestamptz + ${i} * interval '1 ms')::text placing lpad(to_hex(${i}), 12, '0') from 25)::uuid`
    const before = sql`(select count(*)::int from message_events)`
    await sql`
      with claimed as (
        insert into claims (queue_id, stream, number, to_position, worker, slot, message_ids, gateway, at)
        select first_id_at(${at}), '', ${before} + n, ${before} + n, first_id_at(${at}), 'slot',
          array(select ${idOf(sql`i`)} from generate_series(n, n + ${perRound}::int - 1) i), 'carrier', ${at}
        from generate_series(${before} + 1, ${before} + ${count}::int, ${perRound}::int) n
        returning *
      )
      insert into claim_ends (queue_id, stream, number, gateway, carrier_ids, at)
      select queue_id, stream, number, gateway, array(select 'c ' || id from unnest(message_ids) as i (id)), at from claimed`.execute(
      base.ownerDb,
    )
    await sql`
      insert into message_events (message_id, state, gateway, at)
      select ${idOf(sql`i`)}, 'delivered', 'carrier', ${at} from generate_series(${before} + 1, ${before} + ${count}::int) i`.execute(
      base.ownerDb,
    )
  }
}

test('after four times as many messages in the same months and in months before', async () => {
  await appendLines(15_000)
  const young = await appendCampaign(1, 3 * perRound)
  await round(young)
  const before = await pagesPerMessage(young)
  await appendLines(45_000)
  const old = await appendCampaign(2, 3 * perRound)
  await round(old)
  expect(await pagesPerMessage(old)).toBeLessThan(before * 1.1)
})

test('after thousands of messages that somebody does not see who still reads an older state', async () => {
  const queueId = await appendCampaign(3, 60 * perRound)
  const reader = openDatabase(base.url)
  await reader
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (tx) => {
      await sql`select from messages limit 1`.execute(tx)
      await round(queueId)
      const first = await pagesPerMessage(queueId)
      for (let rounds = 0; rounds < 50; rounds++) await round(queueId)
      expect(await pagesPerMessage(queueId)).toBeLessThan(first * 1.1)
    })
  await reader.destroy()
})
