import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Creditor } from '#creditor'
import { type Database, inTransaction, sql } from '#platform/database/database'
import { newId } from '#platform/ids'
import { creditorWith, ten } from '../../test/casework.ts'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { type Explained, explaining, type PlanNode } from '../../test/explain.ts'
import { keepVacuumAway } from '../../test/message-log.ts'
import { settleExactly } from './settle-exactly.store.ts'

/** A file of money on the morning after its bills came in: PostgreSQL knows nothing of these tables yet. */
let it: TestDatabase
let db: Database
let creditor: Creditor
const customers = 5_000
const importId = newId(ten)

beforeAll(async () => {
  it = await testDatabase()
  db = it.db
  creditor = await creditorWith()
  await keepVacuumAway(it.ownerDb)
  await sql`
    insert into imports (id, kind, content_hash, file_name, byte_count, record_count, received_on, imported_at, imported_by,
      report)
    values (${importId}, 'deposits', '\\x00', 'money.txt', 0, ${customers}, '2026-11-25', ${ten}, 'cli:test', '{}')`.execute(
    it.ownerDb,
  )
  // In no order of the customers, as they come in life.
  await sql`
    insert into customers (id, customer_number, customer_number_bare, data_key, person, mobile_number, phone_value, import_id,
      updated_at)
    select md5('customer ' || n)::uuid, n::text, n::text, '', '', '', sha256(int4send(n)), ${importId}, ${ten}
    from generate_series(1, ${customers}::int) n`.execute(it.ownerDb)
  await sql`
    insert into contracts (customer_id, id, contract_number, product, excluded, import_id)
    select id, id, 'K' || customer_number, 'card', false, ${importId} from customers`.execute(it.ownerDb)
  await sql`
    insert into cases (customer_id, id, opened_at, import_id) select id, id, ${ten}, ${importId} from customers`.execute(
    it.ownerDb,
  )
  await sql`
    insert into bills (customer_id, id, case_id, contract_id, product, debit_number, import_id, record, principal, due_day,
      billed_at)
    select id, id, id, id, 'card', customer_number, ${importId}, customer_number::int, 10000, '2026-11-24', ${ten}
    from customers`.execute(it.ownerDb)
  await sql`
    insert into deposits (id, import_id, record, channel, amount, on_day, line_key, received_at, customer_id, matched_how,
      certainty)
    select md5('deposit ' || id)::uuid, ${importId}, customer_number::int, 'transfer', 10000, '2026-11-24',
      'line ' || customer_number, ${ten}, id, 'virtual-account', 'certain'
    from customers`.execute(it.ownerDb)
})
afterAll(() => it.drop())

test('a large file is paired in one pass over the bills, and its cases are closed in the order of their customers', async () => {
  const explained = await explaining(() =>
    inTransaction(db, async (tx) => {
      expect(await settleExactly(tx, creditor, importId, ten)).toBe(customers)
    }),
  )
  const pairing = the(explained, 'create temp table paired_deposits')
  expect(kindsOf(pairing)).not.toContain('Nested Loop')
  expect(readingsOf(pairing, 'bills')).toBe(1)
  const earlier = the(explained, 'from deposits o')
  expect(kindsOf(earlier)).not.toContain('Nested Loop')

  const closing = the(explained, 'update cases')
  expect(kindsOf(closing)).toContain('Sort')
  expect(kindsOf(closing).filter((kind) => /Hash|Append|Gather/.test(kind))).toEqual([])
})

const the = (explained: readonly Explained[], start: string): Explained => {
  const found = explained.filter(({ text }) => text.includes(start))
  expect(found).toHaveLength(1)
  return found[0] as Explained
}

const kindsOf = ({ nodes }: Explained): readonly string[] => nodes.map((node: PlanNode) => node['Node Type'])

const readingsOf = ({ nodes }: Explained, table: string): number =>
  nodes.filter((node) => node['Relation Name'] === table).reduce((sum, node) => sum + node['Actual Loops'], 0)
