import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { inTransaction, sql } from '#platform/database/database'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { type AuditLine, sealAudit, verifyAudit, writeAudit, writeAuditLines } from './audit.ts'

const sealKey = Buffer.alloc(32, 7)
const at = new Date('2026-11-24T10:00:00+09:00')
const customerId = '01936000-0000-7000-8000-000000000001'

const line = (n: number): AuditLine => ({
  at: new Date(at.getTime() + n),
  actor: 'cli:sato',
  act: 'hold.placed',
  customerId,
  facts: { n, reason: 'legal' },
})

let it: TestDatabase
beforeAll(async () => {
  it = await testDatabase()
})
beforeEach(async () => {
  await sql`truncate audit_lines, audit_unsealed, audit_seals`.execute(it.ownerDb)
})
afterAll(() => it.drop())

const writeAndSeal = async (count: number) => {
  await writeAuditLines(
    it.db,
    Array.from({ length: count }, (_, n) => line(n + 1)),
  )
  await sealAudit(it.db, sealKey)
}

/** As somebody who owns the database and not the key. */
const tamper = (statement: string) => sql.raw(statement).execute(it.ownerDb)

const lineAt = (position: number) => `(select line_id from audit_seals where position = ${position})`

describe('sealing', () => {
  test('committed lines get dense positions from 1, in the order they were written', async () => {
    await writeAudit(it.db, line(1))
    await writeAudit(it.db, { ...line(2), actor: 'system' })
    expect(await sealAudit(it.db, sealKey)).toBe(2)
    await writeAudit(it.db, line(3))
    expect(await sealAudit(it.db, sealKey)).toBe(1)
    expect(await sealAudit(it.db, sealKey)).toBe(0)
    const { rows } = await sql`
      select position, facts from audit_seals s join audit_lines l on l.id = s.line_id order by position`.execute(it.db)
    expect(rows).toMatchObject([1, 2, 3].map((n) => ({ position: n, facts: { n } })))
  })

  test('a line that commits after later ones is neither lost nor numbered twice', async () => {
    await inTransaction(it.db, async (late) => {
      await writeAudit(late, line(1))
      await writeAudit(it.db, line(2))
      await sealAudit(it.db, sealKey)
      expect(await verifyAudit(it.db, sealKey)).toMatchObject({ kind: 'intact', lines: 1, waiting: 0 })
    })
    await sealAudit(it.db, sealKey)
    expect(await verifyAudit(it.db, sealKey)).toMatchObject({ kind: 'intact', lines: 2, waiting: 0 })
  })

  test('what rolls back leaves no line', async () => {
    const act = inTransaction(it.db, async (tx) => {
      await writeAudit(tx, line(1))
      throw new Error('given up')
    })
    await expect(act).rejects.toThrow('given up')
    expect(await sealAudit(it.db, sealKey)).toBe(0)
  })

  test('of many sealers at once, beside writers, each line is sealed once and the chain holds', async () => {
    const writers = Array.from({ length: 40 }, (_, n) => writeAudit(it.db, line(n)))
    const sealers = Array.from({ length: 20 }, () => sealAudit(it.db, sealKey))
    const counts = await Promise.all(sealers)
    await Promise.all(writers)
    const rest = await sealAudit(it.db, sealKey)
    expect(counts.reduce((sum, count) => sum + count, rest)).toBe(40)
    expect(await verifyAudit(it.db, sealKey)).toMatchObject({ kind: 'intact', lines: 40, waiting: 0 })
  })

  test('more lines than one round takes are sealed round by round, and verified page by page', async () => {
    await writeAuditLines(
      it.db,
      Array.from({ length: 5_001 }, (_, n) => line(n)),
    )
    expect(await sealAudit(it.db, sealKey)).toBe(5_000)
    expect(await verifyAudit(it.db, sealKey)).toMatchObject({ kind: 'intact', lines: 5_000, waiting: 1 })
    expect(await sealAudit(it.db, sealKey)).toBe(1)
    expect(await verifyAudit(it.db, sealKey)).toMatchObject({ kind: 'intact', lines: 5_001, waiting: 0 })
  })
})

describe('the serving role', () => {
  for (const statement of [
    'update audit_lines set act = act',
    'delete from audit_lines',
    'truncate audit_lines cascade',
    'update audit_seals set seal = seal',
    'delete from audit_seals',
  ])
    test(`is refused "${statement}"`, async () => {
      await writeAndSeal(1)
      await expect(sql.raw(statement).execute(it.db)).rejects.toThrow(/permission denied/)
    })
})

describe('verify finds the first place at which the chain was touched', () => {
  test.each([
    [
      'changed facts',
      `update audit_lines set facts = '{"n": 3, "reason": "death"}' where id = ${lineAt(3)}`,
      3,
      'line-changed',
    ],
    [
      'a number of the facts by a hair',
      `update audit_lines set facts = '{"n": 3.0000000000000000001, "reason": "legal"}' where id = ${lineAt(3)}`,
      3,
      'line-changed',
    ],
    ['another actor', `update audit_lines set actor = 'system' where id = ${lineAt(4)}`, 4, 'line-changed'],
    ['another act', `update audit_lines set act = 'hold.released' where id = ${lineAt(1)}`, 1, 'line-changed'],
    ['no customer', `update audit_lines set customer_id = null where id = ${lineAt(2)}`, 2, 'line-changed'],
    [
      'a microsecond',
      `update audit_lines set at = at + interval '1 microsecond' where id = ${lineAt(5)}`,
      5,
      'line-changed',
    ],
    ['no instant at all', `update audit_lines set at = 'infinity' where id = ${lineAt(5)}`, 5, 'line-changed'],
    ['a deleted line', `delete from audit_lines where id = ${lineAt(2)}`, 2, 'line-missing'],
    ['a deleted seal in the middle', 'delete from audit_seals where position = 3', 3, 'seal-missing'],
    ['a deleted seal at the start', 'delete from audit_seals where position = 1', 1, 'seal-missing'],
    [
      'a line and its seal deleted, the rest moved up',
      `delete from audit_lines where id = ${lineAt(2)}; delete from audit_seals where position = 2; update audit_seals set position = position - 1 where position = 3; update audit_seals set position = position - 1 where position = 4; update audit_seals set position = position - 1 where position = 5`,
      2,
      'line-changed',
    ],
    [
      'two lines swapped',
      `update audit_seals set position = -0 + 99 where position = 2; update audit_seals set position = 2 where position = 4; update audit_seals set position = 4 where position = 99`,
      2,
      'line-changed',
    ],
    ['a forged seal', 'update audit_seals set seal = sha256(seal) where position = 4', 4, 'line-changed'],
    ['a cut seal', `update audit_seals set seal = '' where position = 4`, 4, 'line-changed'],
    [
      'a forged line at the end',
      `insert into audit_lines select '01936000-0000-7000-8000-00000000000f', at, actor, act, null, '{}' from audit_lines limit 1; insert into audit_seals values (6, '01936000-0000-7000-8000-00000000000f', sha256('x'))`,
      6,
      'line-changed',
    ],
  ])('%s', async (_what, statement, position, because) => {
    await writeAndSeal(5)
    expect(await verifyAudit(it.db, sealKey)).toMatchObject({ kind: 'intact', lines: 5 })
    await tamper(statement)
    expect(await verifyAudit(it.db, sealKey)).toMatchObject({ kind: 'broken', position, because })
  })

  test('a line that was put in past the program is unsealed', async () => {
    await writeAndSeal(2)
    await tamper(
      `insert into audit_lines select '01936000-0000-7000-8000-00000000000f', at, actor, act, null, '{}' from audit_lines limit 1`,
    )
    expect(await verifyAudit(it.db, sealKey)).toEqual({
      kind: 'broken',
      position: null,
      lineId: '01936000-0000-7000-8000-00000000000f',
      because: 'line-unsealed',
    })
  })

  test('a line that vanished before it was sealed is missing', async () => {
    await writeAudit(it.db, line(1))
    await tamper('delete from audit_lines')
    expect(await verifyAudit(it.db, sealKey)).toMatchObject({ kind: 'broken', because: 'line-missing' })
  })

  test('a cut end shows in the head that was noted down', async () => {
    await writeAndSeal(3)
    const noted = await verifyAudit(it.db, sealKey)
    await tamper(`delete from audit_lines where id = ${lineAt(3)}; delete from audit_seals where position = 3`)
    const after = await verifyAudit(it.db, sealKey)
    expect([noted, after]).toMatchObject([{ lines: 3 }, { lines: 2 }])
    expect(after).not.toMatchObject({ head: (noted as { head: string }).head })
  })

  test('another key verifies nothing', async () => {
    await writeAndSeal(1)
    expect(await verifyAudit(it.db, Buffer.alloc(32, 8))).toMatchObject({ kind: 'broken', position: 1 })
  })
})
