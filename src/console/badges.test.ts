import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql } from '#platform/database/database'
import { openCase, ten } from '../../test/casework.ts'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { badgesOf, countWaitingFor } from './badges.ts'
import { demoPeople } from './demo-people.rules.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
  const { customerId, caseId } = await openCase(database.db)
  await sql`
    insert into work_items (customer_id, id, kind, case_id, opened_at, details)
    values (${customerId}, gen_random_uuid(), 'consultation', ${caseId}, ${ten}, '{}'),
      (${customerId}, gen_random_uuid(), 'broken-promise', ${caseId}, ${ten}, '{}')`.execute(database.db)
  await sql`
    insert into deposits (id, channel, amount, on_day, line_key, received_at, unmatched_because, candidates)
    select gen_random_uuid(), 'transfer', 1000, '2026-11-24', 'line-' || i, ${ten}, 'nobody-fits', '{}'
    from generate_series(1, 3) i`.execute(database.ownerDb)
})
afterAll(() => database.drop())

test.each([
  ['viewer', { campaigns: 0, promises: 0, consultations: 0, deposits: 0 }],
  ['agent', { campaigns: 0, promises: 1, consultations: 1, deposits: 3 }],
  ['approver', { campaigns: 0, promises: 0, consultations: 0, deposits: 0 }],
  ['admin', { campaigns: 0, promises: 0, consultations: 0, deposits: 0 }],
])('Beside the navigation stands what waits for the %s, and nothing else', async (key, badges) => {
  const roles = demoPeople.find((person) => person.key === key)?.roles ?? []
  const operator = { sessionId: 's', subject: `demo:${key}`, name: key, roles }
  expect(badgesOf(await countWaitingFor(database.db, operator, ten))).toEqual(badges)
})
