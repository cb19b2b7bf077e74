import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, sql } from '#platform/database/database'
import { creditorWith, endBill, openCase, ten } from '../../test/casework.ts'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { listPayEasy } from './pay-easy.store.ts'

let it: TestDatabase
let db: Database
beforeAll(async () => {
  it = await testDatabase()
  db = it.db
})
afterAll(() => it.drop())

const creditor = await creditorWith()
const numbers = { institutionNumber: '00000', payerNumber: '12345678901234', confirmationNumber: '123456' }

test('the numbers of a contract are shown while something is open on it', async () => {
  const { customerId, billIds, contractNumbers } = await openCase(db, { bills: [{}, {}, { excluded: true }] })
  const [first = '', , excluded = ''] = contractNumbers
  await sql`
    update contracts set pay_easy = ${JSON.stringify(numbers)} where contract_number in (${first}, ${excluded})
  `.execute(db)
  expect(await listPayEasy(db, creditor, [customerId])).toEqual([
    { customerId, contractNumber: first, institutionName: '株式会社ジャックス', ...numbers },
  ])
  const { payEasy: _, ...without } = creditor
  expect(await listPayEasy(db, without, [customerId])).toEqual([])
  await endBill(db, customerId, billIds[0], { onDay: '2026-11-24', now: ten })
  expect(await listPayEasy(db, creditor, [customerId])).toEqual([])
})
