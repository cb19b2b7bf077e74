import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { anotherThan, identityWorld, insertCustomer, later, ten, typed } from '../../test/identity.world.ts'
import { beginIdentity, findPause, openVisit, queueDueCodes, resendCode, tryCode } from './identity.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.drop())

test('many wrong tries against real codes stop new codes for everybody alike, for fifteen minutes', async () => {
  const { world, lastCode } = await identityWorld(database.db, (policies) => {
    policies.breaker.wrongTriesMin = 4
  })
  const begin = async (now: Date, who = typed()) => {
    const begun = await beginIdentity(world, who, now)
    return begun.kind === 'challenged' ? { cookie: begun.cookie, code: lastCode() } : { cookie: begun.kind, code: '' }
  }
  const wrong = async ({ cookie, code }: { cookie: string; code: string }, now: Date, times: number) => {
    for (let at = 0; at < times; at++) await tryCode(world, cookie, anotherThan(code), now)
  }
  const customer = async () => (await insertCustomer(world)).form

  // Wrong tries against decoys tell nothing about our codes.
  for (let at = 0; at < 3; at++) await wrong(await begin(ten), ten, 3)
  expect(await findPause(world.db, ten)).toBeUndefined()

  const signedIn = await begin(ten, await customer())
  const visit = await tryCode(world, signedIn.cookie, signedIn.code, ten)
  const waiting = await begin(ten, await customer())
  const waitingMiss = await begin(ten)
  await wrong(await begin(ten, await customer()), ten, 3)
  expect(await findPause(world.db, ten)).toBeUndefined()
  // An hour later they are forgotten.
  const now = later(ten, { minutes: 61 })
  await wrong(await begin(now, await customer()), now, 3)
  expect(await findPause(world.db, now)).toBeUndefined()
  await wrong(await begin(now, await customer()), now, 1)
  const until = later(now, { minutes: 15 })
  expect(await findPause(world.db, now)).toEqual({ endsAt: until, because: 'wrong-codes' })
  const alarms = await world.db.selectFrom('audit_lines').selectAll().where('act', '=', 'identity.paused').execute()
  expect(alarms).toHaveLength(1)

  const paused = { kind: 'paused', until }
  expect(await beginIdentity(world, await customer(), now)).toEqual(paused)
  expect(await beginIdentity(world, typed(), now)).toEqual(paused)
  // Time of the first codes: they and the visits go on while the service is paused.
  const then = later(ten, { minutes: 4 })
  expect(await resendCode(world, waiting.cookie, then)).toEqual(paused)
  expect(await resendCode(world, waitingMiss.cookie, then)).toEqual(paused)
  expect(await tryCode(world, waiting.cookie, waiting.code, then)).toMatchObject({ kind: 'accepted' })
  const token = visit.kind === 'accepted' ? visit.visitToken : ''
  expect(await openVisit(world, token, then)).toMatchObject({ kind: 'open' })

  expect(await beginIdentity(world, typed(), new Date(until.getTime() - 1))).toEqual(paused)
  expect(await beginIdentity(world, typed(), until)).toMatchObject({ kind: 'challenged' })
  // Counted anew after the pause: one more wrong try does not stop the service again.
  await wrong(await begin(until, await customer()), until, 3)
  expect(await findPause(world.db, until)).toBeUndefined()
  await wrong(await begin(until, await customer()), until, 1)
  expect(await findPause(world.db, until)).toBeDefined()
})

test('more code SMS than three times the forecast stop new codes', async () => {
  const { world } = await identityWorld(database.db, (policies) => {
    policies.breaker.codesPerHourForecast = 1
  })
  const now = later(ten, { minutes: 24 * 60 })
  for (let at = 0; at < 4; at++) {
    await beginIdentity(world, (await insertCustomer(world)).form, now)
    await beginIdentity(world, typed(), now)
  }
  await queueDueCodes(world, now)
  expect(await findPause(world.db, now)).toMatchObject({ because: 'code-sms' })
})
