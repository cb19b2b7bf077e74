import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Creditor } from '#creditor'
import { type IntakeWorld, importDebits, undoImport } from '#intake'
import { sql } from '#platform/database/database'
import { day } from '#values/day'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { type DebitRow, debitsFile, type header91, intakeWorld, putMaster } from '../../test/intake-fixture.ts'
import { listRedebitFacts } from './redebit.store.ts'

let it: TestDatabase
let w: IntakeWorld
let creditor: Creditor
beforeAll(async () => {
  it = await testDatabase()
  w = await intakeWorld(it.db)
  creditor = { ...w.creditor, redebits: { days: [{ day: '2026-11-27' }, { day: '2026-12-10' }], cutOffBankDays: 3 } }
})
beforeEach(() => sql`truncate imports, customers, contracts, debits, cases, bills cascade`.execute(it.ownerDb))
afterAll(() => it.drop())

const act = { by: 'cli:test', now: new Date('2026-12-15T01:00:00Z') } as const

const take = async (rows: readonly DebitRow[], header: Partial<typeof header91> = {}) => {
  const taken = await importDebits(w, debitsFile(rows, header), { ...act, received: day('2026-12-15') })
  if (taken.kind !== 'imported') throw new Error(taken.kind)
  return taken.id
}
const failed: readonly DebitRow[] = [['1', 100, '1']]
const nothing: readonly DebitRow[] = [['2', 1, '9']]

const resultsOf = async (customerId = '') =>
  (await listRedebitFacts(it.db, [customerId], creditor)).map(({ resultsOn }) => resultsOn)

test('a bill waits for the results of its own account, and only those in force', async () => {
  const ids = await putMaster(it.db, [{ customer: '1', product: 'card' }])
  const customerId = ids.get('1') ?? ''
  await take(failed)
  expect(await listRedebitFacts(it.db, [customerId], creditor)).toEqual([
    {
      customerId,
      caseId: expect.any(String),
      billId: expect.any(String),
      product: 'card',
      dueDay: '2026-11-24',
      resultsOn: [],
    },
  ])
  await take(nothing, { debitDay: '1127', accountNumber: '7654322' })
  await take(nothing, { debitDay: '1127', originatorCode: '1234567891' })
  await take(nothing, { debitDay: '1127', bankCode: '0009' })
  await take(nothing, { debitDay: '1127', branchCode: '102' })
  await take(nothing, { debitDay: '1127', accountType: '2' })
  await take(nothing, { debitDay: '1126' })
  expect(await resultsOf(customerId)).toEqual([[]])
  const result = await take(nothing, { debitDay: '1127' })
  await take(nothing, { debitDay: '1210' })
  expect(await resultsOf(customerId)).toEqual([['2026-11-27', '2026-12-10']])
  await undoImport(w, result, act)
  expect(await resultsOf(customerId)).toEqual([['2026-12-10']])
})

test('what is settled, excluded or somebody else’s is not asked about', async () => {
  const ids = await putMaster(it.db, [
    { customer: '1' },
    { customer: '2', product: 'housing-loan' },
    { customer: '3' },
    { customer: '4', contract: 'K4' },
  ])
  await take([
    ['1', 100, '1'],
    ['3', 100, '1'],
    ['4', 100, '1'],
  ])
  await take([['1', 100, '0']], { debitDay: '1127' })
  await sql`update contracts set excluded = true where contract_number = 'K4'`.execute(it.db)
  const asked = ['1', '2', '4'].map((number) => ids.get(number) ?? '')
  expect(await listRedebitFacts(it.db, asked, creditor)).toEqual([])
})

test('a creditor without re-debits asks nothing', async () => {
  const ids = await putMaster(it.db, [{ customer: '1' }])
  await take(failed)
  const customerIds = [ids.get('1') ?? '']
  expect(await listRedebitFacts(it.db, customerIds, w.creditor)).toEqual([])
  expect(await listRedebitFacts(it.db, [], creditor)).toEqual([])
})
