import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { identityWorld, insertCustomer, insertHold, later, ten } from '../../test/identity.world.ts'
import {
  beginIdentity,
  endVisit,
  endVisitsOf,
  type IdentityWorld,
  openVisit,
  sweepIdentity,
  tryCode,
} from './identity.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.drop())

async function signedIn() {
  const { world, lastCode } = await identityWorld(database.db)
  const { customerId, form } = await insertCustomer(world)
  const signIn = async (now: Date): Promise<string> => {
    const cookie = await beginCookie(world, form, now)
    const accepted = await tryCode(world, cookie, lastCode(), now)
    if (accepted.kind !== 'accepted') throw new Error(accepted.kind)
    return accepted.visitToken
  }
  return { world, customerId, form, lastCode, signIn, token: await signIn(ten) }
}

async function beginCookie(world: IdentityWorld, form: Parameters<typeof beginIdentity>[1], now: Date) {
  const begun = await beginIdentity(world, form, now)
  if (begun.kind !== 'challenged') throw new Error(begun.kind)
  return begun.cookie
}

async function endingOf(world: IdentityWorld, token: string) {
  const row = await world.db
    .selectFrom('visits')
    .select(['id', 'ended_because', 'ended_at'])
    .where('token_hash', '=', world.vault.blindIndex('visit', token))
    .executeTakeFirstOrThrow()
  const lines = await world.db.selectFrom('audit_lines').selectAll().where('act', '=', 'visit.ended').execute()
  const own = lines.filter(({ facts }) => (facts as { visitId?: string }).visitId === row.id)
  return { because: row.ended_because, at: row.ended_at, audited: own.map(({ actor }) => actor) }
}

test('whoever keeps looking stays for thirty minutes and no longer', async () => {
  const { world, token } = await signedIn()
  for (const minutes of [10, 24, 29.99])
    expect(await openVisit(world, token, later(ten, { minutes }))).toMatchObject({ kind: 'open' })
  expect(await openVisit(world, token, later(ten, { minutes: 30 }))).toEqual({ kind: 'ended', because: 'absolute' })
  expect(await endingOf(world, token)).toMatchObject({ because: 'absolute', audited: ['system'] })
})

test('after fifteen quiet minutes it is over, and stays over', async () => {
  const { world, token } = await signedIn()
  expect(await openVisit(world, token, later(ten, { minutes: 15 }))).toEqual({ kind: 'ended', because: 'idle' })
  expect(await openVisit(world, token, later(ten, { minutes: 1 }))).toEqual({ kind: 'ended', because: 'idle' })
  expect(await endingOf(world, token)).toMatchObject({ because: 'idle', audited: ['system'] })
})

test('終了する ends it once', async () => {
  const { world, token } = await signedIn()
  await endVisit(world, token, later(ten, { minutes: 1 }))
  await endVisit(world, token, later(ten, { minutes: 2 }))
  expect(await openVisit(world, token, later(ten, { minutes: 2 }))).toEqual({ kind: 'ended', because: 'signed-out' })
  expect(await endingOf(world, token)).toEqual({
    because: 'signed-out',
    at: later(ten, { minutes: 1 }),
    audited: ['customer'],
  })
})

test('nobody’s token opens nothing, and what is stored is no token', async () => {
  const { world, token } = await signedIn()
  expect(Buffer.from(token, 'base64url')).toHaveLength(32)
  expect(await openVisit(world, `${token}x`, ten)).toEqual({ kind: 'none' })
  expect(await openVisit(world, '', ten)).toEqual({ kind: 'none' })
  const rows = await world.db.selectFrom('visits').selectAll().execute()
  expect(rows.some(({ token_hash }) => token_hash.equals(Buffer.from(token, 'base64url')))).toBe(false)
})

test('a hold ends every open visit of the customer and no other', async () => {
  const { world, token, signIn, customerId } = await signedIn()
  const second = await signIn(later(ten, { minutes: 1 }))
  const other = await signedIn()
  await world.db.transaction().execute((tx) => endVisitsOf(tx, customerId, 'hold', later(ten, { minutes: 2 })))
  for (const ended of [token, second])
    expect(await openVisit(world, ended, later(ten, { minutes: 2 }))).toEqual({ kind: 'ended', because: 'hold' })
  expect(await openVisit(other.world, other.token, later(ten, { minutes: 2 }))).toMatchObject({ kind: 'open' })
})

test('a sign-in waits for a hold that is being placed, and then finds it', async () => {
  const { world, form, lastCode, customerId } = await signedIn()
  const now = later(ten, { minutes: 1 })
  const cookie = await beginCookie(world, form, now)
  const signingIn = await world.db.transaction().execute(async (tx) => {
    await endVisitsOf(tx, customerId, 'hold', now)
    const trying = tryCode(world, cookie, lastCode(), now)
    await Promise.race([trying, new Promise((resolve) => setTimeout(resolve, 300))])
    await insertHold(tx, customerId, 'legal')
    return { trying }
  })
  expect(await signingIn.trying).toEqual({ kind: 'expired' })
})

test('a hold waits for a sign-in that is being made, and then ends it', async () => {
  const { world, form, lastCode, customerId } = await signedIn()
  const now = later(ten, { minutes: 1 })
  const cookie = await beginCookie(world, form, now)
  const [accepted] = await Promise.all([
    tryCode(world, cookie, lastCode(), now),
    world.db.transaction().execute(async (tx) => {
      await insertHold(tx, customerId, 'legal')
      await endVisitsOf(tx, customerId, 'hold', now)
    }),
  ])
  if (accepted.kind === 'accepted')
    expect(await openVisit(world, accepted.visitToken, now)).toEqual({ kind: 'ended', because: 'hold' })
})

test('inside the transaction of an act a visit is looked at, ended and kept from a hold', async () => {
  const { world, token, customerId } = await signedIn()
  const order: string[] = []
  await world.db.transaction().execute(async (tx) => {
    expect(await openVisit({ ...world, db: tx }, token, ten)).toMatchObject({ kind: 'open' })
    const hold = world.db.transaction().execute(async (other) => {
      await endVisitsOf(other, customerId, 'hold', ten)
      order.push('hold')
    })
    await Promise.race([hold, new Promise((resolve) => setTimeout(resolve, 200))])
    order.push('act')
    hold.catch(() => undefined)
  })
  await expect.poll(() => order).toEqual(['act', 'hold'])
  const { world: quiet, token: forgotten } = await signedIn()
  const ended = await quiet.db
    .transaction()
    .execute((tx) => openVisit({ ...quiet, db: tx }, forgotten, later(ten, { minutes: 20 })))
  expect(ended).toEqual({ kind: 'ended', because: 'idle' })
  expect(await endingOf(quiet, forgotten)).toMatchObject({ because: 'idle', audited: ['system'] })
})

test('the sweep ends visits that nobody came back to, for the reason that came first', async () => {
  const { world, token } = await signedIn()
  const { token: busy } = await signedIn()
  await openVisit(world, busy, later(ten, { minutes: 14 }))
  await sweepIdentity(world, later(ten, { minutes: 14 }))
  expect(await endingOf(world, token)).toMatchObject({ because: null })
  await sweepIdentity(world, later(ten, { minutes: 40 }))
  expect(await endingOf(world, token)).toMatchObject({ because: 'idle', audited: ['system'] })
  expect(await endingOf(world, busy)).toMatchObject({ because: 'idle', audited: ['system'] })
})
