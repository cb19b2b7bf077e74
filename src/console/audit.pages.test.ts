import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkAudit, sealAudit } from '#audit'
import { sql } from '#platform/database/database'
import { openConsole, plainOperator, type TestConsole } from '../../test/console.ts'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { fillTown } from '../../test/journeys/console-town.ts'
import type { PlainBrowser } from '../../test/plain-browser.ts'
import { urls } from './urls.ts'

const sealKey = Buffer.alloc(32, 7)

let it: TestDatabase
let site: TestConsole
let auditor: PlainBrowser
let taro: string
beforeAll(async () => {
  it = await testDatabase()
  site = await openConsole(it.db)
  await fillTown(it, site, 40)
  taro =
    (await sql<{ id: string }>`select id from customers where customer_number = '10000001'`.execute(it.db)).rows[0]
      ?.id ?? ''
  auditor = await plainOperator(site, 'auditor')
})
afterAll(async () => {
  expect(site.faults).toEqual([])
  await site.close()
  await it.drop()
})

const open = async (query: Readonly<Record<string, string>> = {}) =>
  (await auditor.open(`${urls.audit}?${new URLSearchParams(query)}`)).html

/** Customer, act, actor: what the lines of the page say. */
const rowsOf = (html: string) =>
  [...html.matchAll(/<tr>(<td>[\s\S]*?)<\/tr>/g)].map(([, row = '']) =>
    [...row.matchAll(/<td[^>]*>([\s\S]*?)<\/td>/g)].map(([, cell = '']) => cell.replace(/<[^>]*>/g, '').trim()),
  )

test('what was done is told in words, the newest first, customers masked', async () => {
  const html = await open()
  const rows = rowsOf(html)
  expect(rows.length).toBeGreaterThan(5)
  expect(rows[0]).toMatchObject({ 1: '監査者', 2: 'サインインした' })
  expect(html).not.toMatch(/10000001|ジャックス タロウ|0900/)
})

test('by who did it, by what was done, by day', async () => {
  const by = async (query: Readonly<Record<string, string>>) => rowsOf(await open(query))
  const people = await by({ actor: 'people' })
  expect(people.every(([, who]) => who !== 'お客様' && who !== '自動')).toBe(true)
  const imports = await by({ act: 'import.debits' })
  expect(imports.map(([, , what]) => what)).toEqual(['振替結果を取り込んだ'])
  expect(await by({ from: '2020-01-01', to: '2020-01-31' })).toEqual([])
  expect(await open({ from: '2020-01-01', to: '2020-01-31' })).toContain('この条件の記録はありません。')
  expect(await by({ actor: 'operator:nobody' })).toEqual([])
})

test('by a customer, whose number never stands in an address', async () => {
  await open()
  const found = await auditor.send(urls.auditCustomer, { number: ' 10000001 ' })
  expect(found.redirects.join()).not.toContain('10000001')
  expect(found.path).toBe(`${urls.audit}?customer=${taro}`)
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from audit_lines where customer_id = ${taro}`.execute(it.db)
  expect(rowsOf(found.html)).toHaveLength(Math.min(50, rows[0]?.count ?? 0))
  await open()
  expect((await auditor.send(urls.auditCustomer, { number: '99999999' })).html).toContain('見つかりません')
})

test('a check is asked for once, done by the worker, and its verdict stays on the page', async () => {
  await open()
  const asked = await auditor.send(urls.auditChecks)
  expect(asked.html).toContain('初めから順に確認しています')
  while ((await sealAudit(it.db, sealKey)) > 0);
  await checkAudit(it.db, sealKey, () => site.now())
  const live = await auditor.open(urls.auditChecksLive)
  expect(live.html).toMatch(/改ざんも欠けもありません/)
  expect(live.html).not.toContain('hx-get')
  await sql`update audit_lines set actor = 'system' where id = (select line_id from audit_seals where position = 2)`.execute(
    it.ownerDb,
  )
  await open()
  await auditor.send(urls.auditChecks)
  await checkAudit(it.db, sealKey, () => site.now())
  expect(await open()).toMatch(/記録の連鎖が切れていました：記録が書き換えられています。[\s\S]*通し番号 2/)
})

test('the files hold what the page asks for, with the seals, and who took them is written down', async () => {
  const { html: csv } = await auditor.open(`${urls.auditCsv}?act=import.debits`)
  expect(csv).toContain('振替結果を取り込んだ')
  expect(csv.trim().split('\r\n')).toHaveLength(2)
  const { html: text } = await auditor.open(`${urls.auditJsonl}?act=import.debits`)
  expect(JSON.parse(text.trim())).toMatchObject({ act: 'import.debits', seal: expect.stringMatching(/^[0-9a-f]{64}$/) })
  const taken = rowsOf(await open({ act: 'list.exported' }))
  expect(taken.map(([, who, what]) => `${who} ${what}`)).toEqual(['監査者 一覧を書き出した', '監査者 一覧を書き出した'])
})
