import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, sql } from '#platform/database/database'
import { openCase } from '../../test/casework.ts'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { arrive, paymentsWorld, putName, putVirtualAccount } from '../../test/deposits.ts'
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

const depositsOf = async (importId: string) => {
  const { rows } = await sql<{
    record: number
    customer: string | null
    how: string | null
    certainty: string | null
    because: string | null
    candidates: string[] | null
    ended: string | null
    final: boolean
  }>`
    select record, customer_id as customer, matched_how as how, certainty, unmatched_because as because, candidates,
      ended_how as ended, is_final as final
    from deposits where import_id = ${importId} order by record`.execute(db)
  return rows
}

const isSettled = async (customerId: string): Promise<boolean> =>
  (await sql`select from open_bills where customer_id = ${customerId}`.execute(db)).rows.length === 0

/** 12,300 yen at 14.6 % since 20 November, paid on the 24th: 19 yen late charge. */
const owed = 12_319

test('the account, the number and the name tell whose money it is, and the rest is for people', async () => {
  const [ann, bob, cleo] = [await openCase(db), await openCase(db), await openCase(db)]
  const account = await putVirtualAccount(db, ann.customerId)
  await putName(w, cleo.customerId, 'ヤマダ', 'タロウ')
  const taken = await arrive(w, [
    { reference: account, amount: owed },
    { reference: bob.contractNumbers[0] ?? null, amount: owed },
    { payer: 'ﾔﾏﾀﾞ ﾀﾛｳ', amount: owed },
    { payer: 'ｽｽﾞｷ ﾊﾅｺ', amount: owed },
  ])
  expect(await depositsOf(taken.importId)).toMatchObject([
    { customer: ann.customerId, how: 'virtual-account', certainty: 'certain' },
    { customer: bob.customerId, how: 'reference', certainty: 'certain' },
    { customer: cleo.customerId, how: 'name', certainty: 'probable' },
    { customer: null, because: 'nobody-fits', candidates: null },
  ])
  expect(taken).toMatchObject({
    matched: expect.arrayContaining([{ how: 'name', certainty: 'probable', count: 1, amount: owed }]),
    unmatched: [{ because: 'nobody-fits', count: 1, amount: owed }],
    bills: { settled: 3, reopened: 0 },
  })
  for (const { customerId } of [ann, bob, cleo]) expect(await isSettled(customerId)).toBe(true)
})
