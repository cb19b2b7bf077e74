import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Database, sql } from '#platform/database/database'
import { newId } from '#platform/ids'
import { openCase, ten } from '../../test/casework.ts'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { type ArrivingLine, arrive, paymentsWorld, putName } from '../../test/deposits.ts'
import { listUnmatched } from './deposit.store.ts'
import { takeApart } from './match-by-hand.jobs.ts'
import { rematchAfterImports } from './rematch.jobs.ts'
import { adviseOn, type ReadPayers } from './suggestions.ts'
import type { PaymentsWorld } from './world.ts'

let it: TestDatabase
let db: Database
let w: PaymentsWorld
beforeAll(async () => {
  it = await testDatabase()
  db = it.db
  w = await paymentsWorld(db)
})
afterAll(() => it.drop())
beforeEach(async () => {
  await sql`delete from ledger_feed_waiting`.execute(db)
  await sql`delete from ledger_lines`.execute(db)
  await sql`delete from deposits`.execute(db)
})

/** Stands for the sealed copies: who paid the lines of each file. */
const sealed = new Map<string, readonly (string | null | undefined)[]>()
let filesOpened = 0
const readPayers: ReadPayers = async (importId, records) => {
  filesOpened++
  return new Map(
    records.flatMap((record) => {
      const payer = sealed.get(importId)?.[record - 1]
      return payer ? [[record, payer] as const] : []
    }),
  )
}

const arriveSealed = async (...lines: readonly ArrivingLine[]): Promise<string> => {
  const importId = newId(ten)
  sealed.set(
    importId,
    lines.map(({ payer }) => payer),
  )
  await arrive(w, lines, { importId })
  return importId
}

const ownersOf = async (importId: string) =>
  (
    await sql<{ customer: string | null; how: string | null }>`
      select customer_id as customer, matched_how as how from deposits where import_id = ${importId} order by record`.execute(
      db,
    )
  ).rows

test('money that waits finds its owner when the master or the bill comes later', async () => {
  const sweep = rematchAfterImports(w, readPayers)
  const importId = await arriveSealed(
    { reference: '0088800001', amount: 500 },
    { payer: 'ﾓﾘ ｻｸﾗ', amount: 12_319 },
    { payer: 'ｲｹﾀﾞ ﾖｳ', amount: 12_319 },
  )
  expect(await sweep(ten)).toBe(0)
  const ann = await openCase(db, { customerNumber: '88800001' })
  const bob = await openCase(db)
  await putName(w, bob.customerId, 'モリ', 'サクラ')
  expect(await sweep(ten)).toBe(2)
  expect(await ownersOf(importId)).toEqual([
    { customer: ann.customerId, how: 'reference' },
    { customer: bob.customerId, how: 'name' },
    { customer: null, how: null },
  ])
  const { rows } = await sql`select from open_bills where customer_id = ${bob.customerId}`.execute(db)
  expect(rows).toEqual([])
  const { rows: audited } = await sql`
    select customer_id from audit_lines where act = 'deposit.matched' and actor = 'system'`.execute(db)
  expect(audited).toHaveLength(2)
})

test('a file is opened again only after an import that may tell more, and only while something waits', async () => {
  const sweep = rematchAfterImports(w, readPayers)
  await sweep(ten)
  filesOpened = 0
  await arriveSealed({ payer: 'ｵｶ ｼﾞﾝ' })
  expect(await sweep(ten)).toBe(0)
  expect(filesOpened).toBe(0)
  await openCase(db)
  await sweep(ten)
  await sweep(ten)
  expect(filesOpened).toBe(1)
  await sql`delete from deposits`.execute(db)
  await openCase(db)
  await sweep(ten)
  expect(filesOpened).toBe(1)
})

test('what a person has taken apart stays with people, who are told whose it may be', async () => {
  const ann = await openCase(db)
  await putName(w, ann.customerId, 'ハラ', 'ナオ')
  const importId = await arriveSealed({ payer: 'ﾊﾗ ﾅｵ', amount: 12_319 })
  const { rows } = await sql<{ id: string }>`select id from deposits where import_id = ${importId}`.execute(db)
  await takeApart(w, { depositId: rows[0]?.id ?? '', by: 'cli:sato', now: ten })
  expect(await rematchAfterImports(w, readPayers)(ten)).toBe(0)
  expect(await adviseOn(db, w, await listUnmatched(db, { limit: 10 }), readPayers)).toMatchObject([
    {
      payer: 'ﾊﾗ ﾅｵ',
      because: 'taken-apart',
      suggestions: [{ customerNumber: ann.customerNumber, name: 'whole', amount: 'total' }],
    },
  ])
})

test('people are told of the whole household, the likeliest first', async () => {
  const [ann, bob] = [await openCase(db, { bills: [{ principal: 1 }] }), await openCase(db)]
  await putName(w, ann.customerId, 'ホンダ', 'マコト')
  await putName(w, bob.customerId, 'ホンダ', 'サチコ')
  await arriveSealed({ payer: 'ﾎﾝﾀﾞ ﾖｼｵ', amount: 12_319 })
  const [advice] = await adviseOn(db, w, await listUnmatched(db, { limit: 10 }), readPayers)
  expect(advice).toMatchObject({
    because: 'name-differs',
    suggestions: [
      { customerNumber: bob.customerNumber, name: 'household', amount: 'total' },
      { customerNumber: ann.customerNumber, name: 'household' },
    ],
  })
})
