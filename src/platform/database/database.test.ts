import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../../test/database.ts'

let it: TestDatabase
beforeAll(async () => {
  it = await testDatabase()
})
afterAll(() => it.drop())

test('a test file has a migrated database of its own', async () => {
  const { rows } = await sql<{ n: number }>`select count(*) as n from schema_migrations`.execute(it.db)
  expect(rows[0]?.n).toBeGreaterThanOrEqual(0)
})
