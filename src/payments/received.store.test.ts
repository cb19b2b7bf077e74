import { afterAll, beforeAll, expect, test } from 'vitest'
import { inTransaction } from '#platform/database/database'
import { day } from '#values/day'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { identityWorld, insertCustomer, ten } from '../../test/identity.world.ts'
import { receiveMoney } from '../../test/payments.world.ts'
import { refundSurplus } from './payments.ts'
import { listReceived } from './received.store.ts'

let database: TestDatabase
let world: Awaited<ReturnType<typeof identityWorld>>['world']

beforeAll(async () => {
  database = await testDatabase()
  ;({ world } = await identityWorld(database.db))
})
afterAll(() => database.drop())

const receivedBy = (...customerIds: readonly string[]) =>
  listReceived(database.db, customerIds, world.creditor.products)

test('Money tells what it was put on, the latest first', async () => {
  const who = await insertCustomer(world)
  await receiveMoney(world, who, { amount: 3_000, onDay: day('2026-11-22') })
  await receiveMoney(world, who, { amount: 8_000, channel: 'convenience-store', isFinal: false })
  expect(await receivedBy(who.customerId)).toMatchObject([
    {
      ...{ onDay: '2026-11-23', channel: 'convenience-store', isFinal: false, amount: 8_000, surplus: 990 },
      parts: [{ billId: who.billId, dueDay: '2026-11-20', product: 'card', principal: 7_008, lateCharge: 2, fee: 0 }],
    },
    {
      ...{ onDay: '2026-11-22', channel: 'transfer', isFinal: true, amount: 3_000, surplus: 0, refunded: 0 },
      parts: [{ billId: who.billId, principal: 2_992, lateCharge: 8, fee: 0 }],
    },
  ])
})

test('Money that was taken back is told no more', async () => {
  const who = await insertCustomer(world)
  await receiveMoney(world, who, { amount: 3_000 })
  const ended = { ended_at: ten, ended_how: 'reversed' as const }
  await database.db.updateTable('deposits').set(ended).where('customer_id', '=', who.customerId).execute()
  expect(await receivedBy(who.customerId)).toEqual([])
})

test('What was given back of a surplus is told as that', async () => {
  const who = await insertCustomer(world)
  await receiveMoney(world, who, { amount: 11_000 })
  const [{ depositId } = { depositId: '' }] = await receivedBy(who.customerId)
  await inTransaction(database.db, (tx) => refundSurplus(tx, depositId, 'cli:test', ten))
  expect(await receivedBy(who.customerId)).toMatchObject([{ amount: 11_000, surplus: 0, refunded: 988 }])
})

test('Contracts outside the service are told of in no receipt, nor the money that went to them', async () => {
  const who = await insertCustomer(world, { excluded: true })
  await receiveMoney(world, who, { amount: 3_000 })
  expect(await receivedBy(who.customerId)).toEqual([])
  const housing = await insertCustomer(world, { product: 'housing-loan' })
  await receiveMoney(world, housing, { amount: 3_000 })
  expect(await receivedBy(housing.customerId)).toEqual([])
})

test('Nobody reads of another’s money; who is two customers reads of both', async () => {
  const [one, other] = [await insertCustomer(world), await insertCustomer(world)]
  await receiveMoney(world, one, { amount: 1_000 })
  await receiveMoney(world, other, { amount: 2_000 })
  expect((await receivedBy(one.customerId)).map(({ amount }) => amount)).toEqual([1_000])
  expect((await receivedBy(one.customerId, other.customerId)).map(({ amount }) => amount).toSorted()).toEqual([
    1_000, 2_000,
  ])
  expect(await receivedBy()).toEqual([])
})
