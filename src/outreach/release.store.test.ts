import { afterAll, beforeAll, expect, test } from 'vitest'
import { inTransaction, sql } from '#platform/database/database'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { explaining, rowsTouched } from '../../test/explain.ts'
import { keepVacuumAway } from '../../test/message-log.ts'
import { lockPhones } from './release.store.ts'

/** An import that nothing has looked at yet: what PostgreSQL knows of tables is what they were when they were empty. */
let base: TestDatabase
const customers = 3_000

beforeAll(async () => {
  base = await testDatabase()
  const { ownerDb } = base
  await keepVacuumAway(ownerDb)
  await sql`
    insert into imports (id, kind, content_hash, file_name, byte_count, record_count, received_on, imported_at, imported_by,
      report)
    values (${importId}, 'debits', '\\x00', 'debits.txt', 0, ${customers}, '2026-11-25', now(), 'cli:test', '{}')`.execute(
    ownerDb,
  )
  await sql`
    insert into customers (id, customer_number, customer_number_bare, data_key, person, mobile_number, phone_value, import_id,
      updated_at)
    select md5('customer ' || n)::uuid, n::text, n::text, '', '', '', sha256(int4send(n)), ${importId}, now()
    from generate_series(1, ${customers}::int) n`.execute(ownerDb)
  await sql`
    insert into cases (customer_id, id, opened_at, import_id)
    select id, md5('case ' || id)::uuid, now(), ${importId} from customers`.execute(ownerDb)
}, 30_000)
afterAll(() => base.drop())

const importId = '00000000-0000-7000-8000-000000000001'

const phonesOf = async (from: number, count: number): Promise<readonly Buffer[]> => {
  const { rows } = await sql<{ phone: Buffer }>`
    select sha256(int4send(n)) as phone from generate_series(${from}::int, ${from + count - 1}::int) n`.execute(base.db)
  return rows.map(({ phone }) => phone)
}

test('the cases behind forty phones are looked up, and no others are read', async () => {
  const phones = await phonesOf(100, 40)
  const explained = await explaining(() =>
    inTransaction(base.db, async (tx) => {
      // As a claim has it.
      await sql`select set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true)`.execute(
        tx,
      )
      expect(await lockPhones(tx, phones)).toEqual(new Set())
    }),
  )
  const statements = explained.filter(({ text }) => text.includes('cases'))
  expect(statements).toHaveLength(2)
  for (const statement of statements) {
    expect(rowsTouched(statement)).toBeLessThanOrEqual(40)
  }
})

test('a phone of which somebody else has a case in hand is told', async () => {
  const [one, other] = await phonesOf(1, 2)
  if (one === undefined || other === undefined) throw new Error('there are two')
  await inTransaction(base.db, async (tx) => {
    expect(await lockPhones(tx, [one])).toEqual(new Set())
    const busy = await inTransaction(base.db, (second) => lockPhones(second, [one, other]))
    expect(busy).toEqual(new Set([one.toString('hex')]))
  })
})
