import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Creditor } from '#creditor'
import { type Database, inTransaction, type RawBuilder, sql } from '#platform/database/database'
import { newId } from '#platform/ids'
import { day } from '#values/day'
import { addCase, creditorWith, openCase, ten, tuesday } from '../../test/casework.ts'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { endDeposit, putDeposit } from '../../test/money.ts'
import { rebalance } from './rebalance.ts'
import { listSurpluses, refundSurplus } from './surplus.ts'

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
const balance = (customerId: string) => inTransaction(db, (tx) => rebalance(tx, creditor, [customerId], ten))
const refund = (depositId: string) => inTransaction(db, (tx) => refundSurplus(tx, depositId, 'operator:sato', ten))
const surplusesOf = async (customerId: string) =>
  (await listSurpluses(db, creditor)).filter((one) => one.customerId === customerId)
const sumsOf = async (customerId: string) =>
  Object.fromEntries(
    (
      await rows(sql<{ account: string; sum: number }>`
        select account, sum(amount)::integer as sum from ledger_lines where customer_id = ${customerId} group by 1`)
    ).map(({ account, sum }) => [account, sum]),
  )

test('two payments for one bill are found, with the reason, for refund', async () => {
  const { customerId, customerNumber } = await openCase(db)
  await putDeposit(db, { customerId, amount: 12_319 })
  const second = await putDeposit(db, { customerId, amount: 12_324, onDay: day('2026-11-25') })
  const third = await putDeposit(db, { customerId, amount: 555, onDay: day('2026-11-26') })
  await balance(customerId)
  const of = { customerId, customerNumber, channel: 'transfer', receivedAt: ten }
  expect(await surplusesOf(customerId)).toEqual([
    { ...of, depositId: second, onDay: '2026-11-25', amount: 12_324, surplus: 12_324, because: 'paid-twice' },
    { ...of, depositId: third, onDay: '2026-11-26', amount: 555, surplus: 555, because: 'nothing-owed' },
  ])
})

test('what is left of a payment is listed beside its whole, page by page', async () => {
  const { customerId } = await openCase(db)
  const deposit = await putDeposit(db, { customerId, amount: 12_500 })
  await balance(customerId)
  expect(await surplusesOf(customerId)).toMatchObject([{ amount: 12_500, surplus: 181, because: 'too-much' }])
  const all = await listSurpluses(db, creditor)
  const first = await listSurpluses(db, creditor, { limit: 1 })
  const rest = await listSurpluses(db, creditor, { after: first[0]?.depositId ?? '' })
  expect([...first, ...rest]).toEqual(all)
  expect(all.at(-1)?.depositId).toBe(deposit)
})

test('a refund is written once, and told who did it', async () => {
  const { customerId } = await openCase(db)
  const deposit = await putDeposit(db, { customerId, amount: 12_500 })
  await balance(customerId)
  expect(await refund(deposit)).toEqual({ kind: 'refunded', amount: 181 })
  expect(await refund(deposit)).toEqual({ kind: 'refused', because: 'no-surplus' })
  expect(await sumsOf(customerId)).toEqual({ bill: 12_319, surplus: 0, refund: 181 })
  expect(await surplusesOf(customerId)).toEqual([])
  expect(
    await rows(sql`
      select actor, facts from audit_lines where customer_id = ${customerId} and act = 'deposit.refunded'`),
  ).toEqual([{ actor: 'operator:sato', facts: { depositId: deposit, amount: 181 } }])
  expect(await refund(newId(ten))).toEqual({ kind: 'refused', because: 'no-such-deposit' })
})

test('what was given back pays no bill that is heard of later, and none that a reversal opens', async () => {
  const { customerId, customerNumber } = await openCase(db)
  const first = await putDeposit(db, { customerId, amount: 12_319 })
  const twice = await putDeposit(db, { customerId, amount: 13_000 })
  await balance(customerId)
  expect(await refund(twice)).toEqual({ kind: 'refunded', amount: 13_000 })
  await addCase(db, { customerId, customerNumber }, [{ principal: 500, dueDay: tuesday }])
  expect(await balance(customerId)).toEqual({ settled: 0, reopened: 0, surplus: 0 })
  await endDeposit(db, first)
  expect(await balance(customerId)).toEqual({ settled: 0, reopened: 1, surplus: 0 })
  expect(await sumsOf(customerId)).toEqual({ bill: 0, surplus: 0, refund: 13_000 })
})

test('a deposit that is reversed after a part was given back comes to nothing', async () => {
  const { customerId } = await openCase(db)
  const deposit = await putDeposit(db, { customerId, amount: 12_500 })
  await balance(customerId)
  await refund(deposit)
  await endDeposit(db, deposit)
  await balance(customerId)
  expect(await sumsOf(customerId)).toEqual({ bill: 0, surplus: 0, refund: 0 })
})
