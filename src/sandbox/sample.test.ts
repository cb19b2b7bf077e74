import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Creditor, readCreditor } from '#creditor'
import { type IntakeWorld, importCustomers, importDebits } from '#intake'
import { sql } from '#platform/database/database'
import { bytesSource } from '#platform/source'
import { day } from '#values/day'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { intakeWorld } from '../../test/intake-fixture.ts'
import { sampleCustomers, sampleDebits, samplePeople } from './sample.ts'

let it: TestDatabase
let w: IntakeWorld
beforeAll(async () => {
  it = await testDatabase()
  w = await intakeWorld(it.db)
})
afterAll(() => it.drop())

const act = { by: 'cli:test', now: new Date('2026-11-25T01:00:00Z') } as const

const fill = async (creditor: Creditor) => {
  await sql`truncate imports, customers, contracts, identity_index, customer_search, debits, debit_headers, cases, bills,
    bill_endings, virtual_accounts cascade`.execute(it.ownerDb)
  const world = { ...w, creditor }
  const customers = await importCustomers(world, bytesSource('c.csv', Buffer.from(sampleCustomers(creditor))), {
    ...act,
    writeRejected: async (text) => {
      for await (const piece of text) throw new Error(piece)
    },
  })
  const debits = await importDebits(world, bytesSource('d.txt', sampleDebits(creditor, day('2026-11-24'))), {
    ...act,
    received: day('2026-11-25'),
  })
  return { customers, debits }
}

test.each(['creditor/demo.yaml', 'creditor/neutral.yaml'])(
  'the sample goes through the real intake: %s',
  async (path) => {
    const { customers, debits } = await fill(await readCreditor(path, { demo: true }))
    expect(customers).toMatchObject({
      kind: 'imported',
      report: { rejected: 0, customers: { new: 200 }, sharedIdentities: 0 },
    })
    expect(debits.kind === 'imported' && debits.report.totals.map(({ outcome }) => outcome)).toEqual([
      'billed',
      'unknown-customer',
      'excluded-product',
      'contract-unclear',
      'account-repair',
      'stopped-by-depositor',
      'stopped-by-creditor',
      'manual',
      'paid',
    ])
  },
)

test('everybody who is named has an open case', async () => {
  const creditor = await readCreditor('creditor/demo.yaml', { demo: true })
  await fill(creditor)
  const numbers = samplePeople(creditor).map(({ customerNumber }) => customerNumber)
  const { rows } = await sql<{ number: string; bills: number; yen: number }>`
    select c.customer_number as number, count(*) as bills, sum(b.principal) as yen
    from open_bills b join customers c on c.id = b.customer_id
    where c.customer_number = any(${numbers}) group by 1 order by 1`.execute(it.db)
  expect(rows.map(({ bills, yen }) => [bills, yen])).toEqual([
    [1, 12_300],
    [2, 20_300],
    [1, 48_000],
    [1, 23_450],
    [2, 63_000],
    [1, 5_980],
  ])
})

test('most have an account of their own, loans have their facts, and a few contracts Pay-easy numbers', async () => {
  await fill(await readCreditor('creditor/demo.yaml', { demo: true }))
  const { rows } = await sql<object>`
    select (select count(*) from virtual_accounts where customer_id is not null) as accounts,
      count(*) filter (where product = 'cashing' and contract_day is null or product = 'card' and loan_amount > 0) as odd,
      count(*) filter (where loan_amount > 0) > 20 as "hasLoans", count(pay_easy) as "payEasy"
    from contracts`.execute(it.db)
  expect(rows).toEqual([{ accounts: 180, odd: 0, hasLoans: true, payEasy: 9 }])
})

test('the sample is the same every time, and every number is an invented one', async () => {
  const creditor = await readCreditor('creditor/demo.yaml', { demo: true })
  expect(sampleCustomers(creditor)).toBe(sampleCustomers(creditor))
  expect(sampleDebits(creditor, day('2026-11-24')).equals(sampleDebits(creditor, day('2026-11-24')))).toBe(true)
  const phones = sampleCustomers(creditor).match(/(?<=,)0\d{10}(?=,)/g) ?? []
  expect(new Set(phones).size).toBe(200)
  expect(phones.every((phone) => phone.startsWith('0900'))).toBe(true)
})
