import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Database, sql } from '#platform/database/database'
import { newId } from '#platform/ids'
import { type Day, dayInJst } from '#values/day'
import { addCase, at, openCase } from '../../test/casework.ts'
import { openConsole, plainOperator, type TestConsole } from '../../test/console.ts'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { putDeposit } from '../../test/money.ts'
import { seeded } from '../../test/seeded.ts'
import { type Cohort, countCohorts } from './cohort-report.store.ts'
import { type AnsweredHour, countAnsweredHours } from './hours-report.store.ts'
import { countPromisedWeeks, type PromisedWeek } from './promises-report.store.ts'
import { countedReport } from './report-figures.ts'
import { busiestHour, hoursTable } from './report-tables.ts'
import { urls } from './urls.ts'

let it: TestDatabase
let db: Database
let site: TestConsole

/** Told by chance that is the same every time. */
const chance = seeded('reports')
const oneIn = (n: number) => Math.floor(chance.fraction() * n) === 0
const pick = <T>(of: readonly T[]): T => {
  const one = of[Math.floor(chance.fraction() * of.length)]
  if (one === undefined) throw new Error('There is one')
  return one
}

const days = ['2026-10-05', '2026-10-06', '2026-10-07', '2026-10-08'] as const
const sizes = [40, 35, 30, 4]
const span = { from: at('2026-10-05', 0), until: at('2026-10-08', 24) }

beforeAll(async () => {
  it = await testDatabase()
  db = it.db
  site = await openConsole(db)
  for (const [n, day] of days.entries()) for (let i = 0; i < (sizes[n] ?? 0); i++) await story(day)
  // Before and after the days that are asked for, and at their edges.
  for (const now of [at('2026-10-04', 23, 59, 59), at('2026-10-09', 0)]) await story(dayInJst(now), now)
})
afterAll(async () => {
  expect(site.faults).toEqual([])
  await site.close()
  await it.drop()
})

/** What may become of a case: each of it by chance. */
const story = async (day: string, now = at(day, 9)) => {
  const later = (days: number, hour = 10) => new Date(at(day, hour).getTime() + days * 86_400_000)
  const kase = await openCase(db, { now })
  const { customerId, caseId, billIds } = kase
  for (let n = 0; n < pick([0, 1, 1, 2]); n++)
    await message(kase, pick(['delivered', 'failed', 'submitted', 'refused', 'excluded', 'queued'] as const), later(n))
  if (oneIn(3)) await visit(customerId, later(pick([0, 1, 5]), pick([8, 12, 20])))
  // A visit of an earlier case is none for this one.
  if (oneIn(9)) await visit(customerId, new Date(now.getTime() - 3_600_000))
  if (oneIn(2)) await answers(kase, later)
  if (oneIn(2)) {
    const depositId = await putDeposit(db, { customerId, amount: 12_300, now: later(1) })
    await ledger(customerId, depositId, billIds[0] ?? '', 12_300, later(1))
    if (oneIn(4)) await ledger(customerId, depositId, billIds[0] ?? '', -12_300, later(2))
  }
  if (oneIn(2)) {
    const because = pick(['settled', 'settled', 'withdrawn'])
    await sql`update cases set closed_at = ${later(pick([1, 3, 4, 9, 20]))}, closed_because = ${because}
      where customer_id = ${customerId} and id = ${caseId}`.execute(db)
    if (oneIn(3)) await addCase(db, kase, [{}], at('2026-11-02', 9))
  }
}

type Kase = Awaited<ReturnType<typeof openCase>>

const message = async (
  { customerId, caseId, phoneValue }: Kase,
  state: 'delivered' | 'failed' | 'submitted' | 'refused' | 'excluded' | 'queued',
  on: Date,
) => {
  const [id, queueId] = [newId(on), newId(on)]
  const { rows } = await sql<{ position: number }>`
    insert into messages (customer_id, id, class, case_id, queue_id, position, phone_value, sender, reference, part_count,
      queued_at)
    values (${customerId}, ${id}, 'notice', ${caseId}, ${queueId}, nextval('message_positions'), ${phoneValue}, '0570', 1,
      1, ${on})
    returning position`.execute(db)
  if (state === 'queued') return
  const event = (name: string) =>
    sql`
    insert into message_events (message_id, state, gateway, at) values (${id}, ${name}, 'carrier', ${on})`.execute(db)
  if (state === 'excluded') return event('excluded')
  await sql`
    insert into claims (queue_id, stream, number, to_position, worker, slot, message_ids, at, gateway)
    values (${queueId}, '', 1, ${rows[0]?.position}, ${newId(on)}, 'x', array[${id}]::uuid[], ${on}, 'carrier')`.execute(
    db,
  )
  if (state === 'refused') return event('refused')
  await sql`
    insert into claim_ends (queue_id, stream, number, gateway, carrier_ids, at)
    values (${queueId}, '', 1, 'carrier', array[${id}]::text[], ${on})`.execute(db)
  return state === 'submitted' ? undefined : event(state)
}

const visit = async (customerId: string, on: Date) => {
  const id = newId(on)
  await sql`insert into visits (id, token_hash, read_only, opened_at, last_seen_at)
    values (${id}, decode(md5(${id}), 'hex'), false, ${on}, ${on})`.execute(db)
  await sql`insert into visit_customers (customer_id, visit_id) values (${customerId}, ${id})`.execute(db)
}

let receipts = 100_000_000

/** Some versions, the last of them perhaps a promise that is waited for or decided. */
const answers = async ({ customerId, caseId }: Kase, later: (days: number, hour?: number) => Date) => {
  const answerId = newId(later(0))
  await sql`insert into answers (customer_id, id, case_id, first_answered_at)
    values (${customerId}, ${answerId}, ${caseId}, ${later(0)})`.execute(db)
  const versions = pick([1, 1, 2, 3])
  for (let version = 1; version <= versions; version++) {
    const on = later(version - 1, pick([7, 10, 10, 22]))
    const number = String(++receipts)
    const kind = pick(['promise', 'promise', 'already-paid', 'consultation', 'cancelled'] as const)
    const promised = kind === 'promise' ? dayInJst(later(version + 1)) : null
    await sql`insert into receipt_numbers (number, given_at) values (${number}, ${on})`.execute(db)
    await sql`
      insert into answer_versions (customer_id, answer_id, version, kind, promised_day, last_offered_day, quiet_until,
        answered_at, answered_by, receipt_number)
      values (${customerId}, ${answerId}, ${version}, ${kind}, ${promised}, ${promised}, ${promised}, ${on},
        ${pick(['customer', 'customer', 'operator:sato'])}, ${number})`.execute(db)
    if (kind === 'promise' && oneIn(2))
      await sql`insert into promise_outcomes (customer_id, answer_id, version, outcome, because, decided_at)
        values (${customerId}, ${answerId}, ${version}, ${pick(['kept', 'broken', 'cancelled'])}, 'x', ${on})`.execute(
        db,
      )
    else if (kind === 'promise' && version === versions)
      await sql`insert into live_promises (customer_id, answer_id, version, quiet_until)
        values (${customerId}, ${answerId}, ${version}, ${promised})`.execute(db)
  }
}

const ledger = (customerId: string, depositId: string, billId: string, amount: number, on: Date) =>
  sql`insert into ledger_lines (customer_id, id, deposit_id, bill_id, account, principal, amount, at)
    values (${customerId}, ${newId(on)}, ${depositId}, ${billId}, 'bill', ${amount}, ${amount}, ${on})`.execute(db)

const rows = async <T>(query: ReturnType<typeof sql<T>>) => (await query.execute(db)).rows

/** The same numbers, asked for case by case and in other words. */
const cohortsOneByOne = async (): Promise<readonly Cohort[]> => {
  const found = await rows(sql<{
    day: Day
    sent: boolean
    delivered: boolean
    identified: boolean
    answered: boolean
    paid: boolean
    curedMs: number | null
  }>`
    select to_char(c.opened_at at time zone 'Asia/Tokyo', 'YYYY-MM-DD') as day,
      exists (select from message_states s where s.case_id = c.id and s.customer_id = c.customer_id
        and s.state in ('sending', 'unknown', 'submitted', 'delivered', 'failed', 'expired')) as sent,
      exists (select from message_states s where s.case_id = c.id and s.customer_id = c.customer_id
        and s.state = 'delivered') as delivered,
      exists (select from visit_customers v join visits o on o.id = v.visit_id
        where v.customer_id = c.customer_id and o.opened_at >= c.opened_at) as identified,
      exists (select from answers a join answer_versions v on v.answer_id = a.id and v.customer_id = a.customer_id
        where a.case_id = c.id and v.kind in ('promise', 'already-paid', 'consultation')) as answered,
      (select sum(l.amount) from ledger_lines l join bills b on b.id = l.bill_id where b.case_id = c.id) > 0 as paid,
      case when closed_because = 'settled' then extract(epoch from closed_at - opened_at)::float8 * 1000 end as "curedMs"
    from cases c where c.opened_at between ${span.from} and ${new Date(span.until.getTime() - 1)}`)
  const within = (cases: typeof found, days: number) =>
    cases.filter(({ curedMs }) => curedMs !== null && curedMs < days * 86_400_000).length
  return [...Map.groupBy(found, ({ day }) => day)]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([day, cases]) => {
      const of = (key: 'sent' | 'delivered' | 'identified' | 'answered' | 'paid') =>
        cases.filter((each) => each[key]).length
      return {
        day,
        cases: cases.length,
        sent: of('sent'),
        delivered: of('delivered'),
        identified: of('identified'),
        answered: of('answered'),
        paid: of('paid'),
        cured: cases.filter(({ curedMs }) => curedMs !== null).length,
        curedIn3: within(cases, 3),
        curedIn7: within(cases, 7),
        curedIn14: within(cases, 14),
      }
    })
}

describe('the numbers are those of the database', () => {
  test('of cases by the day on which guidance began', async () => {
    const cohorts = await countCohorts(db, span)
    expect(cohorts).toEqual(await cohortsOneByOne())
    expect(cohorts.map(({ cases }) => cases)).toEqual(sizes)
    const [first] = cohorts
    for (const count of Object.values(first ?? {})) if (typeof count === 'number') expect(count).toBeGreaterThan(0)
  })

  test('of answers by weekday and hour', async () => {
    const found = await rows(sql<{ customerId: string; answeredAt: Date }>`
      select customer_id as "customerId", answered_at as "answeredAt" from answer_versions where answered_by = 'customer'`)
    const hours = new Map<string, { answers: number; people: Set<string> }>()
    for (const { customerId, answeredAt } of found) {
      if (answeredAt < span.from || answeredAt >= span.until) continue
      const inJapan = new Date(answeredAt.getTime() + 9 * 3_600_000)
      const key = `${inJapan.getUTCDay()}-${inJapan.getUTCHours()}`
      const hour = hours.get(key) ?? { answers: 0, people: new Set() }
      hours.set(key, { answers: hour.answers + 1, people: hour.people.add(customerId) })
    }
    const told = await countAnsweredHours(db, span)
    expect(
      new Map(
        told.map(({ weekday, hour, answers, people }: AnsweredHour) => [`${weekday}-${hour}`, [answers, people]]),
      ),
    ).toEqual(new Map([...hours].map(([key, { answers, people }]) => [key, [answers, people.size]])))
    expect(told.length).toBeGreaterThan(5)
  })

  test('of promises by the week of their day', async () => {
    const found = await rows(sql<{ customerId: string; day: string; outcome: string | null; isLive: boolean }>`
      select v.customer_id as "customerId", v.promised_day::text as day, o.outcome, l.version is not null as "isLive"
      from answer_versions v left join promise_outcomes o using (customer_id, answer_id, version)
      left join live_promises l using (customer_id, answer_id, version) where v.kind = 'promise'`)
    const counted = found.filter(
      ({ day, outcome, isLive }) => (outcome !== null || isLive) && day >= '2026-10-05' && day <= '2026-10-18',
    )
    const weeks = await countPromisedWeeks(db, { from: '2026-10-05' as Day, until: '2026-10-18' as Day })
    const of = (monday: string, until: string): PromisedWeek => {
      const week = counted.filter(({ day }) => day >= monday && day <= until)
      const count = (outcome: string | null) => week.filter((each) => each.outcome === outcome).length
      return {
        monday: monday as Day,
        promises: week.length,
        kept: count('kept'),
        broken: count('broken'),
        cancelled: count('cancelled'),
        pending: count(null),
        people: new Set(week.map(({ customerId }) => customerId)).size,
      }
    }
    expect(weeks[0]).toEqual(of('2026-10-05', '2026-10-11'))
    expect(weeks[0]?.kept).toBeGreaterThan(0)
    expect(weeks.reduce((sum, { promises }) => sum + promises, 0)).toBe(counted.length)
  })
})

describe('figures that were counted', () => {
  const asked = { report: '/test', from: '2026-10-01' as Day, until: '2026-10-02' as Day }
  const timer =
    (...readings: number[]) =>
    () =>
      readings.shift() ?? 0

  test('stand for twenty times as long as counting took, and say of when they are', async () => {
    const now = at('2026-10-10', 10)
    const count = (value: number) => async () => [value]
    const afterSeconds = (seconds: number) => new Date(now.getTime() + seconds * 1000)
    expect(await countedReport(db, asked, count(1), now, timer(0, 3_000))).toEqual({ figures: [1], countedAt: now })
    expect(await countedReport(db, asked, count(2), afterSeconds(59), timer(0, 3_000))).toEqual({
      figures: [1],
      countedAt: now,
    })
    expect(await countedReport(db, asked, count(3), afterSeconds(60), timer(0, 0))).toEqual({
      figures: [3],
      countedAt: afterSeconds(60),
    })
    expect(await countedReport(db, asked, count(4), afterSeconds(60), timer(0, 0))).toEqual({
      figures: [4],
      countedAt: afterSeconds(60),
    })
  })

  test('of another period are others', async () => {
    const now = at('2026-10-10', 11)
    await countedReport(db, asked, async () => ['one'], now, timer(0, 9_000))
    const other = { ...asked, until: '2026-10-03' as Day }
    expect((await countedReport(db, other, async () => ['other'], now, timer(0, 9_000))).figures).toEqual(['other'])
  })
})

describe('a report', () => {
  const period = 'from=2026-10-05&until=2026-10-08'

  test('hides those who are few, and what would tell of them', async () => {
    const browser = await plainOperator(site, 'viewer')
    const { html } = await browser.open(`${urls.cohortReport}?${period}`)
    const row = /<tr><th scope="row">10月8日（木）<\/th>(.*?)<\/tr>/s.exec(html)?.[1] ?? ''
    const cells = [...row.matchAll(/<td class="n"[^>]*>([^<]*)<\/td>/g)].map(([, text]) => text)
    expect(cells[0]).toBe('10未満')
    expect(cells.filter((text) => text !== '10未満' && text !== '0' && text !== '—')).toEqual([])
    const total = /<tfoot>(.*?)<\/tfoot>/s.exec(html)?.[1] ?? ''
    expect(/<td class="n"[^>]*>([^<]*)/.exec(total)?.[1]).toBe('10未満')
    expect(html).toContain('data-chart="line"')
  })

  test.each([urls.reports, urls.cohortReport, urls.hoursReport, urls.promisesReport])(
    '%s shows for nothing that there is nothing',
    async (path) => {
      const browser = await plainOperator(site, 'viewer')
      const { status, html } = await browser.open(`${path}?from=2020-01-01&until=2020-01-07`)
      expect([status, html.includes('<h1>')]).toEqual([200, true])
      expect(html).toMatch(/ありません/)
    },
  )

  test('is a file with the same words', async () => {
    const browser = await plainOperator(site, 'auditor')
    const response = await browser.request(`${urls.cohortReportCsv}?${period}&csv=utf8`, { method: 'GET' })
    const lines = (await response.text()).split('\r\n')
    expect(lines[0]).toMatch(/^案内開始日,対象,送信,到達,認証,回答,入金,完済,完済率（3日以内）/)
    expect(lines[1]).toMatch(/^10月5日（月）,40,\d/)
    expect(lines[4]).toMatch(/^10月8日（木）,10未満,/)
  })

  test('is asked for by whoever turns the days around, and never for more than a year', async () => {
    const browser = await plainOperator(site, 'viewer')
    expect((await browser.open(`${urls.cohortReport}?from=2026-10-08&until=2026-10-05`)).html).toContain(
      '10月5日（月）</th>',
    )
    expect((await browser.open(`${urls.cohortReport}?from=1900-01-01&until=2026-10-08`)).html).toContain(
      'value="2025-10-07"',
    )
  })
})

test('the busiest hour is named, unless it would tell of a few', () => {
  const hour = (at: number, people: number) => ({ weekday: 2, hour: at, answers: people, people })
  expect(busiestHour(hoursTable([hour(9, 12), hour(10, 30), hour(11, 5)]))).toBe(
    'お客様の回答 10未満件・いちばん多いのは10時台（30件）',
  )
  expect(busiestHour(hoursTable([hour(9, 12), hour(10, 30)]))).toBe('お客様の回答 42件・いちばん多いのは10時台（30件）')
  expect(busiestHour(hoursTable([hour(9, 3)]))).toBe('お客様の回答 10未満件')
})
