import pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { type Database, inPipeline, inTransaction, openDatabase, sql } from '#platform/database/database'
import { type TestDatabase, testDatabase } from '../../../test/database.ts'

let base: TestDatabase
let owner: Database
beforeAll(async () => {
  base = await testDatabase()
  owner = openDatabase(base.ownerUrl, { poolMax: 1 })
  await sql`create table marks (n integer primary key)`.execute(owner)
})
afterAll(async () => {
  await owner.destroy()
  await base.drop()
})
beforeEach(() => sql`truncate marks`.execute(owner))

const mark = (n: number) => sql`insert into marks values (${n})`
const marks = async (): Promise<readonly number[]> =>
  (await sql<{ n: number }>`select n from marks order by n`.execute(owner)).rows.map(({ n }) => n)

test('all statements are one transaction, in the order in which they were sent', async () => {
  const seen = await inPipeline(owner, async ({ send, last, tx }) => {
    send(mark(1))
    const between = send(sql<{ count: number }>`select count(*)::int as count from marks`)
    send(mark(2))
    last(mark(4))
    await mark(3).execute(tx)
    return (await between).rows
  })
  expect([seen, await marks()]).toEqual([[{ count: 1 }], [1, 2, 3, 4]])
})

test.each<[string, Parameters<typeof inPipeline<unknown>>[1]]>([
  ['is waited for', async ({ send }) => Promise.all([send(mark(1)), send(mark(2)), send(mark(2))])],
  ['nobody waits for', async ({ send }) => [send(mark(1)), send(mark(2)), send(mark(2))].length],
  ['goes with the commit', async ({ last }) => [mark(1), mark(2), mark(2)].map(last)],
  [
    'is somebody else’s, who swallows it',
    async ({ tx }) =>
      mark(1)
        .execute(tx)
        .then(() => sql`select 1 / 0`.execute(tx))
        .catch(() => {}),
  ],
])('nothing is kept when a statement fails that %s, and the connection is as good as new', async (_, act) => {
  await expect(inPipeline(owner, act)).rejects.toThrow()
  expect(await marks()).toEqual([])
  await inPipeline(owner, async ({ send }) => send(mark(7)))
  expect(await marks()).toEqual([7])
})

test('nothing is kept when the program fails', async () => {
  const failing = inPipeline(owner, async ({ send }) => {
    await send(mark(1))
    throw new Error('of ours')
  })
  await expect(failing).rejects.toThrow('of ours')
  expect(await marks()).toEqual([])
})

test('what nobody waits for leaves in one write', async () => {
  await inPipeline(owner, async ({ last }) => last(mark(0)))
  const writes = vi.spyOn(pg.Client.prototype, 'query')
  let corked = 0
  await inPipeline(owner, async ({ send, last }) => {
    send(mark(1))
    send(mark(2))
    const [client] = writes.mock.contexts as unknown as readonly {
      readonly connection: { readonly stream: { readonly writableCorked: number } }
    }[]
    corked = client?.connection.stream.writableCorked ?? 0
    last(mark(3))
  })
  writes.mockRestore()
  expect([corked, await marks()]).toEqual([1, [0, 1, 2, 3]])
})

test('others wait for its locks, and see nothing of it before', async () => {
  const begun = Promise.withResolvers<void>()
  const order: string[] = []
  const one = inPipeline(owner, async ({ send }) => {
    await send(sql`select pg_advisory_xact_lock(42)`)
    begun.resolve()
    await send(sql`select pg_sleep(0.05)`)
    send(mark(1))
    order.push('one')
  })
  await begun.promise
  const other = inTransaction(base.ownerDb, async (tx) => {
    await sql`select pg_advisory_xact_lock(42)`.execute(tx)
    order.push('other')
    return (await sql`select n from marks`.execute(tx)).rows
  })
  await one
  expect([await other, order]).toEqual([[{ n: 1 }], ['one', 'other']])
})
