import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Creditor } from '#creditor'
import { japaneseHolidays as holidays } from '#platform/calendar/holidays'
import { type Database, inTransaction, sql } from '#platform/database/database'
import { day } from '#values/day'
import { at, chanceOf, creditorWith, endBill, openCase, ten } from '../../test/casework.ts'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { explaining, indexesUsed, rowsTouched, tablesReadWhole } from '../../test/explain.ts'
import {
  type AnswerRequest,
  cancelPromises,
  closeWorkItem,
  countOpenWorkItems,
  countPromisesDue,
  decideAnswer,
  judgePromises,
  listAnswers,
  listPromisesAwaited,
  listWorkItems,
  lockAnswerFacts,
  noteUndelivered,
  type PromisesOf,
  placeOfPromise,
  placeOfWorkItem,
  recordAnswer,
  reopenWorkItem,
} from './answers.ts'

let it: TestDatabase
let db: Database
let creditor: Creditor
const chance = chanceOf()
beforeAll(async () => {
  it = await testDatabase()
  db = it.db
  creditor = await creditorWith()
})
afterAll(() => it.drop())

const answer = (customerId: string, request: AnswerRequest, now = ten) =>
  inTransaction(db, async (tx) => {
    const facts = await lockAnswerFacts(tx, [customerId], creditor.products)
    const outcome = decideAnswer(facts, request, { now, holidays, creditor })
    if (outcome.kind === 'refused') throw new Error(outcome.because)
    await recordAnswer(tx, { outcome, answeredBy: 'customer', now, chance })
  })

const promise = (on: string, shownOn: string): AnswerRequest => ({
  kind: 'promise',
  day: day(on),
  shownOn: day(shownOn),
})
const consultation = (topic: 'instalments' | 'other', callTime: 'morning' | 'evening'): AnswerRequest => ({
  kind: 'consultation',
  details: { topic, callTime },
})

/** Each of the tests has a month of its own, so that they do not see each other’s. */
const whole = (month: string) => ({ from: at(`${month}-01`, 0), until: at(`${month}-28`, 24), limit: 100 })

describe('the list of answers', () => {
  test('has every version, the latest first, with what it came to and whether it still counts', async () => {
    const taro = await openCase(db, { bills: [{ principal: 12_300 }, { principal: 8_000 }], now: at('2026-02-02', 9) })
    const hana = await openCase(db, { now: at('2026-02-02', 9) })
    await answer(taro.customerId, promise('2026-02-03', '2026-02-02'), at('2026-02-02', 10))
    await answer(hana.customerId, { kind: 'already-paid' }, at('2026-02-02', 11))
    await answer(taro.customerId, promise('2026-02-04', '2026-02-02'), at('2026-02-02', 12))
    const list = await listAnswers(db, whole('2026-02'))
    expect(list.map((each) => [each.customerId, each.version, each.kind, each.promisedDay, each.isCurrent])).toEqual([
      [taro.customerId, 2, 'promise', '2026-02-04', true],
      [hana.customerId, 1, 'already-paid', null, true],
      [taro.customerId, 1, 'promise', '2026-02-03', false],
    ])
    const { rows } = await sql<{ total: number }>`
      select sum(amount)::bigint as total from answer_bills where customer_id = ${taro.customerId} and version = 2`.execute(
      db,
    )
    expect(list[0]?.total).toBe(rows[0]?.total)
    expect(list[0]?.total).toBeGreaterThan(20_000)
  })

  test('is read by kind, and from one instant to another', async () => {
    const [one, other] = [
      await openCase(db, { now: at('2026-03-02', 9) }),
      await openCase(db, { now: at('2026-03-02', 9) }),
    ]
    await answer(one.customerId, { kind: 'already-paid' }, at('2026-03-02', 10))
    await answer(other.customerId, consultation('other', 'morning'), at('2026-03-03', 10))
    const kinds = async (asked: Partial<Parameters<typeof listAnswers>[1]>) =>
      (await listAnswers(db, { ...whole('2026-03'), ...asked })).map(({ kind }) => kind)
    expect(await kinds({ kind: 'consultation' })).toEqual(['consultation'])
    expect(await kinds({ from: at('2026-03-03', 10) })).toEqual(['consultation'])
    expect(await kinds({ until: at('2026-03-03', 10) })).toEqual(['already-paid'])
  })

  test('goes on where a page ended, also among answers of the same instant', async () => {
    const now = at('2026-04-02', 10)
    for (let n = 0; n < 7; n++) await answer((await openCase(db, { now })).customerId, { kind: 'already-paid' }, now)
    const all = await listAnswers(db, whole('2026-04'))
    const pages: (typeof all)[number][] = []
    for (let after: (typeof all)[number] | undefined; ; ) {
      const page = await listAnswers(db, { ...whole('2026-04'), limit: 3, after })
      pages.push(...page)
      after = page.at(-1)
      if (page.length < 3) break
    }
    expect(all).toHaveLength(7)
    expect(pages).toEqual(all)
  })
})

describe('promises that are waited for', () => {
  const listed = async (of: PromisesOf, today: string) =>
    (await listPromisesAwaited(db, { of, today: day(today), limit: 100 }))
      .filter(({ promisedDay }) => promisedDay.slice(0, 7) === today.slice(0, 7))
      .map(({ customerId }) => customerId)

  test('stand under today, coming or awaiting by their day, and leave when they are decided', async () => {
    const now = at('2026-06-08', 10)
    const opened = async (principal = 12_300) =>
      openCase(db, { bills: [{ principal, dueDay: day('2026-06-05') }], now })
    const [soon, later, moved, paid, cancelled] = [
      await opened(),
      await opened(),
      await opened(),
      await opened(),
      await opened(),
    ]
    await answer(soon.customerId, promise('2026-06-09', '2026-06-08'), now)
    await answer(later.customerId, promise('2026-06-10', '2026-06-08'), now)
    await answer(moved.customerId, promise('2026-06-09', '2026-06-08'), now)
    await answer(moved.customerId, promise('2026-06-10', '2026-06-08'), at('2026-06-08', 11))
    await answer(paid.customerId, promise('2026-06-09', '2026-06-08'), now)
    await answer(cancelled.customerId, promise('2026-06-09', '2026-06-08'), now)
    await inTransaction(db, (tx) =>
      cancelPromises(tx, { customerId: cancelled.customerId, because: 'hold-legal', by: 'operator:sato', now }),
    )
    const sorted = (...of: readonly { customerId: string }[]) => of.map(({ customerId }) => customerId).sort()
    expect((await listed('coming', '2026-06-08')).slice(0, 2)).toEqual(sorted(soon, paid))
    expect((await listed('coming', '2026-06-08')).slice(2)).toEqual(sorted(later, moved))
    expect(await listed('today', '2026-06-09')).toEqual(sorted(soon, paid))
    expect(await countPromisesDue(db, day('2026-06-09'), 100)).toBe(2)
    expect(await countPromisesDue(db, day('2026-06-09'), 1)).toBe(1)
    await endBill(db, paid.customerId, paid.billIds[0], { onDay: '2026-06-09', now: at('2026-06-09', 12) })
    const [first] = (await listPromisesAwaited(db, { of: 'today', today: day('2026-06-09'), limit: 100 })).filter(
      ({ customerId }) => customerId === paid.customerId,
    )
    expect([first?.bills, first?.settled]).toEqual([1, 1])
    expect(await listed('awaiting', '2026-06-10')).toEqual(sorted(soon, paid))
    await judgePromises(db, { creditor }, at('2026-06-10', 18))
    expect(await listed('awaiting', '2026-06-10')).toEqual([])
    expect(await listed('today', '2026-06-10')).toEqual(sorted(later, moved))
    const broken = (await listWorkItems(db, { kind: 'broken-promise', state: 'open', limit: 100 })).filter(
      ({ details }) => details.promisedDay?.startsWith('2026-06'),
    )
    expect(broken.map(({ customerId, details }) => [customerId, details.promisedDay])).toEqual([
      [soon.customerId, '2026-06-09'],
    ])
  })

  test.each(['coming', 'awaiting'] as const)('%s: the list goes on where a page ended', async (of) => {
    const now = at('2026-07-06', 10)
    for (let n = 0; n < 5; n++)
      await answer(
        (await openCase(db, { now })).customerId,
        promise(n % 2 === 0 ? '2026-07-07' : '2026-07-08', '2026-07-06'),
        now,
      )
    const today = day(of === 'coming' ? '2026-07-06' : '2026-07-09')
    const all = await listPromisesAwaited(db, { of, today, limit: 100 })
    const pages: (typeof all)[number][] = []
    for (let after: (typeof all)[number] | undefined; ; ) {
      const page = await listPromisesAwaited(db, { of, today, limit: 2, after: after && placeOfPromise(of, after) })
      pages.push(...page)
      after = page.at(-1)
      if (page.length < 2) break
    }
    expect(all.length).toBeGreaterThanOrEqual(5)
    expect(pages).toEqual(all)
  })
})

describe('work items', () => {
  const topics = async (asked: Partial<Parameters<typeof listWorkItems>[1]>) =>
    (await listWorkItems(db, { kind: 'consultation', state: 'open', limit: 100, ...asked })).filter(({ openedAt }) =>
      openedAt.toISOString().startsWith('2026-08'),
    )

  test('are done once, with a line in the audit log, and can be put back', async () => {
    const now = at('2026-08-03', 10)
    const { customerId } = await openCase(db, { now })
    await answer(customerId, consultation('instalments', 'morning'), now)
    const [item] = await topics({})
    if (item === undefined) throw new Error('the consultation has opened an item')
    const act = { customerId, id: item.id, by: 'operator:sato' as const, now: at('2026-08-03', 11) }
    const count = await countOpenWorkItems(db, 'consultation', 100)
    expect(await inTransaction(db, (tx) => closeWorkItem(tx, act))).toMatchObject({ kind: 'closed' })
    expect(await inTransaction(db, (tx) => closeWorkItem(tx, { ...act, by: 'operator:ito' }))).toEqual({
      kind: 'refused',
      because: 'closed-already',
    })
    expect(await countOpenWorkItems(db, 'consultation', 100)).toBe(count - 1)
    expect(await topics({ state: 'done' })).toMatchObject([
      { id: item.id, closedBy: 'operator:sato', closedAt: act.now },
    ])
    expect(await inTransaction(db, (tx) => reopenWorkItem(tx, act))).toMatchObject({ kind: 'reopened' })
    expect(await inTransaction(db, (tx) => reopenWorkItem(tx, act))).toEqual({
      kind: 'refused',
      because: 'open-already',
    })
    expect(await topics({ state: 'done' })).toEqual([])
    const { rows } = await sql<{ act: string; actor: string }>`
      select act, actor from audit_lines where customer_id = ${customerId} and act like 'work-item.%' order by id`.execute(
      db,
    )
    expect(rows).toEqual([
      { act: 'work-item.closed', actor: 'operator:sato' },
      { act: 'work-item.reopened', actor: 'operator:sato' },
    ])
  })

  test('of another customer are none', async () => {
    const now = at('2026-08-04', 10)
    const [{ customerId }, other] = [await openCase(db, { now }), await openCase(db, { now })]
    await answer(customerId, consultation('other', 'evening'), now)
    const item = (await topics({ topic: 'other' })).find((each) => each.customerId === customerId)
    if (item === undefined) throw new Error('the consultation has opened an item')
    const act = { customerId: other.customerId, id: item.id, by: 'operator:sato' as const, now }
    expect(await inTransaction(db, (tx) => closeWorkItem(tx, act))).toEqual({
      kind: 'refused',
      because: 'no-such-item',
    })
    expect(await inTransaction(db, (tx) => reopenWorkItem(tx, act))).toEqual({
      kind: 'refused',
      because: 'no-such-item',
    })
  })

  test('of consultations are read by topic and by the time to call, the longest waiting first, page by page', async () => {
    const now = at('2026-08-05', 10)
    for (const [n, time] of (['morning', 'evening', 'morning'] as const).entries()) {
      const customer = await openCase(db, { now })
      await answer(customer.customerId, consultation('instalments', time), at('2026-08-05', 12 - n))
    }
    const all = await topics({ topic: 'instalments', callTime: 'morning' })
    const later = all.filter(({ openedAt }) => openedAt >= now)
    expect(later.map(({ openedAt }) => openedAt)).toEqual([at('2026-08-05', 10), at('2026-08-05', 12)])
    const asked = { kind: 'consultation', state: 'open', callTime: 'morning' } as const
    const ids = (items: readonly { readonly id: string }[]) => items.map(({ id }) => id)
    const whole = await listWorkItems(db, { ...asked, limit: 100 })
    const [first] = whole
    const rest = await listWorkItems(db, { ...asked, limit: 100, after: first && placeOfWorkItem(first) })
    expect(ids(rest)).toEqual(ids(whole.slice(1)))
    expect(rest.length).toBeGreaterThan(1)
  })

  test('of a number that was looked at is done from the start', async () => {
    const now = at('2026-08-06', 10)
    const { customerId, caseId } = await openCase(db, { now })
    const messageId = '0199aaaa-0000-7000-8000-000000000001'
    const outcome = await inTransaction(db, (tx) =>
      noteUndelivered(tx, { customerId, caseId, messageId, by: 'operator:sato', now }),
    )
    expect(outcome).toMatchObject({ kind: 'closed', item: { kind: 'undelivered-number', details: { messageId } } })
    expect(await countOpenWorkItems(db, 'undelivered-number', 100)).toBe(0)
  })
})

describe('with a long history behind', () => {
  beforeAll(async () => {
    const { customerId, caseId } = await openCase(db)
    await answer(customerId, { kind: 'already-paid' }, at('2026-09-01', 10))
    await sql`
      insert into answer_versions (customer_id, answer_id, version, kind, promised_day, last_offered_day, quiet_until,
        answered_at, answered_by, receipt_number)
      select v.customer_id, v.answer_id, 1 + n, 'promise', date '2020-01-01' + n / 20, date '2020-01-01' + n / 20,
        date '2020-01-02' + n / 20, timestamptz '2020-01-01' + n * interval '1 hour', 'customer', v.receipt_number
      from answer_versions v, generate_series(1, 20000) n where v.customer_id = ${customerId} and v.version = 1`.execute(
      db,
    )
    await sql`
      insert into work_items (customer_id, id, kind, case_id, opened_at, closed_at, closed_by)
      select ${customerId}, gen_random_uuid(), 'consultation', ${caseId}, timestamptz '2020-01-01' + n * interval '1 hour',
        timestamptz '2020-01-02' + n * interval '1 hour', 'operator:sato'
      from generate_series(1, 20000) n`.execute(db)
    await sql`analyze answer_versions, work_items, live_promises, answers, answer_bills`.execute(it.ownerDb)
  })

  const long = ['answer_versions', 'work_items']

  test.each<[string, string, () => Promise<unknown>]>([
    ['answers', 'answer_versions_answered', () => listAnswers(db, { ...whole('2026-06'), limit: 51 })],
    [
      'answers of a kind',
      'answer_versions_kind',
      () => listAnswers(db, { from: at('2020-01-01', 0), until: at('2026-12-31', 0), kind: 'cancelled', limit: 51 }),
    ],
    [
      'promises of today',
      'answer_versions_promised',
      () => listPromisesAwaited(db, { of: 'today', today: day('2026-07-07'), limit: 51 }),
    ],
    [
      'coming promises',
      'answer_versions_promised',
      () => listPromisesAwaited(db, { of: 'coming', today: day('2026-07-07'), limit: 51 }),
    ],
    [
      'promises whose day has passed',
      'answer_versions_pkey',
      () => listPromisesAwaited(db, { of: 'awaiting', today: day('2026-07-09'), limit: 51 }),
    ],
    ['how many are due', 'answer_versions_promised', () => countPromisesDue(db, day('2026-07-07'), 100)],
    ['open work items', 'work_items_open', () => listWorkItems(db, { kind: 'consultation', state: 'open', limit: 51 })],
    [
      'done work items',
      'work_items_closed',
      () => listWorkItems(db, { kind: 'consultation', state: 'done', limit: 51 }),
    ],
    ['how many are open', 'work_items_open', () => countOpenWorkItems(db, 'consultation', 100)],
  ])('%s are read by %s, and few rows are touched', async (_what, index, read) => {
    const explained = await explaining(read)
    expect(explained).toHaveLength(1)
    for (const statement of explained) {
      expect(indexesUsed(statement)).toContain(index)
      expect(tablesReadWhole(statement).filter((table) => long.includes(table))).toEqual([])
      expect(rowsTouched(statement)).toBeLessThan(1_000)
    }
  })
})
