import { afterAll, beforeAll, expect, test } from 'vitest'
import { inTransaction, sql } from '#platform/database/database'
import { newId } from '#platform/ids'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { lockQueue } from './control.store.ts'
import { controlQueue, findControl, hasMore, queueState, waitUntilStill } from './messages.ts'
import { queueNotices } from './queue.store.ts'

let base: TestDatabase
beforeAll(async () => {
  base = await testDatabase()
})
afterAll(() => base.drop())

const now = new Date('2026-11-24T01:00:00Z')

/** A campaign with that many notices, of which nothing has been taken. */
const campaignOf = async (
  notices: number,
): Promise<{ readonly id: string; readonly messageIds: readonly string[] }> => {
  const id = newId(now)
  await sql`insert into campaigns values
    (${id}, ${now}, 'test', 'text', '1', ${notices}, ${notices}, 0, ${now}, 'test')`.execute(base.db)
  const messageIds = await inTransaction(base.db, (tx) =>
    queueNotices(
      tx,
      Array.from({ length: notices }, () => ({
        customerId: newId(now),
        class: 'notice' as const,
        caseId: newId(now),
        campaignId: id,
        phoneValue: Buffer.alloc(32),
        sender: 'x',
        partCount: 1,
      })),
      now,
    ),
  )
  return { id, messageIds }
}

/** A claim as a worker makes it: the cursor moves behind all that is there, and these messages are in hand. */
const claim = async (queueId: string, messageIds: readonly string[], { stream = '', number = 1 } = {}) => {
  await sql`
    insert into claims (queue_id, stream, number, to_position, worker, slot, message_ids, at)
    values (${queueId}, ${stream}, ${number}, nextval('message_positions'), ${newId(now)}, '1',
      ${[...messageIds]}::uuid[], ${now})`.execute(base.db)
  return () =>
    sql`insert into claim_ends (queue_id, stream, number) values (${queueId}, ${stream}, ${number})`.execute(base.db)
}

test('who paused a queue last, when and why is kept, and what goes alongside stands or falls with it', async () => {
  const { id } = await campaignOf(1)
  expect(await findControl(base.db, id)).toBeUndefined()
  expect(await queueState(base.db, id)).toBe('running')
  const order = { act: 'paused', by: 'cli:sato', because: '文面の確認', now } as const
  await expect(controlQueue(base.db, id, order, () => Promise.reject(new Error('no audit line')))).rejects.toThrow()
  expect(await queueState(base.db, id)).toBe('running')
  expect(await controlQueue(base.db, id, order)).toEqual({ kind: 'done', state: 'paused' })
  expect(await findControl(base.db, id)).toEqual({ act: 'paused', by: 'cli:sato', because: '文面の確認', at: now })
  await controlQueue(base.db, id, { act: 'resumed', by: 'cli:ito', now })
  expect(await findControl(base.db, id)).toEqual({ act: 'resumed', by: 'cli:ito', because: null, at: now })
})

test('a pause waits for a claim that is being made: none is committed after it', async () => {
  const { id } = await campaignOf(1)
  const order: string[] = []
  const claiming = Promise.withResolvers<void>()
  const locked = Promise.withResolvers<void>()
  const claim = inTransaction(base.db, async (tx) => {
    await lockQueue(tx, id)
    locked.resolve()
    await claiming.promise
    order.push('claimed')
  })
  await locked.promise
  const pause = controlQueue(base.db, id, { act: 'paused', by: 'test', now }).then(() => order.push('paused'))
  await expect.poll(async () => order.length > 0 || (await someoneWaits())).toBe(true)
  claiming.resolve()
  await Promise.all([claim, pause])
  expect(order).toEqual(['claimed', 'paused'])
})

const someoneWaits = async (): Promise<boolean> => {
  const { rows } = await sql<{ waits: boolean }>`
    select exists (
      select from pg_locks where locktype = 'advisory' and not granted
        and database = (select oid from pg_database where datname = current_database())
    ) as waits`.execute(base.db)
  return rows[0]?.waits ?? false
}

test('a pause waits for what is in hand, no longer than it is told, and says what is still awaited', async () => {
  const { id, messageIds } = await campaignOf(3)
  const end = await claim(id, messageIds)
  const rests: number[] = []
  const rest = async (ms: number) => {
    rests.push(ms)
  }
  expect(await waitUntilStill(base.db, id, { withinMs: 200, rest })).toBe(3)
  expect(rests).toEqual([50, 50, 50, 50])
  expect(
    await waitUntilStill(base.db, id, {
      withinMs: 200,
      rest: async () => {
        await end()
      },
    }),
  ).toBe(0)
})

test('a queue has more until nothing waits behind any cursor and nothing is in hand', async () => {
  const { id, messageIds } = await campaignOf(2)
  const other = await campaignOf(1)
  expect(await hasMore(base.db, id)).toBe(true)
  const end = await claim(id, messageIds)
  expect(await hasMore(base.db, id)).toBe(true)
  await end()
  expect(await hasMore(base.db, id)).toBe(false)
  for (const stream of ['deferred', 'throttled carrier'])
    await sql`insert into retries (queue_id, stream, message_id, not_before)
      values (${id}, ${stream}, ${messageIds[0]}, ${now})`.execute(base.db)
  expect(await hasMore(base.db, id)).toBe(true)
  await (await claim(id, [], { stream: 'deferred' }))()
  expect(await hasMore(base.db, id)).toBe(true)
  await (await claim(id, [], { stream: 'throttled carrier' }))()
  expect(await hasMore(base.db, id)).toBe(false)
  expect(await hasMore(base.db, other.id)).toBe(true)
})
