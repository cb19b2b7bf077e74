import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, inTransaction, sql } from '#platform/database/database'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { identityWorld, insertCustomer, newPhone, ten } from '../../test/identity.world.ts'
import { beginIdentity, getIdentityStanding, type IdentityForm, unlockIdentity } from './identity.ts'

let it: TestDatabase
let db: Database
beforeAll(async () => {
  it = await testDatabase()
  db = it.db
})
afterAll(() => it.drop())

const by = 'operator:sato' as const

test('who has locked themselves out may try again after an operator has unlocked them', async () => {
  const { world } = await identityWorld(db)
  const { customerId, form } = await insertCustomer(world)
  const known = { person: form, phone: form.phone }
  const tryOnce = async (as: IdentityForm = form) => (await beginIdentity(world, as, ten)).kind
  for (let n = 0; n < 5; n++) expect(await tryOnce()).toBe('challenged')
  expect(await tryOnce()).toBe('locked')
  expect(await getIdentityStanding(db, world, known, ten)).toMatchObject({ triesToday: 6 })

  await inTransaction(db, (tx) => unlockIdentity(tx, world, { customerId, ...known, by, now: ten }))
  for (let n = 0; n < 4; n++) expect(await tryOnce()).toBe('challenged')
  // Five are forgiven, one of which was the try that found itself locked out.
  expect(await tryOnce()).toBe('locked')

  const { rows } = await sql`select actor, customer_id from audit_lines where act = 'identity.unlocked'`.execute(db)
  expect(rows).toEqual([{ actor: by, customer_id: customerId }])
})

test('it changes nothing for another phone', async () => {
  const { world } = await identityWorld(db)
  const { customerId, form } = await insertCustomer(world)
  const stranger = { ...form, phone: newPhone() }
  for (let n = 0; n < 5; n++) await beginIdentity(world, stranger, ten)
  await inTransaction(db, (tx) =>
    unlockIdentity(tx, world, { customerId, person: form, phone: form.phone, by, now: ten }),
  )
  expect((await beginIdentity(world, stranger, ten)).kind).toBe('locked')
})

test('too many wrong codes lock a person, and are forgotten with the rest', async () => {
  const { world } = await identityWorld(db)
  const { customerId, form } = await insertCustomer(world)
  const known = { person: form, phone: form.phone }
  const key = world.vault.blindIndex('person', `${form.phone}|${form.birthDate}`)
  await sql`insert into identity_counters (scope, key, period, count)
    values ('wrong', ${key}, '2026-11-24T00:00:00+09:00', 9), ('wrong-run', ${key}, '2026-11-24T00:00:00+09:00', 10)`.execute(
    db,
  )
  const locked = await getIdentityStanding(db, world, known, ten)
  expect(locked.lockedUntil?.toISOString()).toBe('2026-12-23T15:00:00.000Z')
  await inTransaction(db, (tx) => unlockIdentity(tx, world, { customerId, ...known, by, now: ten }))
  expect(await getIdentityStanding(db, world, known, ten)).toEqual({
    triesToday: 0,
    codesToday: 0,
    wrongToday: 0,
    lockedUntil: undefined,
  })
})
