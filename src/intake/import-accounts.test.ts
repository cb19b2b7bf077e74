import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { sql } from '#platform/database/database'
import { bytesSource } from '#platform/source'
import { textEncoder } from '#platform/text/encode'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { intakeWorld, putMaster } from '../../test/intake-fixture.ts'
import { mutantOf } from '../../test/mutants.ts'
import { sayCsvProblem } from './csv-problem.format.ts'
import { type ImportAccountsOutcome, type IntakeWorld, importAccounts, undoImport } from './intake.ts'

let it: TestDatabase
let w: IntakeWorld
beforeAll(async () => {
  it = await testDatabase()
  w = await intakeWorld(it.db)
})
afterAll(() => it.drop())
beforeEach(() => sql`truncate imports, customers, virtual_accounts cascade`.execute(it.ownerDb))

const now = new Date('2026-11-24T01:00:00Z')
const act = { by: 'cli:test', now } as const

const take = (text: string | Buffer, world = w): Promise<ImportAccountsOutcome> =>
  importAccounts(world, bytesSource('accounts.csv', Buffer.from(text as string)), act)

const header = 'bank_code,branch_code,account_type,account_number\r\n'
const row = (number: string, branch = '101', type = '普通', bank = '0000') => `${bank},${branch},${type},${number}\r\n`

const pool = async () => {
  const { rows } = await sql<{ number: string; customer: string | null }>`
    select account_number as number, customer_id as customer from virtual_accounts order by 1`.execute(it.db)
  return rows
}

const problemsOf = (outcome: ImportAccountsOutcome) =>
  outcome.kind === 'wrong-rows' ? outcome.problems.map(sayCsvProblem) : [outcome.kind]

test('the accounts of a list are in the pool, and nobody’s', async () => {
  const outcome = await take(header + row('0000001') + row('0000002', '101', '2'))
  expect(outcome).toMatchObject({ kind: 'imported', report: { rows: 2, added: 2, notAdded: [] } })
  const { rows } = await sql`select * from virtual_accounts order by account_number`.execute(it.db)
  expect(rows).toMatchObject([
    { bank_code: '0000', branch_code: '101', account_number: '0000001', account_type: '普通', customer_id: null },
    { account_number: '0000002', account_type: '当座' },
  ])
})

test('a Japanese header in another order, in CP932, is the same list', async () => {
  const text = `口座番号,預金種目,支店コード,銀行コード\r\n0000001,普通,101,0000\r\n`
  expect(await take(textEncoder('cp932')(text))).toMatchObject({ kind: 'imported', report: { added: 1 } })
})

test('the same list again changes nothing and says so', async () => {
  const first = await take(header + row('0000001'))
  expect(await take(header + row('0000001'))).toEqual({
    kind: 'already-imported',
    id: first.kind === 'imported' ? first.id : '',
  })
})

test('what stands twice, what is known and what is a customer’s is told, and nothing of it changes', async () => {
  const ids = await putMaster(it.db, [{ customer: '1001' }])
  await take(header + row('0000001') + row('0000002'))
  await sql`
    update virtual_accounts set customer_id = ${ids.get('1001')}, assigned_at = ${now}, assigned_how = 'pool'
    where account_number = '0000001'`.execute(it.db)
  const before = await pool()
  const outcome = await take(header + row('0000001', '101', '貯蓄') + row('0000002') + row('0000003') + row('0000003'))
  expect(outcome).toMatchObject({
    kind: 'imported',
    report: {
      rows: 4,
      added: 1,
      notAdded: [
        { because: 'assigned', count: 1, lines: [2] },
        { because: 'known', count: 1, lines: [3] },
        { because: 'twice-in-file', count: 1, lines: [5] },
      ],
    },
  })
  expect(await pool()).toEqual([...before, { number: '0000003', customer: null }])
  const { rows } = await sql`select account_type from virtual_accounts where account_number = '0000001'`.execute(it.db)
  expect(rows).toEqual([{ account_type: '普通' }])
})

test.each([
  [row('000001'), 'line 3, 口座番号: not 7 digits; found "######"'],
  [row('0000001', '999'), 'line 3, 支店コード: not in virtualAccounts of the creditor’s file; found "###"'],
  [
    row('0000001', '101', '普通', '0001'),
    'line 3, 銀行コード: not in virtualAccounts of the creditor’s file; found "####"',
  ],
  [row('0000001', '101', '9'), 'line 3, 預金種目: not 普通 (1), 当座 (2) or 貯蓄 (4); found "#"'],
  [row('', '101'), 'line 3, 口座番号: empty'],
  ['0000,101,普通\r\n', 'line 3, 口座番号: empty'],
])('%j refuses the whole list', async (wrong, said) => {
  const outcome = await take(header + row('0000009') + wrong)
  expect(problemsOf(outcome)).toContain(said)
  expect(await pool()).toEqual([])
})

test('a type that only the language has a word for is none', async () => {
  const outcome = await take(header + row('0000001', '101', 'constructor'))
  expect(problemsOf(outcome)).toEqual([expect.stringContaining('line 2, 預金種目: not 普通')])
})

test('without virtual accounts in the creditor’s file there is no pool', async () => {
  const { virtualAccounts: _, ...creditor } = w.creditor
  expect(await take(header + row('0000001'), { ...w, creditor })).toEqual({ kind: 'no-virtual-accounts' })
})

test('a list of accounts is not undone', async () => {
  const outcome = await take(header + row('0000001'))
  const id = outcome.kind === 'imported' ? outcome.id : ''
  expect(await undoImport(w, id, act)).toEqual({ kind: 'stays', importId: id, of: 'virtual-accounts' })
  expect(await pool()).toHaveLength(1)
})

const mutants = Number(process.env.ANNAI_MUTANTS ?? 400)

test(
  'mutated lists are taken in whole or not at all',
  async () => {
    const base = Buffer.from(header + Array.from({ length: 12 }, (_, n) => row(String(1_000_000 + n))).join(''))
    for (let seed = 0; seed < mutants; seed++) {
      const outcome = await take(mutantOf(base, seed, 1 + (seed % 3)))
      const { rows } = await sql<{ accounts: number; imports: number }>`
        select (select count(*)::int from virtual_accounts) as accounts, (select count(*)::int from imports) as imports
        `.execute(it.db)
      if (outcome.kind === 'imported') {
        const { rows: told, added, notAdded } = outcome.report
        expect(rows).toEqual([{ accounts: added, imports: 1 }])
        expect(notAdded.reduce((sum, { count }) => sum + count, added)).toBe(told)
        await sql`truncate imports, virtual_accounts cascade`.execute(it.ownerDb)
      } else expect(rows).toEqual([{ accounts: 0, imports: 0 }])
    }
  },
  mutants * 50 + 30_000,
)
