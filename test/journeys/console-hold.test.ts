import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { beginIdentity } from '#identity'
import { importCustomers, importDebits } from '#intake'
import { approveCampaign, planCampaign } from '#outreach'
import { sql } from '#platform/database/database'
import { openSmppSession } from '#platform/gateways/smpp-session'
import type { HttpServer } from '#platform/http/http'
import { openLog } from '#platform/log'
import { bytesSource } from '#platform/source'
import { openKeys } from '#platform/vault/keys'
import { day, dayInJst, instantOfJst } from '#values/day'
import { phone } from '#values/phone'
import { onlyGateway } from '../../src/main/carriers.ts'
import { startConsole } from '../../src/main/console.ts'
import { readSettings } from '../../src/main/settings.ts'
import { startWork, type Work } from '../../src/main/work.ts'
import { openWorld, type World } from '../../src/main/world.ts'
import { type Carrier, startCarrier } from '../../src/sandbox/carrier.ts'
import { openBrowser } from '../browser.ts'
import { operatorPage, type TestConsole } from '../console.ts'
import { type TestDatabase, testDatabase } from '../database.ts'
import { resultFileByHand } from '../zengin-by-hand.ts'

/**
 * Ten to nine: a campaign is approved and waits for the hour. A lawyer's letter has come, and its client is on the line.
 * The operator finds the case by the caller's number and stops it, by keyboard alone. At nine everybody gets their SMS but
 * this one; and neither does a code come to their phone any more. Real SMPP to the sandbox's carrier.
 */
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })
const tuesday = day('2026-11-24')
const customers = 12
const callers = { spoken: '0900-667-0003', onWire: '09006670003' }

let base: TestDatabase
let folder: string
let world: World
let carrier: Carrier
let work: Work
let server: HttpServer | undefined
let browser: Browser
let page: Page

beforeAll(async () => {
  ;[base, browser] = await Promise.all([testDatabase(), openBrowser()])
  folder = await mkdtemp(join(tmpdir(), 'annai-hold-'))
  const port = await freePort()
  const started = instantOfJst(tuesday, 8, 50)
  await sql`insert into demo (clock_offset_ms, last_now, site_address)
    values (${started.getTime() - Date.now()}, ${started}, 'http://localhost:8080/v')`.execute(base.db)
  await openKeys({ dataDir: folder, create: true })
  world = await openWorld(
    readSettings({
      ...process.env,
      ANNAI_DATA_DIR: folder,
      ANNAI_CONSOLE_PORT: String(port),
      ANNAI_LOG_LEVEL: 'error',
      DATABASE_URL: base.url,
    }),
  )
  carrier = await startCarrier({ now: () => world.clock.now(), runId: 'hold-' })
  const open = () =>
    openSmppSession({
      host: '127.0.0.1',
      port: carrier.port,
      systemId: 'annai',
      password: 'annai',
      windowMax: 10,
      validityFrom: () => world.clock.now(),
    })
  const log = openLog('error')
  work = await startWork(world, { ...onlyGateway({ name: 'sandbox', binds: 1, ratePerSecond: 50, open }), log })
  server = await startConsole(world, { log, sandboxAddress: 'http://localhost:8090/', carrier })
  await takeIn()
  const { campaign } = await planCampaign(world, { by: 'cli:demo', now: world.clock.now() })
  expect(campaign).toMatchObject({ planned: customers, notBefore: instantOfJst(tuesday, 9) })
  await approveCampaign(world, { id: campaign.id, by: 'cli:demo', now: world.clock.now() })
  const site = { address: `http://localhost:${port}`, cookieName: 'annai-console' }
  page = await operatorPage(browser, site as TestConsole, 'agent')
  page.setDefaultTimeout(20_000)
  await page.goto(site.address)
})

afterAll(async () => {
  await browser?.close()
  await server?.close()
  await work?.stop()
  await carrier?.close()
  await world?.close()
  await base?.drop()
  await rm(folder, { recursive: true, force: true })
})

const patience = { timeout: 30_000, interval: 100 }

test('A caller’s case is found by phone and put on legal hold by keyboard alone, and no SMS leaves afterwards', async () => {
  // Found by the number the caller says, in the way it is said; the address tells nothing of it.
  await page.keyboard.press('/')
  await page.keyboard.type(callers.spoken)
  await enter()
  await page.waitForURL(/\/cases\/[0-9a-f-]{36}$/)
  expect(page.url()).not.toContain('667')
  expect(await text()).toContain('ご本人以外には、ご契約の有無もお答えしません。')
  expect(await text()).toContain('090-****-0003')
  expect(await text()).toMatch(/次にご連絡できる日時 11月24日（火）9:00/)

  // Who is on the line? What is on file is not shown.
  await reach('お名前（カナ）')
  await page.keyboard.type('ﾃｽﾄ ﾊﾅｺ')
  await reach('生年月日')
  await page.keyboard.type('平成2年1月1日')
  await enter()
  await page.waitForURL(/\?check=/)
  expect(await page.locator('.compared').innerText()).toMatch(/お名前（カナ） 一致\s+生年月日 一致/)

  // The letter.
  await press('連絡停止')
  await reach('受領日（受任通知）')
  await reach('法律事務所・司法書士事務所（受任通知）')
  await page.keyboard.type('見本法律事務所')
  await press('連絡を停止する')
  await page.waitForURL(/\?done=held$/)
  expect(await text()).toContain('連絡を停止しました。')
  expect(await text()).toContain('次にご連絡できる日時 なし')

  // Nine o'clock.
  await world.demoClock?.set(instantOfJst(tuesday, 9, 1))
  await expect.poll(() => arrived().length, patience).toBe(customers - 1)
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  expect(arrived()).toHaveLength(customers - 1)
  expect(arrived()).not.toContain(callers.onWire)

  // Nor does a code come to this phone; to another it does.
  for (const [number, comes] of [
    ['+819006670003', false],
    ['+819006670004', true],
  ] as const) {
    const typed = { family: 'テスト', given: 'ハナコ', birthDate: day('1990-01-01'), phone: phone(number) }
    const { kind } = await beginIdentity({ ...world }, { ...typed, client: '192.0.2.1' }, world.clock.now())
    expect(kind).toBe('challenged')
    if (comes) await expect.poll(() => arrived().length, patience).toBe(customers)
  }
  expect(arrived()).not.toContain(callers.onWire)

  // And the case says why.
  await page.reload()
  expect(await text()).toContain('SMS 送信なし')
  expect(await text()).toContain('受任通知を受け取っています')
  expect(await text()).toContain('認証できません（連絡停止）')
})

const arrived = (): readonly string[] => carrier.messages({ limit: 1_000 }).map(({ to }) => to)

const text = async (): Promise<string> => (await page.locator('main').innerText()).replaceAll(/[ \t\u3000]+/g, ' ')

const enter = () => Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')])

/** By Tab alone, as somebody does who has no mouse. */
const reach = async (name: string): Promise<void> => {
  for (let steps = 0; steps < 80; steps++) {
    await page.keyboard.press('Tab')
    const found = await page.evaluate<string>(
      `(() => { const e = document.activeElement; return (e.labels?.[0] ?? e).textContent.trim() })()`,
    )
    if (found === name) return
  }
  throw new Error(`Tab never comes to ${name}`)
}

const press = async (name: string): Promise<void> => {
  await reach(name)
  await enter()
}

const takeIn = async (): Promise<void> => {
  const act = { by: 'cli:test' as const, now: world.clock.now() }
  const people = Array.from({ length: customers }, (_, index) => ({
    number: `67${String(index).padStart(6, '0')}`,
    phone: `0900667${String(index).padStart(4, '0')}`,
  }))
  const header =
    'customer_number,kana_family_name,kana_given_name,birth_date,mobile_number,contract_number,product,excluded'
  const rows = people.map(({ number, phone }) => `${number},テスト,ハナコ,1990-01-01,${phone},L${number},shopping,0`)
  const master = bytesSource('customers.csv', Buffer.from([header, ...rows, ''].join('\r\n')))
  await importCustomers(world, master, { ...act, writeRejected: async () => {} })
  const debits = people.map(({ number }) => ({ customerNumber: number, amount: 12_300, result: '1' }))
  const file = bytesSource('result.txt', resultFileByHand('2026-11-20', debits))
  expect(await importDebits(world, file, { ...act, received: dayInJst(world.clock.now()) })).toMatchObject({
    kind: 'imported',
  })
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const listening = createServer().listen(0, '127.0.0.1', () => {
      const address = listening.address()
      listening.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
