import { afterAll, beforeAll, expect, test } from 'vitest'
import { listOpenBills } from '#bills'
import type { Creditor } from '#creditor'
import { type Database, inTransaction, type RawBuilder, sql } from '#platform/database/database'
import { day } from '#values/day'
import { addCase, creditorWith, endBill, openCase, ten, tuesday } from '../../test/casework.ts'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { putDeposit } from '../../test/money.ts'
import { rebalance } from './rebalance.ts'
import { listPayersBilled } from './settle-billed.store.ts'
import { settleBilled } from './settle-billed.ts'
import { takeBackDebits } from './take-back-debits.ts'

let it: TestDatabase
let db: Database
let creditor: Creditor
beforeAll(async () => {
  it = await testDatabase()
  db = it.db
  creditor = await creditorWith()
})
afterAll(() => it.drop())

const rows = async <T>(query: RawBuilder<T>): Promise<readonly T[]> => (await query.execute(db)).rows
const openOf = async (customerId: string) =>
  (await listOpenBills(db, [customerId], creditor.products)).map(({ billId }) => billId)
const takeBack = (importId: string) => inTransaction(db, (tx) => takeBackDebits(tx, creditor, importId, ten))

/** An import of debits, with nothing in it yet. */
const putImport = async (): Promise<string> => {
  const other = await openCase(db)
  return endBill(db, other.customerId, other.billIds[0], { how: 'withdrawn', onDay: '2026-11-24', now: ten })
}

test('what an import of debits had paid is open again, and what came another way is put on it', async () => {
  const { customerId, billIds } = await openCase(db)
  const importId = await putImport()
  await putDeposit(db, { customerId, amount: 12_300, channel: 'debit', billId: billIds[0], importId })
  await putDeposit(db, { customerId, amount: 5_000, onDay: day('2026-11-25') })
  await inTransaction(db, (tx) => rebalance(tx, creditor, [customerId], ten))
  expect(await openOf(customerId)).toEqual([])
  expect(await takeBack(importId)).toEqual({ reopened: 1 })
  expect(await listOpenBills(db, [customerId], creditor.products)).toMatchObject([
    { billId: billIds[0], credits: [{ lateCharge: 24, principal: 4_976 }] },
  ])
  expect(await rows(sql`select ended_how as how from deposits where import_id = ${importId}`)).toEqual([
    { how: 'undone' },
  ])
  expect(await takeBack(importId)).toEqual({ reopened: 0 })
})

test('bills that an import settled before there was a ledger are open again, unless their own import was taken back', async () => {
  const [one, other] = [await openCase(db), await openCase(db)]
  const importId = await endBill(db, one.customerId, one.billIds[0], { onDay: '2026-11-24', now: ten })
  await endBill(db, other.customerId, other.billIds[0], { onDay: '2026-11-24', now: ten })
  await sql`update bill_endings set import_id = ${importId} where customer_id = ${other.customerId}`.execute(db)
  await sql`update imports set ended_at = ${ten}, ended_how = 'undone'
    where id = (select import_id from bills where id = ${other.billIds[0]})`.execute(db)
  expect(await takeBack(importId)).toEqual({ reopened: 1 })
  expect(await openOf(one.customerId)).toEqual(one.billIds)
  expect(await rows(sql`select how from bill_endings where customer_id = ${other.customerId}`)).toEqual([
    { how: 'withdrawn' },
  ])
})

test('a bill that an import makes late takes up money that waits, and others are left alone', async () => {
  const { customerId, customerNumber } = await openCase(db)
  await putDeposit(db, { customerId, amount: 12_900 })
  await inTransaction(db, (tx) => rebalance(tx, creditor, [customerId], ten))
  const { billIds } = await addCase(db, { customerId, customerNumber }, [{ principal: 500, dueDay: tuesday }])
  const [made] = await rows(sql<{ id: string }>`select import_id as id from bills where id = ${billIds[0]}`)
  const settled = await inTransaction(db, (tx) => settleBilled(tx, creditor, made?.id ?? '', ten))
  expect(settled).toEqual({ settled: 1, reopened: 0, surplus: 0 })
  expect(await openOf(customerId)).toEqual([])
})

test('money from before a bill was due has nothing to do with it, unless it is on it', async () => {
  const { customerId, customerNumber } = await openCase(db)
  await putDeposit(db, { customerId, amount: 12_319 })
  await inTransaction(db, (tx) => rebalance(tx, creditor, [customerId], ten))
  const { billIds } = await addCase(db, { customerId, customerNumber }, [{ dueDay: day('2026-11-25') }])
  const [made] = await rows(sql<{ id: string }>`select import_id as id from bills where id = ${billIds[0]}`)
  expect(await inTransaction(db, (tx) => listPayersBilled(tx, made?.id ?? ''))).toEqual([])
  await putDeposit(db, { customerId, amount: 500, billId: billIds[0] })
  await inTransaction(db, (tx) => rebalance(tx, creditor, [customerId], ten))
  expect(await inTransaction(db, (tx) => listPayersBilled(tx, made?.id ?? ''))).toEqual([customerId])
})
