import iconv from 'iconv-lite'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type AnswerRequest, decideAnswer, judgePromises, lockAnswerFacts, recordAnswer } from '#answers'
import { countUnmatched, listMatchedByPerson, listUnmatched } from '#payments'
import { japaneseHolidays as holidays } from '#platform/calendar/holidays'
import { inTransaction, sql } from '#platform/database/database'
import { newId } from '#platform/ids'
import { day } from '#values/day'
import { at, chanceOf } from '../../test/casework.ts'
import { openConsole, plainOperator, type TestConsole } from '../../test/console.ts'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { explaining, indexesUsed, rowsTouched, tablesReadWhole } from '../../test/explain.ts'
import { insertCustomer, later, type Somebody, ten } from '../../test/identity.world.ts'
import type { PlainBrowser } from '../../test/plain-browser.ts'
import { listUndelivered } from './undelivered.store.ts'
import { urls } from './urls.ts'

let it: TestDatabase
let site: TestConsole
let agent: PlainBrowser
let viewer: PlainBrowser
const chance = chanceOf()

beforeAll(async () => {
  it = await testDatabase()
})
afterAll(() => it.drop())
beforeEach(async () => {
  site = await openConsole(it.db)
  agent = await plainOperator(site, 'agent')
  viewer = await plainOperator(site, 'viewer')
})
afterEach(async () => {
  expect(site.faults).toEqual([])
  await site.close()
})

let numbers = 7_000_000_000
/** With a number as creditors give them. */
const somebody = async () => {
  const one = await insertCustomer(site.world)
  const customerNumber = String(++numbers)
  await it.db
    .updateTable('customers')
    .set({ customer_number: customerNumber, customer_number_bare: customerNumber })
    .where('id', '=', one.customerId)
    .execute()
  return { ...one, customerNumber }
}

const answer = ({ customerId }: Somebody, request: AnswerRequest, now = ten) =>
  inTransaction(it.db, async (tx) => {
    const facts = await lockAnswerFacts(tx, [customerId], site.world.creditor.products)
    const outcome = decideAnswer(facts, request, { now, holidays, creditor: site.world.creditor })
    if (outcome.kind === 'refused') throw new Error(outcome.because)
    return (await recordAnswer(tx, { outcome, answeredBy: 'customer', now, chance })).receiptNumber
  })

const promise = (on: string, shownOn = '2026-11-24'): AnswerRequest => ({
  kind: 'promise',
  day: day(on),
  shownOn: day(shownOn),
})

const rowOf = (html: string, customerId: string): string =>
  html.match(/<tr[^>]*>.*?<\/tr>/gs)?.find((row) => row.includes(urls.case(customerId))) ?? ''

const acts = async (act: string) =>
  (
    await sql<{ actor: string; customer_id: string; facts: object }>`
      select actor, customer_id, facts from audit_lines where act = ${act} order by id`.execute(it.db)
  ).rows

describe('ご回答', () => {
  test('shows what was answered this week, masked, with numbers that add up', async () => {
    const [taro, hana] = [await somebody(), await somebody()]
    const receipt = await answer(taro, promise('2026-11-25'))
    await answer(hana, { kind: 'consultation', details: { topic: 'instalments', callTime: 'morning' } })
    const { html } = await agent.open(urls.answers)
    expect(rowOf(html, taro.customerId)).toContain('11月25日（水）まで')
    expect(rowOf(html, taro.customerId)).toContain(receipt.replace(/(\d{3})(?=\d)/g, '$1-'))
    expect(rowOf(html, hana.customerId)).toContain('分割にしたい・電話は午前')
    expect(html).toContain('ジ***** タ')
    expect(html).not.toContain('ジャックス タロウ')
    const numbers = [...html.matchAll(/<b>([\d,]+)<\/b>/g)].map(([, number = '']) => Number(number.replace(',', '')))
    const [total = 0, ...parts] = numbers
    expect(total).toBe(parts.reduce((sum, part) => sum + part, 0))
    expect(total).toBeGreaterThanOrEqual(2)
  })

  test('takes its filters from the address, and what is no filter does no harm', async () => {
    const taro = await somebody()
    await answer(taro, { kind: 'already-paid' })
    const shown = async (query: string) => rowOf((await agent.open(`${urls.answers}?${query}`)).html, taro.customerId)
    expect(await shown('kind=already-paid')).not.toBe('')
    expect(await shown('kind=promise')).toBe('')
    expect(await shown('from=2026-11-23&until=2026-11-23')).toBe('')
    expect(await shown('from=2026-11-24&until=2026-11-24')).not.toBe('')
    expect(await shown('from=2026-11-25&until=2026-11-24')).not.toBe('')
    expect(await shown("kind='&from=x&until=2026-99-99&after=~~~")).not.toBe('')
  })

  test('is read page by page without a gap', async () => {
    const now = at('2026-05-12', 10)
    const everybody: string[] = []
    for (let n = 0; n < 53; n++) {
      const one = await somebody()
      await answer(one, { kind: 'already-paid' }, now)
      everybody.push(one.customerId)
    }
    const first = await agent.open(`${urls.answers}?from=2026-05-12&until=2026-05-12`)
    const next = /href="([^"]*)" rel="next"/.exec(first.html)?.[1]?.replaceAll('&amp;', '&') ?? ''
    const second = await agent.open(next)
    const idsIn = (html: string) => everybody.filter((id) => html.includes(urls.case(id)))
    expect([idsIn(first.html).length, idsIn(second.html).length]).toEqual([50, 3])
    expect(new Set([...idsIn(first.html), ...idsIn(second.html)]).size).toBe(53)
    expect(second.html).not.toContain('rel="next"')
  })

  test('is taken as a file in three encodings, masked, and who took it is written down', async () => {
    const taro = await somebody()
    await answer(taro, promise('2026-11-26'))
    const bytes = async (encoding: string) => {
      const response = await agent.request(`${urls.answersCsv}?kind=promise&csv=${encoding}`, { method: 'GET' })
      expect(response.status).toBe(200)
      expect(response.headers.get('content-disposition')).toContain(encodeURIComponent('返答一覧_20261124-1000.csv'))
      return Buffer.from(await response.arrayBuffer())
    }
    const text = (await bytes('utf8')).toString()
    expect(text.split('\r\n')[0]).toBe('回答日時,顧客番号,回答,内容,金額,受付番号,入力,変更前の版')
    expect(text).toContain(
      `2026-11-24 10:00:00,****${taro.customerNumber.slice(-4)},お支払いのご予定,11月26日（木）まで,`,
    )
    expect(text).not.toContain(taro.customerNumber)
    expect((await bytes('utf8-bom')).toString()).toBe(`\ufeff${text}`)
    expect(iconv.decode(await bytes('cp932'), 'cp932')).toBe(text)
    expect((await acts('list.exported')).at(-1)).toMatchObject({
      facts: { list: urls.answersCsv, encoding: 'cp932', filters: { kind: 'promise' } },
    })
  })

  test('is a file only for those who may take it', async () => {
    expect((await viewer.open(urls.answers)).html).not.toContain('csv=')
    expect((await viewer.open(urls.answersCsv)).status).toBe(403)
    expect((await agent.open(urls.answers)).html).toContain('csv=utf8-bom')
  })
})

describe('お支払いのご予定', () => {
  test('stands under its day, then waits for its money, then is broken and done', async () => {
    const taro = await somebody()
    await answer(taro, promise('2026-11-25'))
    const listed = async (address: string) => rowOf((await agent.open(address)).html, taro.customerId) !== ''
    expect([await listed(urls.promises), await listed(`${urls.promises}?of=coming`)]).toEqual([false, true])
    site.setClock(at('2026-11-25', 10))
    agent = await plainOperator(site, 'agent')
    expect([await listed(urls.promises), await listed(`${urls.promises}?of=coming`)]).toEqual([true, false])
    site.setClock(at('2026-11-26', 10))
    agent = await plainOperator(site, 'agent')
    expect([await listed(urls.promises), await listed(`${urls.promises}?of=awaiting`)]).toEqual([false, true])
    await judgePromises(it.db, site.world, at('2026-11-26', 18))
    expect([await listed(`${urls.promises}?of=awaiting`), await listed(urls.brokenPromises)]).toEqual([false, true])
    const row = rowOf(agent.page?.html ?? '', taro.customerId)
    const action = /action="([^"]*close)"/.exec(row)?.[1] ?? ''
    const done = await agent.send(action)
    expect(done.html).toContain('対応済みにしました。')
    expect(rowOf(done.html, taro.customerId)).toBe('')
    expect(await acts('work-item.closed')).toMatchObject([{ customer_id: taro.customerId }])
    const undo = /class="note good said"[\s\S]*?action="([^"]*reopen)"/.exec(done.html)?.[1] ?? ''
    const back = await agent.send(undo)
    expect(back.html).toContain('未対応に戻しました。')
    expect(rowOf(back.html, taro.customerId)).not.toBe('')
  })
})

describe('ご相談', () => {
  test('is done by one of two who press at once, and the other is told', async () => {
    const taro = await somebody()
    await answer(taro, { kind: 'consultation', details: { topic: 'other' } })
    const other = await plainOperator(site, 'agent')
    const action = async (browser: PlainBrowser) => {
      const { html } = await browser.open(`${urls.consultations}?topic=other`)
      return /action="([^"]*close)"/.exec(rowOf(html, taro.customerId))?.[1] ?? ''
    }
    const [first, second] = [await action(agent), await action(other)]
    expect((await agent.send(first)).html).toContain('対応済みにしました。')
    expect((await other.send(second)).html).toContain('ほかの担当者が先に対応済みにしていました。')
    expect(rowOf((await agent.open(`${urls.consultations}?state=done`)).html, taro.customerId)).toContain(
      '未対応に戻す',
    )
  })

  test('has no button for whoever only looks, and nobody is led elsewhere by what a form says', async () => {
    const taro = await somebody()
    await answer(taro, { kind: 'consultation' })
    expect(rowOf((await viewer.open(urls.consultations)).html, taro.customerId)).not.toContain('<button')
    const { html } = await agent.open(urls.consultations)
    const action = /action="([^"]*close)"/.exec(rowOf(html, taro.customerId))?.[1] ?? ''
    const { redirects } = await agent.send(action, { back: 'https://evil.example/?x' })
    expect(redirects[0]).toMatch(/^\/\?said=closed/)
  })
})

describe('不達番号', () => {
  const failed = async (
    { customerId, caseId }: Somebody,
    state: 'failed' | 'refused' | 'expired' | 'delivered',
    on = ten,
    blame: 'gateway' | null = null,
  ) => {
    const id = newId(on)
    await sql`
      insert into messages (customer_id, id, class, case_id, queue_id, position, phone_value, sender, reference, part_count,
        queued_at)
      select id, ${id}, 'notice', ${caseId}, ${id}, nextval('message_positions'), phone_value, '0570055877', 1, 1, ${on}
      from customers where id = ${customerId}`.execute(it.db)
    await sql`
      insert into message_events (message_id, state, gateway, because, blame, at)
      values (${id}, ${state}, 'carrier', '044', ${blame}, ${on})`.execute(it.db)
    return id
  }
  const listed = async (...who: readonly Somebody[]) => {
    const { html } = await agent.open(urls.unreachable)
    return who.map(({ customerId }) => rowOf(html, customerId) !== '')
  }

  test('has whoever the last SMS did not reach', async () => {
    const [dead, off, reached, later_, gateway] = [
      await somebody(),
      await somebody(),
      await somebody(),
      await somebody(),
      await somebody(),
    ]
    await failed(dead, 'failed')
    await failed(off, 'expired')
    await failed(reached, 'delivered')
    await failed(later_, 'failed')
    await failed(later_, 'delivered', later(ten, { minutes: 1 }))
    await failed(gateway, 'refused', ten, 'gateway')
    site.setClock(later(ten, { minutes: 5 }))
    expect(await listed(dead, off, reached, later_, gateway)).toEqual([true, true, false, false, false])
    const { html } = await agent.open(`${urls.unreachable}?state=expired`)
    expect([rowOf(html, dead.customerId), rowOf(html, off.customerId)].map((row) => row !== '')).toEqual([false, true])
    expect(rowOf(html, off.customerId)).toMatch(/090-\*\*\*\*-\d{4}/)
  })

  test('is over when the number is another, is somebody else’s, or the case is closed', async () => {
    const [moved, held, closed] = [await somebody(), await somebody(), await somebody()]
    for (const one of [moved, held, closed]) await failed(one, 'failed')
    expect(await listed(moved, held, closed)).toEqual([true, true, true])
    await sql`update customers set phone_value = decode(md5('other'), 'hex') where id = ${moved.customerId}`.execute(
      it.db,
    )
    await sql`insert into holds (customer_id, id, reason, placed_at, placed_by)
      values (${held.customerId}, ${newId(ten)}, 'wrong-number', ${ten}, 'operator:sato')`.execute(it.db)
    await sql`update cases set closed_at = ${ten}, closed_because = 'settled' where id = ${closed.caseId}`.execute(
      it.db,
    )
    expect(await listed(moved, held, closed)).toEqual([false, false, false])
  })

  test('is looked at once, until it is put back or fails again', async () => {
    const taro = await somebody()
    await failed(taro, 'failed')
    await agent.open(urls.unreachable)
    const action = /action="([^"]*looked-at)"/.exec(rowOf(agent.page?.html ?? '', taro.customerId))?.[1] ?? ''
    const done = await agent.send(action)
    expect(done.html).toContain('対応済みにしました。')
    expect(await listed(taro)).toEqual([false])
    await agent.open(done.redirects[0] ?? '')
    const undo = /action="([^"]*reopen)"/.exec(agent.page?.html ?? '')?.[1] ?? ''
    await agent.send(undo)
    expect(await listed(taro)).toEqual([true])
    await agent.send(/action="([^"]*looked-at)"/.exec(rowOf(agent.page?.html ?? '', taro.customerId))?.[1] ?? '')
    expect(await listed(taro)).toEqual([false])
    await failed(taro, 'failed', later(ten, { minutes: 2 }))
    expect(await listed(taro)).toEqual([true])
  })
})

describe('入金', () => {
  const arrived = async (amount: number, reference: string | null = null) => {
    const id = newId(ten)
    await sql`
      insert into deposits (id, channel, amount, on_day, reference, line_key, received_at, unmatched_because)
      values (${id}, 'transfer', ${amount}, '2026-11-24', ${reference}, ${id}, ${ten}, 'nobody-fits')`.execute(it.db)
    return id
  }

  test('is matched by the number of a customer, shows what it paid, and is undone', async () => {
    const taro = await somebody()
    const id = await arrived(12_300)
    expect((await agent.open(urls.deposits)).html).toContain(urls.deposit(id))
    await agent.open(urls.deposit(id))
    const wrong = await agent.send(urls.matchDeposit(id), { customerNumber: 'nobody' })
    expect([wrong.status, wrong.html.includes('その顧客番号のお客様はいません')]).toEqual([422, true])
    expect(wrong.html).toContain('value="nobody"')
    const matched = await agent.send(urls.matchDeposit(id), { customerNumber: taro.customerNumber })
    expect(matched.html).toContain('このお客様の入金として消込をしました。')
    expect(matched.html).toContain('12,300円')
    expect(await acts('deposit.matched')).toMatchObject([{ customer_id: taro.customerId }])
    expect((await agent.open(urls.deposits)).html).not.toContain(urls.deposit(id))
    expect((await agent.open(`${urls.deposits}?of=matched`)).html).toContain(urls.deposit(id))
    await agent.open(urls.deposit(id))
    const undone = await agent.send(urls.unmatchDeposit(id))
    expect(undone.html).toContain('消込を取り消しました')
    expect((await agent.open(urls.deposits)).html).toContain(urls.deposit(id))
  })

  test('is matched by the button of a suggestion, without a customer’s number in the page', async () => {
    const taro = await somebody()
    const id = await arrived(100, taro.customerNumber)
    const { html } = await agent.open(urls.deposit(id))
    expect(html).not.toContain(taro.customerNumber)
    expect(html).toContain('番号が一致')
    const matched = await agent.send(urls.matchDeposit(id))
    expect(matched.html).toContain('このお客様の入金として消込をしました。')
    expect(matched.html).toContain(urls.case(taro.customerId))
  })

  test('is nobody’s to match who may only look, and no deposit is no page', async () => {
    const id = await arrived(500)
    expect((await viewer.open(urls.deposit(id))).html).not.toContain(urls.matchDeposit(id))
    expect((await agent.open(urls.deposit(newId(ten)))).status).toBe(404)
    expect((await agent.open(urls.deposit('x'))).status).toBe(404)
  })

  test('is a file as well', async () => {
    const id = await arrived(777)
    expect(id).not.toBe('')
    const text = await (await agent.request(`${urls.depositsCsv}?csv=utf8`, { method: 'GET' })).text()
    expect(text).toContain('2026-11-24,777,振込,,口座・番号・名義・金額のどれも当てはまりません,確報\r\n')
  })
})

test('every list has a file with its header', async () => {
  for (const path of [urls.promisesCsv, urls.brokenPromisesCsv, urls.consultationsCsv, urls.unreachableCsv]) {
    const response = await agent.request(`${path}?csv=utf8`, { method: 'GET' })
    expect([path, response.status]).toEqual([path, 200])
    expect(await response.text()).toMatch(/顧客番号.*\r\n/)
  }
})

describe('with many messages and deposits behind', () => {
  beforeAll(async () => {
    await sql`
      insert into messages (customer_id, id, class, case_id, queue_id, position, phone_value, sender, reference, part_count,
        queued_at)
      select first_id_at(to_timestamp(n)), first_id_at(timestamptz '2026-09-01' + n * interval '1 minute'), 'notice', null,
        first_id_at(to_timestamp(n)), nextval('message_positions'), decode(md5(n::text), 'hex'), '0570055877', 1, 1,
        timestamptz '2026-09-01' + n * interval '1 minute'
      from generate_series(1, 20000) n`.execute(it.ownerDb)
    await sql`
      insert into message_events (message_id, state, gateway, at)
      select id, case when position % 20 = 0 then 'failed' else 'delivered' end, 'carrier', queued_at from messages
      where queued_at < '2026-10-01'`.execute(it.ownerDb)
    await sql`
      insert into deposits (id, channel, amount, on_day, line_key, received_at, customer_id, matched_how, certainty)
      select gen_random_uuid(), 'transfer', 1000, date '2026-01-01' + n % 300, 'old-' || n, '2026-01-01',
        (select id from customers limit 1), 'virtual-account', 'certain' from generate_series(1, 20000) n`.execute(
      it.ownerDb,
    )
    await sql`analyze messages, message_events, deposits, customers, cases, work_items`.execute(it.ownerDb)
  })

  test.each<[string, string, () => Promise<unknown>]>([
    [
      'numbers that were not reached',
      'message_events_default_at_message_id_idx',
      () => listUndelivered(it.db, { since: at('2026-10-25', 10), limit: 51 }),
    ],
    ['money that waits', 'deposits_unmatched', () => listUnmatched(it.db, { limit: 51 })],
    ['how much money waits', 'deposits_unmatched', () => countUnmatched(it.db, 100)],
    ['money matched by people', 'deposits_by_person', () => listMatchedByPerson(it.db, { limit: 51 })],
  ])('%s are found by %s, and few rows are touched', async (_what, index, read) => {
    for (const statement of await explaining(read)) {
      expect(indexesUsed(statement)).toContain(index)
      expect(tablesReadWhole(statement).filter((table) => /^(messages|message_events|deposits)/.test(table))).toEqual(
        [],
      )
      expect(rowsTouched(statement)).toBeLessThan(1_500)
    }
  })
})
