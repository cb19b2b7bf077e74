import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sql } from '#platform/database/database'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { explaining, rowsTouched, tablesReadWhole } from '../../test/explain.ts'
import {
  type AuditFilter,
  type AuditLine,
  askForCheck,
  checkAudit,
  listAuditLines,
  listChecks,
  sealAudit,
  streamAuditLines,
  writeAuditLines,
} from './audit.ts'

const sealKey = Buffer.alloc(32, 7)
const start = new Date('2026-11-24T10:00:00+09:00')
const minute = (n: number) => new Date(start.getTime() + n * 60_000)
const customerId = '01936000-0000-7000-8000-000000000001'
const actors = ['customer', 'system', 'operator:sato', 'cli:tanaka'] as const
const acts = ['visit.opened', 'hold.placed', 'campaign.paused'] as const

/** One line a minute: every actor with every act in turn, every fifth of them about the customer. */
const lines = Array.from(
  { length: 120 },
  (_, n): AuditLine => ({
    at: minute(n),
    actor: actors[n % 4] ?? 'system',
    act: acts[n % 3] ?? '',
    ...(n % 5 === 0 && { customerId }),
    facts: { n },
  }),
)

let it: TestDatabase
beforeAll(async () => {
  it = await testDatabase()
  await writeAuditLines(it.db, lines)
  await sealAudit(it.db, sealKey)
})
afterAll(() => it.drop())

const whole = { from: start, until: minute(120) }
const numbers = (found: readonly { readonly facts: Readonly<Record<string, unknown>> }[]) =>
  found.map(({ facts }) => facts.n)
const expected = (keep: (line: AuditLine, n: number) => boolean) => lines.flatMap((line, n) => (keep(line, n) ? n : []))

const cases: readonly [string, AuditFilter, (line: AuditLine, n: number) => boolean][] = [
  ['everything', whole, () => true],
  ['a period, its end not any more', { from: minute(10), until: minute(20) }, (_, n) => n >= 10 && n < 20],
  ['an act', { ...whole, act: 'hold.placed' }, ({ act }) => act === 'hold.placed'],
  ['one person', { ...whole, actor: 'operator:sato' }, ({ actor }) => actor === 'operator:sato'],
  ['people', { ...whole, actor: 'people' }, ({ actor }) => actor !== 'customer' && actor !== 'system'],
  ['customers', { ...whole, actor: 'customer' }, ({ actor }) => actor === 'customer'],
  ['one customer', { ...whole, customerId }, ({ customerId }) => customerId !== undefined],
  [
    'all of it',
    { from: minute(30), until: minute(90), actor: 'cli:tanaka', act: 'visit.opened', customerId },
    (line, n) => n >= 30 && n < 90 && line.actor === 'cli:tanaka' && line.act === 'visit.opened' && n % 5 === 0,
  ],
]

describe('lines are found by', () => {
  test.each(cases)('%s', async (_what, filter, keep) => {
    expect(numbers(await listAuditLines(it.db, filter, { limit: 1_000 }))).toEqual(expected(keep).toReversed())
    const streamed = []
    for await (const line of streamAuditLines(it.db, filter)) streamed.push(line)
    expect(numbers(streamed)).toEqual(expected(keep))
  })

  test('page after page without a line twice or none', async () => {
    const pages = []
    for (let before: string | undefined; ; ) {
      const page = await listAuditLines(it.db, { ...whole, actor: 'people' }, { before, limit: 7 })
      pages.push(...page)
      before = page.at(-1)?.id
      if (page.length < 7) break
    }
    expect(numbers(pages)).toEqual(expected(({ actor }) => actor !== 'customer' && actor !== 'system').toReversed())
  })

  test('each with its place in the chain', async () => {
    const [last] = await listAuditLines(it.db, whole, { limit: 1 })
    expect(last).toMatchObject({ at: minute(119), position: 120, seal: expect.stringMatching(/^[0-9a-f]{64}$/) })
  })

  test('the export goes on beyond its first page', async () => {
    const later = minute(60 * 24)
    const many = Array.from({ length: 2_100 }, (_, n): AuditLine => {
      const at = new Date(later.getTime() + n)
      return { at, actor: 'system', act: 'import.settled', facts: { n } }
    })
    await writeAuditLines(it.db, many)
    const seen = []
    const filter = { from: later, until: minute(60 * 25) }
    for await (const line of streamAuditLines(it.db, filter)) seen.push(line)
    expect(numbers(seen)).toEqual(many.map((_, n) => n))
  })

  test('however long the log is, a page costs what it shows', async () => {
    await sql`
      insert into audit_lines (id, at, actor, act, facts)
      select ('019ab000-' || lpad(to_hex(n / 65536), 4, '0') || '-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
        ${start}::timestamptz, case when n % 1000 = 0 then 'operator:abe' else 'customer' end,
        case when n % 1000 = 0 then 'deposit.matched' else 'visit.opened' end, '{}'
      from generate_series(1, 20000) n`.execute(it.ownerDb)
    await sql`analyze audit_lines`.execute(it.ownerDb)
    const ages = { from: new Date('2020-01-01'), until: new Date('2030-01-01') }
    for (const filter of [{}, { act: 'deposit.matched' }, { actor: 'operator:abe' }, { actor: 'people' }] as const) {
      const [found] = await explaining(() => listAuditLines(it.db, { ...ages, ...filter }, { limit: 10 }))
      expect(found && { ...filter, whole: tablesReadWhole(found), many: rowsTouched(found) > 50 }).toEqual({
        ...filter,
        whole: [],
        many: false,
      })
    }
  })
})

describe('a check', () => {
  const by = 'operator:kansa'

  test('is done once for whoever asks meanwhile, and its verdict is kept with the head of the chain', async () => {
    await sealAudit(it.db, sealKey)
    await sql`delete from audit_lines l where not exists (select from audit_seals s where s.line_id = l.id)`.execute(
      it.ownerDb,
    )
    const id = await askForCheck(it.db, { by, now: start })
    expect(await askForCheck(it.db, { by: 'operator:sato', now: start })).toBe(id)
    expect(await listChecks(it.db, 5)).toEqual([{ id, askedBy: by, askedAt: start }])
    expect(await checkAudit(it.db, sealKey, () => minute(1))).toBe(1)
    expect(await checkAudit(it.db, sealKey, () => minute(1))).toBe(0)
    expect(await listChecks(it.db, 5)).toEqual([
      {
        id,
        askedBy: by,
        askedAt: start,
        ended: { at: minute(1), verdict: { kind: 'intact', lines: 2_220, waiting: 0, head: expect.any(String) } },
      },
    ])
    // In one process ids never go back, though this test’s clock does.
    const ever = { from: start, until: minute(60 * 48), act: 'audit.checked' }
    const [told] = await listAuditLines(it.db, ever, { limit: 1 })
    expect(told).toMatchObject({ actor: by, facts: { check: id, kind: 'intact' } })
  })

  test('finds what was touched', async () => {
    await sql`update audit_lines set actor = 'system' where id = (select line_id from audit_seals where position = 3)`.execute(
      it.ownerDb,
    )
    await askForCheck(it.db, { by, now: minute(2) })
    await checkAudit(it.db, sealKey, () => minute(3))
    const [last] = await listChecks(it.db, 1)
    expect(last?.ended?.verdict).toMatchObject({ kind: 'broken', position: 3, because: 'line-changed' })
  })
})
