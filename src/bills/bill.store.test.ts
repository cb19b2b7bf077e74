import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Creditor } from '#creditor'
import { type Database, sql } from '#platform/database/database'
import { day } from '#values/day'
import { creditorWith, endBill, openCase, ten } from '../../test/casework.ts'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { closeEmptyCases, lastSettled, listOpenBills } from './bills.ts'

let it: TestDatabase
let db: Database
let products: Creditor['products']
beforeAll(async () => {
  it = await testDatabase()
  db = it.db
  products = (await creditorWith()).products
})
afterAll(() => it.drop())

test('the open bills of a person under two customer numbers, the oldest first', async () => {
  const one = await openCase(db, { bills: [{ principal: 8_000, dueDay: day('2026-11-20') }] })
  const other = await openCase(db, { bills: [{ principal: 12_300, dueDay: day('2026-10-20'), product: 'shopping' }] })
  await openCase(db)
  expect(await listOpenBills(db, [one.customerId, other.customerId], products)).toEqual([
    {
      customerId: other.customerId,
      billId: other.billIds[0],
      caseId: other.caseId,
      contractNumber: other.contractNumbers[0],
      product: 'shopping',
      principal: 12_300,
      fee: 0,
      dueDay: '2026-10-20',
      credits: [],
    },
    expect.objectContaining({ billId: one.billIds[0], principal: 8_000, product: 'card' }),
  ])
  expect(await listOpenBills(db, [], products)).toEqual([])
})

test('a bill that ended is not open', async () => {
  const { customerId, billIds } = await openCase(db, { bills: [{}, {}, {}] })
  await endBill(db, customerId, billIds[0], { onDay: '2026-11-24', now: ten })
  await endBill(db, customerId, billIds[1], { how: 'withdrawn', onDay: '2026-11-24', now: ten })
  expect((await listOpenBills(db, [customerId], products)).map(({ billId }) => billId)).toEqual([billIds[2]])
})

test.each([
  ['of an excluded product', [{ product: 'housing-loan' }]],
  ['of a contract that the master excludes', [{ product: 'card', excluded: true }]],
])('a bill %s is never shown', async (_why, bills) => {
  const { customerId } = await openCase(db, { bills })
  expect(await listOpenBills(db, [customerId], products)).toEqual([])
})

test('a bill whose contract is not known is shown only when none of the contracts is excluded', async () => {
  const shown = await openCase(db, { bills: [{ product: null, principal: 1 }, { product: 'card' }] })
  expect(await listOpenBills(db, [shown.customerId], products)).toMatchObject([
    { product: null, contractNumber: null },
    { product: 'card' },
  ])
  for (const other of [{ product: 'settlement' }, { product: 'card', excluded: true }]) {
    const doubtful = await openCase(db, { bills: [{ product: null }, other, { product: 'shopping' }] })
    expect(await listOpenBills(db, [doubtful.customerId], products)).toMatchObject([{ product: 'shopping' }])
  }
})

test('the last settlement is that of a bill that may be shown', async () => {
  const { customerId, billIds } = await openCase(db, { bills: [{}, {}, { product: 'housing-loan' }, {}] })
  expect(await lastSettled(db, [customerId], products)).toBeUndefined()
  await endBill(db, customerId, billIds[0], { onDay: '2026-11-22', now: ten })
  await endBill(db, customerId, billIds[1], { onDay: '2026-11-23', now: ten })
  await endBill(db, customerId, billIds[2], { onDay: '2026-11-24', now: ten })
  await endBill(db, customerId, billIds[3], { how: 'withdrawn', onDay: '2026-11-24', now: ten })
  expect(await lastSettled(db, [customerId], products)).toEqual({ onDay: '2026-11-23', settledAt: ten })
})

test('a case closes when its last bill has ended, as settled when any money came', async () => {
  const paid = await openCase(db, { bills: [{}, {}] })
  const undone = await openCase(db)
  const closedAs = async (caseId: string) =>
    (await sql<{ how: string | null }>`select closed_because as how from cases where id = ${caseId}`.execute(db))
      .rows[0]?.how
  await endBill(db, paid.customerId, paid.billIds[0], { onDay: '2026-11-24', now: ten })
  expect(await closeEmptyCases(db, [paid.customerId], ten)).toBe(0)
  await endBill(db, paid.customerId, paid.billIds[1], { how: 'withdrawn', onDay: '2026-11-24', now: ten })
  expect(await closeEmptyCases(db, [paid.customerId], ten)).toBe(1)
  expect(await closeEmptyCases(db, [paid.customerId], ten)).toBe(0)
  expect(await closedAs(paid.caseId)).toBe('settled')
  await endBill(db, undone.customerId, undone.billIds[0], { how: 'withdrawn', onDay: '2026-11-24', now: ten })
  expect(await closeEmptyCases(db, [undone.customerId], ten)).toBe(1)
  expect(await closedAs(undone.caseId)).toBe('withdrawn')
})
