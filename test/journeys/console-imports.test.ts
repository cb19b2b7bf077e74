import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { customersHeader, takeUploads } from '#intake'
import { sql } from '#platform/database/database'
import { openBrowser } from '../browser.ts'
import { openConsole, operatorPage, plainOperator, type TestConsole } from '../console.ts'
import { type TestDatabase, testDatabase } from '../database.ts'
import { bytesOf, debitsFile, putMaster } from '../intake-fixture.ts'
import { lookAtConsole } from './console-look.ts'

let it: TestDatabase
let site: TestConsole
let browser: Browser
let page: Page
vi.setConfig({ testTimeout: 60_000 })
beforeAll(async () => {
  it = await testDatabase()
  site = await openConsole(it.db)
  browser = await openBrowser()
  page = await operatorPage(browser, site, 'author')
  page.setDefaultTimeout(20_000)
  await putMaster(it.db, [{ customer: '2001', contract: 'K-2001' }])
})
afterAll(async () => {
  await browser?.close()
  await site?.close()
  await it?.drop()
})

const header = customersHeader.slice(0, 9).join(',')
const master = Buffer.from(
  `${[header, '1001,ヤマダ,タロウ,19800102,09000001111,K1,card,0,', '1002,サトウ,ハナ,19900203,0312345678,K2,card,0,'].join('\r\n')}\r\n`,
)
const debits = () =>
  bytesOf(
    debitsFile([
      ['2001', 12_300, '1'],
      ['9999', 8_000, '1'],
      ['2001', 5_000, '0'],
    ]).read(),
  )

const send = async (kind: string, name: string, buffer: Buffer) => {
  await page.goto(`${site.address}/imports`)
  await page.getByLabel(kind).check()
  await page.getByLabel('ファイル', { exact: true }).setInputFiles({ name, mimeType: 'text/plain', buffer })
  await page.getByRole('button', { name: '取り込む' }).click()
  await page.waitForURL(/\/imports\/[0-9a-f-]{36}$/)
}

const work = () => takeUploads(site.world, site.now())
const text = async () => ((await page.locator('main').textContent()) ?? '').replace(/\s+/g, ' ')

test('nothing was imported yet, and the page says so', async () => {
  await page.goto(`${site.address}/imports`)
  expect(await text()).toContain('本日の取込は、まだありません。')
  expect(await text()).toContain('まだファイルはありません。')
  await lookAtConsole(page, 'imports-empty')
})

test('a file is sent with a bar, waits for the worker, and the page changes by itself when it is in', async () => {
  await send('口座振替の結果', 'result.txt', await debits())
  expect(await text()).toContain('順番を待っています。')
  await lookAtConsole(page, 'import-waiting')
  await work()
  await page.getByRole('heading', { name: '内訳' }).waitFor()
  expect(await text()).toContain('3件の振替結果を取り込みました。新しい案内の対象は1件、12,300円です。')
  expect(await text()).toContain('顧客番号に該当する顧客がいません')
  expect(await text()).not.toContain('9999')
  await lookAtConsole(page, 'import-debits')
})

test('the same file again says so and leads to the first', async () => {
  const first = page.url()
  await send('口座振替の結果', 'result-again.txt', await debits())
  await work()
  await page.getByText('すでに取り込まれています').waitFor()
  await page.getByRole('link', { name: '前の取込を表示' }).click()
  await page.waitForURL(first)
})

test('rejected rows are shown with their reasons and go back as a file, which is recorded', async () => {
  await send('お客様・ご契約', 'master.csv', master)
  await work()
  await page.getByRole('heading', { name: '取り込めなかった行' }).waitFor()
  expect(await text()).toContain('2行のうち1行を取り込みました。1行は取り込めませんでした。')
  expect(await text()).toContain('携帯電話番号：携帯電話番号ではありません')
  expect(await text()).not.toContain('0312345678')
  await lookAtConsole(page, 'import-customers')
  const fetched = page.waitForEvent('download')
  await page.getByRole('link', { name: '行と理由をダウンロード' }).click()
  const download = await fetched
  expect(download.suggestedFilename()).toBe('master.csv.rejected.csv')
  const { rows } = await sql<{ actor: string }>`
    select actor from audit_lines where act = 'import.rejected-read'`.execute(it.db)
  expect(rows).toHaveLength(1)
})

test('a file that cannot be read is told line by line, masked, and as a file', async () => {
  const bytes = await debits()
  bytes.write('ABC', 120 + 80, 'latin1')
  bytes.write('Z', 240, 'latin1')
  await send('口座振替の結果', 'broken.txt', bytes)
  await work()
  await page.getByRole('heading', { name: '誤りの一覧' }).waitFor()
  expect(await text()).toContain('取込は行われていません。')
  await lookAtConsole(page, 'import-broken')
  const fetched = page.waitForEvent('download')
  await page.getByRole('link', { name: 'CSV' }).click()
  expect((await fetched).suggestedFilename()).toBe('broken.txt-誤りの一覧.csv')
})

test('an import is undone by the page, and what can no longer be undone says why', async () => {
  await page.goto(`${site.address}/imports`)
  await page.getByRole('link', { name: 'result.txt' }).click()
  await page.getByText('この取込を取り消す').click()
  await page.getByRole('button', { name: '取り消す' }).click()
  await page.getByText('に取り消されました').waitFor()
  await page.goto(`${page.url()}?undo=notice-has-left`)
  expect(await text()).toContain('すでにご案内が送信されているため、取り消せません。')
})

test('the list tells what became of each file', async () => {
  await page.goto(`${site.address}/imports`)
  expect(await text()).toMatch(/本日 4 = 取込済み 1 \+ 取込中 0 \+ 取り込めなかったもの 2 \+ 取消・置換 1/)
  await lookAtConsole(page, 'imports')
})

test('what was forgotten is said, without a script as well', async () => {
  const plain = await plainOperator(site, 'author')
  const sendPlain = async (fields: Readonly<Record<string, string>>, bytes?: Buffer) => {
    const { html } = await plain.open('/imports')
    const id = /id="upload"><input type="hidden" name="form" value="([^"]+)"/.exec(html)?.[1] ?? ''
    const body = new FormData()
    for (const [name, value] of Object.entries({ form: id, ...fields })) body.set(name, value)
    if (bytes !== undefined) body.set('file', new Blob([new Uint8Array(bytes)]), 'x.txt')
    return (await plain.request('/imports', { method: 'POST', body })).headers.get('location')
  }
  const bytes = await debits()
  expect(await sendPlain({ received: '2026-11-24' }, bytes)).toBe('/imports?problem=kind')
  expect(await sendPlain({ kind: 'debits', received: '2026-13-24' }, bytes)).toBe('/imports?problem=day')
  expect(await sendPlain({ kind: 'debits', received: '2030-01-01' }, bytes)).toBe('/imports?problem=day')
  expect(await sendPlain({ kind: 'debits', received: '2026-11-24' })).toBe('/imports?problem=empty')
  const replaces = '019ab0c2-0000-7000-8000-000000000000'
  expect(await sendPlain({ kind: 'debits', received: '2026-11-24', replaces }, bytes)).toBe('/imports?problem=replaces')
  expect(await sendPlain({ form: 'x', kind: 'debits', received: '2026-11-24' }, bytes)).toBe('/imports?problem=expired')
  const { html } = await plain.open('/imports?problem=kind')
  expect(html).toContain('ファイルの種類を選んでください。')
})
