import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { cancelPromises, decideAnswer, lockAnswerFacts, recordAnswer } from '#answers'
import type { Creditor } from '#creditor'
import { japaneseHolidays as holidays } from '#platform/calendar/holidays'
import { type Database, inTransaction, sql, type Transaction } from '#platform/database/database'
import { addDays, dayInJst } from '#values/day'
import { chanceOf, creditorWith, openCase, ten } from '../../test/casework.ts'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { listFeed } from './feed.store.ts'
import { type ExportedAnswer, exportAnswers, numberAnswers } from './handback.ts'

let it: TestDatabase
let db: Database
let creditor: Creditor
const chance = chanceOf()
beforeAll(async () => {
  it = await testDatabase()
  db = it.db
  creditor = await creditorWith()
})
beforeEach(async () => {
  await sql`truncate answers cascade`.execute(it.ownerDb)
  await sql`truncate answer_feed, answer_feed_waiting`.execute(it.ownerDb)
})
afterAll(() => it.drop())

const promiseIn = async (tx: Transaction, customerId: string, now = ten, days = 1): Promise<void> => {
  const facts = await lockAnswerFacts(tx, [customerId], creditor.products)
  const today = dayInJst(now)
  const request = { kind: 'promise', day: addDays(today, days), shownOn: today } as const
  const outcome = decideAnswer(facts, request, { now, holidays, creditor })
  if (outcome.kind === 'recorded') await recordAnswer(tx, { outcome, answeredBy: 'customer', now, chance })
}
const promise = (customerId: string, now = ten, days = 1) =>
  inTransaction(db, (tx) => promiseIn(tx, customerId, now, days))

const exported = async (after?: number): Promise<readonly ExportedAnswer[]> => {
  const rows: ExportedAnswer[] = []
  for await (const row of exportAnswers(db, after === undefined ? {} : { after })) rows.push(row)
  return rows
}

test('a version carries what the core system needs, and says which version it replaces', async () => {
  const { customerId, customerNumber, contractNumbers } = await openCase(db, { bills: [{}, {}] })
  await promise(customerId)
  await inTransaction(db, (tx) => cancelPromises(tx, { customerId, because: 'hold-legal', by: 'cli:sato', now: ten }))
  expect(await numberAnswers(db)).toBe(2)
  const [first, second] = await exported()
  expect(first).toEqual({
    cursor: 1,
    answerId: expect.any(String),
    version: 1,
    supersedes: null,
    kind: 'promise',
    promisedDay: '2026-11-25',
    answeredAt: '2026-11-24T10:00:00+09:00',
    receiptNumber: expect.stringMatching(/^\d{9}$/),
    customerNumber,
    contractNumbers: [...contractNumbers].sort(),
  })
  expect(second).toEqual({ ...first, cursor: 2, version: 2, supersedes: 1, kind: 'cancelled', promisedDay: null })
})

test('a version without a known contract has no contract numbers', async () => {
  const { customerId } = await openCase(db, { bills: [{ product: null }] })
  await promise(customerId)
  await numberAnswers(db)
  expect(await exported()).toMatchObject([{ contractNumbers: [] }])
})

test('only what has a place is handed back; a cursor is exclusive and gives the same again', async () => {
  const { customerId } = await openCase(db)
  await promise(customerId)
  expect(await listFeed(db, 0, 10)).toEqual([])
  await numberAnswers(db)
  await promise(customerId)
  await promise(customerId)
  const cursors = async (after?: number) => (await exported(after)).map(({ cursor }) => cursor)
  expect(await cursors()).toEqual([1, 2, 3])
  expect(await cursors(1)).toEqual([2, 3])
  expect(await cursors(1)).toEqual([2, 3])
  expect(await cursors(3)).toEqual([])
  expect(await cursors(99)).toEqual([])
})

test('a version whose transaction commits late is numbered then, behind those that the reader has', async () => {
  const [slow, quick] = [await openCase(db), await openCase(db)]
  await inTransaction(db, async (late) => {
    await promiseIn(late, slow.customerId)
    await promise(quick.customerId)
    await numberAnswers(db)
    expect(await exported()).toMatchObject([{ cursor: 1, customerNumber: quick.customerNumber }])
  })
  await numberAnswers(db)
  expect(await exported(1)).toMatchObject([{ cursor: 2, customerNumber: slow.customerNumber }])
})

test('a version never comes before the one it replaces, even when the clocks of two nodes differ', async () => {
  const { customerId } = await openCase(db)
  await promise(customerId, ten)
  await promise(customerId, new Date(ten.getTime() - 2_000))
  await numberAnswers(db)
  expect((await exported()).map(({ version }) => version)).toEqual([1, 2])
})

test('more than a page and a round are numbered and handed back whole', async () => {
  const { customerId, caseId } = await openCase(db)
  await promise(customerId)
  const [row] = (await sql<{ id: string }>`select id from answers where case_id = ${caseId}`.execute(db)).rows
  await sql`
    insert into answer_versions
    select customer_id, answer_id, n, 'already-paid', null, null, null, '{}', answered_at, answered_by, receipt_number
    from answer_versions, generate_series(2, 5200) n where answer_id = ${row?.id}`.execute(db)
  await sql`
    insert into answer_feed_waiting select customer_id, answer_id, version from answer_versions
    where answer_id = ${row?.id} and version > 1`.execute(db)
  expect(await numberAnswers(db)).toBe(5_200)
  const rows = await exported()
  expect(rows.map(({ cursor }) => cursor)).toEqual(Array.from({ length: 5_200 }, (_, n) => n + 1))
  expect(rows.map(({ version }) => version)).toEqual(rows.map(({ cursor }) => cursor))
})

/** Writers, numberers and a reader who remembers only its last cursor, at the same time. */
test('of whatever was written, every version is handed back exactly once and in its order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 4 }), { minLength: 1, maxLength: 5 }),
      async (writers) => {
        await sql`truncate answer_feed, answer_feed_waiting`.execute(it.ownerDb)
        const seen: string[] = []
        let cursor = 0
        let isWriting = true
        const write = async (pauses: readonly number[]) => {
          const { customerId } = await openCase(db, { customerNumber: randomBytes(8).toString('hex') })
          for (const pause of pauses)
            await inTransaction(db, async (tx) => {
              await promiseIn(tx, customerId)
              await new Promise((resolve) => setTimeout(resolve, pause))
            })
        }
        const number = async () => {
          while (isWriting) await numberAnswers(db)
        }
        const readOn = async () => {
          let taken = 0
          for await (const row of exportAnswers(db, { after: cursor })) {
            seen.push(`${row.answerId} ${row.version}`)
            expect(row.cursor).toBe(cursor + 1)
            cursor = row.cursor
            // The reader may stop anywhere and come again.
            if (++taken === 3) break
          }
        }
        const read = async () => {
          while (isWriting) await readOn()
        }
        const running = [number(), number(), read()]
        await Promise.all(writers.map(write))
        isWriting = false
        await Promise.all(running)
        await numberAnswers(db)
        for (let before = -1; before !== cursor; ) {
          before = cursor
          await readOn()
        }
        const total = writers.flat().length
        expect(new Set(seen).size).toBe(total)
        expect(seen).toHaveLength(total)
        const versions = Map.groupBy(seen, (line) => line.split(' ')[0])
        for (const lines of versions.values())
          expect(lines.map((line) => Number(line.split(' ')[1]))).toEqual(lines.map((_, n) => n + 1))
      },
    ),
    { numRuns: 12 },
  )
}, 60_000)
