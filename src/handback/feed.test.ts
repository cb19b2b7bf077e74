import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, inTransaction } from '#platform/database/database'
import { newId } from '#platform/ids'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { exportAnswers } from './handback.ts'

let base: TestDatabase
const now = new Date('2026-11-25T01:00:00Z')
const customerId = newId(now)
const receiptNumber = '000000000'

beforeAll(async () => {
  base = await testDatabase()
  const importId = newId(now)
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
      imported_at: now,
      imported_by: 'test',
      report: '{}',
    })
    .execute()
  await base.db
    .insertInto('customers')
    .values({
      id: customerId,
      customer_number: 'C0000001',
      customer_number_bare: 'C0000001',
      data_key: Buffer.alloc(1),
      person: Buffer.alloc(1),
      mobile_number: Buffer.alloc(1),
      phone_value: Buffer.alloc(1),
      import_id: importId,
      updated_at: now,
    })
    .execute()
  await base.db.insertInto('receipt_numbers').values({ number: receiptNumber, given_at: now }).execute()
})
afterAll(() => base.drop())

/** An answer in a case of its own; resolves when it is committed, `heldMs` after it was written. */
const answer = (db: Database, heldMs: number): Promise<string> =>
  inTransaction(db, async (tx) => {
    const [caseId, id] = [newId(now), newId(now)]
    await tx
      .insertInto('cases')
      .values({
        customer_id: customerId,
        id: caseId,
        opened_at: now,
        closed_at: now,
        closed_because: 'settled',
        import_id: (await tx.selectFrom('imports').select('id').executeTakeFirstOrThrow()).id,
      })
      .execute()
    await tx
      .insertInto('answers')
      .values({ customer_id: customerId, id, case_id: caseId, first_answered_at: now })
      .execute()
    await tx
      .insertInto('answer_versions')
      .values({
        customer_id: customerId,
        answer_id: id,
        version: 1,
        kind: 'already-paid',
        answered_at: now,
        answered_by: 'customer',
        receipt_number: receiptNumber,
      })
      .execute()
    await tx.insertInto('answer_feed_waiting').values({ customer_id: customerId, answer_id: id, version: 1 }).execute()
    await new Promise((resolve) => setTimeout(resolve, heldMs))
    return id
  })

test('writers that commit out of order and readers that come again and again: every version exactly once', async () => {
  const written = Array.from({ length: 60 }, (_, index) => answer(base.db, (index * 37) % 90))
  const isDone = Promise.all(written).then((ids) => new Set(ids))
  const read: string[] = []
  const positions: number[] = []
  let cursor = 0
  let ids: Set<string> | undefined
  void isDone.then((done) => {
    ids = done
  })
  for (let rounds = 0; ids === undefined || read.length < ids.size; rounds++) {
    expect(rounds).toBeLessThan(2_000)
    for await (const row of exportAnswers(base.db, { after: cursor })) {
      read.push(row.answerId)
      positions.push(row.cursor)
      cursor = row.cursor
    }
  }
  expect(new Set(read)).toEqual(ids)
  expect(read).toHaveLength(60)
  expect(positions).toEqual(positions.map((_, index) => index + 1))
})

test('the same cursor gives the same answers again, and the last one none', async () => {
  const all = await Array.fromAsync(exportAnswers(base.db))
  const fromTenth = await Array.fromAsync(exportAnswers(base.db, { after: 10 }))
  expect(fromTenth).toEqual(all.slice(10))
  expect(await Array.fromAsync(exportAnswers(base.db, { after: all.length }))).toEqual([])
})
