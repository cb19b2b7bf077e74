import { PostgresQueryCompiler } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '#platform/database/database'
import { addDays, day, dayInJst } from '#values/day'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { anotherThan, identityWorld, insertCustomer, later, ten, typed } from '../../test/identity.world.ts'
import { beginIdentity, getChallenge, type IdentityForm, type IdentityWorld, resendCode, tryCode } from './identity.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.drop())

/** Everything that tells a person who gets a code from one who does not would show in one of these. */
type Trace = {
  readonly answers: readonly unknown[]
  readonly statements: readonly string[]
  readonly challenges: readonly object[]
  readonly holders: readonly object[]
  readonly counters: readonly object[]
  readonly auditLines: readonly object[]
}

const people: readonly (readonly [string, (world: IdentityWorld) => Promise<IdentityForm>])[] = [
  ['a stranger', async () => typed()],
  ['a wrong birth date', async (w) => ({ ...(await insertCustomer(w)).form, birthDate: day('1998-01-02') })],
  ['a wrong phone', async (w) => ({ ...(await insertCustomer(w)).form, phone: typed().phone })],
  ['a dispute', async (w) => (await insertCustomer(w, { holds: ['dispute'] })).form],
  ['hardship', async (w) => (await insertCustomer(w, { holds: ['hardship'] })).form],
  ['a legal hold', async (w) => (await insertCustomer(w, { holds: ['legal'] })).form],
  ['a death', async (w) => (await insertCustomer(w, { holds: ['death'] })).form],
  ['a wrong number', async (w) => (await insertCustomer(w, { holds: ['wrong-number'] })).form],
  ['only an excluded contract', async (w) => (await insertCustomer(w, { excluded: true })).form],
  ['only an excluded product', async (w) => (await insertCustomer(w, { product: 'housing-loan' })).form],
  ['nothing owed', async (w) => (await insertCustomer(w, { hasBill: false })).form],
  ['paid lately', async (w) => (await insertCustomer(w, { settledOn: addDays(dayInJst(ten), -30) })).form],
  ['paid long ago', async (w) => (await insertCustomer(w, { settledOn: addDays(dayInJst(ten), -31) })).form],
]

const real = ['a dispute', 'hardship', 'paid lately']

test.each(people)('%s leaves the same traces as a customer', async (name, somebody) => {
  const { world, lastCode } = await identityWorld(database.db)
  const expected = await traceOf(world, (await insertCustomer(world)).form, lastCode)
  const form = await somebody(world)
  expect(await traceOf(world, form, lastCode)).toEqual(expected)
  expect(await standsBehind(world, form)).toBe(real.includes(name))
})

/** Two wrong codes, a form sent again, a resend too early and one in time, and the code used up. */
async function traceOf(world: IdentityWorld, form: IdentityForm, lastCode: () => string): Promise<Trace> {
  const statements: string[] = []
  const recording = { ...world, db: recorded(world.db, statements) }
  const begun = await beginIdentity(recording, form, ten)
  const cookie = begun.kind === 'challenged' ? begun.cookie : ''
  const view = async (now: Date) => ({ ...(await getChallenge(recording, cookie, now)), typed: undefined })
  const attempt = (now: Date) => tryCode(recording, cookie, anotherThan(lastCode()), now)
  const answers = [
    begun.kind,
    await view(ten),
    await attempt(later(ten, { seconds: 5 })),
    await resendCode(recording, cookie, later(ten, { seconds: 10 })),
    await resendCode(recording, cookie, later(ten, { seconds: 30 })),
    (await beginIdentity(recording, { ...form, family: form.given, given: form.family }, later(ten, { seconds: 50 })))
      .kind,
    await attempt(later(ten, { seconds: 60 })),
    await attempt(later(ten, { seconds: 61 })),
    await attempt(later(ten, { seconds: 62 })),
    await view(later(ten, { seconds: 90 })),
    await resendCode(recording, cookie, later(ten, { seconds: 200 })),
    await view(later(ten, { seconds: 200 })),
  ]
  return { answers, statements, ...(await rowsOf(world, form, cookie)) }
}

/** Which columns are filled, and how long they are; the values themselves are nobody's but this person's. */
async function rowsOf({ db, vault }: IdentityWorld, form: IdentityForm, cookie: string) {
  const phone = vault.blindIndex('phone', form.phone)
  const challenges = await db
    .selectFrom('challenges')
    .selectAll()
    .where('phone_value', '=', phone)
    .orderBy('id')
    .execute()
  const ids = challenges.map(({ id }) => id)
  const holders = await db
    .selectFrom('challenge_holders')
    .selectAll()
    .where('challenge_id', 'in', ids)
    .orderBy('opened_at')
    .execute()
  const keys = [phone, ...challenges.flatMap((row) => [row.identity_value, row.person_value])]
  const counters = await db
    .selectFrom('identity_counters')
    .select(['scope', 'period', 'count'])
    .where('key', 'in', keys)
    .orderBy('scope')
    .orderBy('count')
    .execute()
  const auditLines = await db
    .selectFrom('audit_lines')
    .select(['at', 'actor', 'act', 'customer_id'])
    .select((eb) => eb.fn<number>('length', [eb.cast<string>('facts', 'text')]).as('facts'))
    .where('id', '>', ids[0] ?? '')
    .orderBy('id')
    .execute()
  expect(holders.some((row) => row.cookie_hash.equals(vault.blindIndex('cookie', cookie)))).toBe(true)
  return {
    challenges: challenges.map(({ customer_ids, ...row }) =>
      shapeOf({ ...row, areCustomers: Array.isArray(customer_ids) }),
    ),
    holders: holders.map(shapeOf),
    counters,
    auditLines,
  }
}

function shapeOf(row: object): object {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => [
      column,
      value instanceof Uint8Array || (column.endsWith('id') && typeof value === 'string') ? value.length : value,
    ]),
  )
}

async function standsBehind({ db, vault }: IdentityWorld, form: IdentityForm): Promise<boolean> {
  const rows = await db
    .selectFrom('challenges')
    .select('customer_ids')
    .where('phone_value', '=', vault.blindIndex('phone', form.phone))
    .execute()
  return rows.some(({ customer_ids }) => customer_ids.length > 0)
}

/** The same database, writing down the text of every statement. */
function recorded(db: Database, statements: string[]): Database {
  const compiler = new PostgresQueryCompiler()
  return db.withPlugin({
    transformQuery({ node, queryId }) {
      statements.push(compiler.compileQuery(node, queryId).sql)
      return node
    },
    transformResult: async ({ result }) => result,
  })
}
