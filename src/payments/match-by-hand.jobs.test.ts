import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, inTransaction, sql } from '#platform/database/database'
import { day } from '#values/day'
import { openCase, ten } from '../../test/casework.ts'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { type ArrivingLine, arrive, newKey, paymentsWorld, putVirtualAccount } from '../../test/deposits.ts'
import { matchByHand, takeApart } from './match-by-hand.jobs.ts'
import { refundSurplus } from './surplus.ts'
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

const owed = 12_319
const nobody = '019ab0c2-0000-7000-8000-000000000000'

const deposited = async (line: ArrivingLine = {}): Promise<string> => {
  const { importId } = await arrive(w, [{ amount: owed, ...line }])
  const { rows } = await sql<{ id: string }>`select id from deposits where import_id = ${importId}`.execute(db)
  return rows[0]?.id ?? ''
}

const match = (depositId: string, customerNumber: string, contractNumber?: string) =>
  matchByHand(w, { depositId, customerNumber, contractNumber, by: 'cli:sato', now: ten })
const apart = (depositId: string) => takeApart(w, { depositId, by: 'cli:sato', now: ten })

const openBillsOf = async (customerId: string) =>
  (await sql<{ id: string }>`select id from open_bills where customer_id = ${customerId} order by id`.execute(db)).rows

const actsOn = async (depositId: string) =>
  (
    await sql<{ act: string; actor: string }>`
      select act, actor from audit_lines where facts ->> 'depositId' = ${depositId} order by id`.execute(db)
  ).rows

test('a person matches and takes apart, and both are in the audit log', async () => {
  const ann = await openCase(db)
  const deposit = await deposited()
  expect(await match(deposit, ann.customerNumber)).toMatchObject({ kind: 'matched', bills: { settled: 1 } })
  expect(await openBillsOf(ann.customerId)).toEqual([])
  expect(await match(deposit, ann.customerNumber)).toEqual({ kind: 'refused', because: 'matched-already' })
  expect(await apart(deposit)).toMatchObject({ kind: 'taken-apart', bills: { reopened: 1 } })
  expect(await openBillsOf(ann.customerId)).toHaveLength(1)
  expect(await apart(deposit)).toEqual({ kind: 'refused', because: 'not-matched' })
  expect(await actsOn(deposit)).toEqual([
    { act: 'deposit.matched', actor: 'cli:sato' },
    { act: 'deposit.taken-apart', actor: 'cli:sato' },
  ])
})

test('money goes from one customer to another whole', async () => {
  const [ann, bob] = [await openCase(db), await openCase(db)]
  const deposit = await deposited({ reference: await putVirtualAccount(db, ann.customerId), amount: owed + 100 })
  await apart(deposit)
  await match(deposit, bob.customerNumber)
  const { rows } = await sql`
    select customer_id as customer, account, sum(amount)::bigint as amount from ledger_lines
    where deposit_id = ${deposit} group by 1, 2 having sum(amount) <> 0 order by 2`.execute(db)
  expect(rows).toEqual([
    { customer: bob.customerId, account: 'bill', amount: owed },
    { customer: bob.customerId, account: 'surplus', amount: 100 },
  ])
})

test('meant for one contract, it pays that and nothing else', async () => {
  const ann = await openCase(db, { bills: [{ dueDay: day('2026-10-20') }, { principal: 3_000 }] })
  const deposit = await deposited({ amount: 3_004 })
  expect(await match(deposit, ann.customerNumber, ann.contractNumbers[1])).toMatchObject({ kind: 'matched' })
  expect(await openBillsOf(ann.customerId)).toEqual([{ id: ann.billIds[0] }])
})

test.each<readonly [string, (ids: { readonly deposit: string; readonly customer: string }) => Promise<unknown>]>([
  ['no-such-deposit', ({ customer }) => match(nobody, customer)],
  ['no-such-customer', ({ deposit }) => match(deposit, 'C-nobody')],
  ['no-open-bill', ({ deposit, customer }) => match(deposit, customer, 'K-nothing')],
  ['no-such-deposit', () => apart(nobody)],
  ['not-matched', ({ deposit }) => apart(deposit)],
])('refused: %s, and nothing is written', async (because, act) => {
  const ann = await openCase(db)
  const deposit = await deposited()
  expect(await act({ deposit, customer: ann.customerNumber })).toEqual({ kind: 'refused', because })
  expect(await actsOn(deposit)).toEqual([])
  expect(await openBillsOf(ann.customerId)).toHaveLength(1)
})

test('what was taken back is neither matched nor taken apart', async () => {
  const ann = await openCase(db)
  const key = newKey()
  const deposit = await deposited({ key })
  await arrive(w, [{ act: 'reversal', reverses: key }])
  expect(await match(deposit, ann.customerNumber)).toEqual({ kind: 'refused', because: 'ended' })
  expect(await apart(deposit)).toEqual({ kind: 'refused', because: 'ended' })
})

test('money of which a part was given back stays whose it is', async () => {
  const ann = await openCase(db)
  const deposit = await deposited({ reference: await putVirtualAccount(db, ann.customerId), amount: owed + 100 })
  await inTransaction(db, (tx) => refundSurplus(tx, deposit, 'cli:sato', ten))
  expect(await apart(deposit)).toEqual({ kind: 'refused', because: 'refunded' })
})

test('what the bank debited is no matter of opinion', async () => {
  const ann = await openCase(db)
  const deposit = await deposited({ reference: await putVirtualAccount(db, ann.customerId) })
  await sql`update deposits set channel = 'debit' where id = ${deposit}`.execute(db)
  expect(await apart(deposit)).toEqual({ kind: 'refused', because: 'told-by-channel' })
})
