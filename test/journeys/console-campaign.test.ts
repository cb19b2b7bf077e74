import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { importCustomers, importDebits } from '#intake'
import { approveCampaign, planCampaign } from '#outreach'
import { sql } from '#platform/database/database'
import { openSmppSession } from '#platform/gateways/smpp-session'
import type { HttpServer } from '#platform/http/http'
import { openLog } from '#platform/log'
import { bytesSource } from '#platform/source'
import { openKeys } from '#platform/vault/keys'
import { day, dayInJst, instantOfJst } from '#values/day'
import { onlyGateway } from '../../src/main/carriers.ts'
import { startConsole } from '../../src/main/console.ts'
import { readSettings } from '../../src/main/settings.ts'
import { startWork, type Work } from '../../src/main/work.ts'
import { openWorld, type World } from '../../src/main/world.ts'
import { type Carrier, startCarrier } from '../../src/sandbox/carrier.ts'
import { openBrowser } from '../browser.ts'
import { type DemoPerson, operatorPage, type TestConsole } from '../console.ts'
import { type TestDatabase, testDatabase } from '../database.ts'
import { resultFileByHand } from '../zengin-by-hand.ts'
import { lookAtConsole } from './console-look.ts'

/**
 * Two people and a campaign, from the plan to the last receipt: one plans and asks, the other looks, approves, watches and
 * stops it. Real SMPP to the sandbox's carrier, four a second, and nobody touches a mouse.
 */
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })
const tuesday = day('2026-11-24')
const [already, customers, ratePerSecond] = [5, 65, 4]

let base: TestDatabase
let folder: string
let world: World
let carrier: Carrier
let work: Work
let server: HttpServer | undefined
let browser: Browser
let site: Pick<TestConsole, 'address' | 'cookieName'>
let [author, approver]: Page[] = []

beforeAll(async () => {
  ;[base, browser] = await Promise.all([testDatabase(), openBrowser()])
  folder = await mkdtemp(join(tmpdir(), 'annai-campaign-'))
  const port = await freePort()
  const env = {
    ...process.env,
    ANNAI_DATA_DIR: folder,
    ANNAI_CONSOLE_PORT: String(port),
    ANNAI_LOG_LEVEL: 'error',
    DATABASE_URL: base.url,
  }
  const started = instantOfJst(tuesday, 9, 50)
  await sql`insert into demo (clock_offset_ms, last_now, site_address)
    values (${started.getTime() - Date.now()}, ${started}, 'http://localhost:8080/v')`.execute(base.db)
  await openKeys({ dataDir: folder, create: true })
  world = await openWorld(readSettings(env))
  carrier = await startCarrier({ now: () => world.clock.now(), runId: 'campaign-' })
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
  work = await startWork(world, { ...onlyGateway({ name: 'sandbox', binds: 1, ratePerSecond, open }), log })
  server = await startConsole(world, { log, sandboxAddress: 'http://localhost:8090/', carrier })
  site = { address: `http://localhost:${port}`, cookieName: 'annai-console' }
  await takeIn(0, already)
  const { campaign } = await planCampaign(world, { by: 'cli:demo', now: world.clock.now() })
  await approveCampaign(world, { id: campaign.id, by: 'cli:demo', now: world.clock.now() })
  await vi.waitUntil(() => carrier.messages().length === already, patience)
  await takeIn(already, customers)
  await world.demoClock?.set(instantOfJst(tuesday, 10))
  ;[author, approver] = [await signedIn('author'), await signedIn('approver')]
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

const patience = { timeout: 60_000, interval: 100 }

test('Two people plan, approve, watch and stop a campaign by keyboard alone', async () => {
  const [one, other] = [author, approver]
  if (one === undefined || other === undefined) throw new Error('Nobody signed in')

  // The author plans: whom does it reach, whom not, and why?
  await one.goto(`${site.address}/campaigns`)
  await lookAtConsole(one, 'campaigns')
  await press(one, '新しい配信を計画する')
  await one.waitForURL(/\/campaigns\/[0-9a-f-]{36}\?done=planned/)
  const address = new URL(one.url()).pathname
  expect(await mainText(one)).toContain(`対象 ${customers} = 配信予定 ${customers - already} + 除外 ${already}`)
  await press(one, '一覧：1日の上限')
  expect(await mainText(one)).toContain('これまでに1通（上限1通）')
  expect(await one.locator('tbody tr').count()).toBe(already)
  await lookAtConsole(one, 'campaign-excluded')
  await one.goBack()

  // The text: counted while it is written, refused where it must be.
  const written = `株式会社ジャックスからのお知らせです。URLからご確認ください。\n${world.creditor.siteAddress}`
  await write(one, `至急！ ${written}`)
  await expect
    .poll(() => one.locator('.verdict').textContent(), patience)
    .toContain('督促にあたる言葉は書けません：至急')
  await press(one, '文面を保存する')
  expect(await one.title()).toMatch(/^エラー：/)
  await lookAtConsole(one, 'campaign-text-refused')
  await write(one, written)
  await expect.poll(() => one.locator('.counter').textContent(), patience).toContain(`${written.length}文字・1通`)
  expect(await one.locator('.handset').allInnerTexts()).toEqual([
    expect.stringContaining(written),
    expect.stringContaining('株式会社ジャックスからのお知らせです。'),
  ])
  await press(one, '文面を保存する')
  await one.waitForURL(/done=text-written$/)

  // On the one phone that is none.
  const before = carrier.messages().length
  await press(one, 'テスト送信する')
  await one.waitForURL(/done=tested/)
  expect(await mainText(one)).toContain('届いた文面は、保存した文面と一字一句同じです。')
  expect(carrier.messages().length).toBe(before + 1)
  expect(carrier.messages()[0]).toMatchObject({ to: '09000000000', text: written })
  await lookAtConsole(one, 'campaign-plan')

  await press(one, '承認を依頼する')
  await one.waitForURL(/done=asked/)
  expect(await mainText(one)).toContain('どの役割でも承認できません')
  expect(await one.getByLabel('配信予定の件数を入力してください').count()).toBe(0)
  await lookAtConsole(one, 'campaign-asked')

  // The second person: told by the badge, sees what really leaves, and types the number.
  await other.goto(site.address)
  expect(await other.getByRole('link', { name: /^配信 ?1/ }).textContent()).toContain('1件')
  await other.goto(`${site.address}/campaigns`)
  await press(other, /^内容を確認する/)
  await other.waitForURL(`**${address}`)
  const review = await mainText(other)
  expect(review).toContain('文面は前回と違います。ルールと設定は前回と同じ。')
  expect(review).toContain('無作為に選んだ20件')
  expect(review).toMatch(/テ\*{5} ハ\*{5}/)
  expect(review).not.toContain('テスト ハナコ')
  await lookAtConsole(other, 'campaign-review')
  await reach(other, '配信予定の件数を入力してください')
  await other.keyboard.type(String(customers))
  await other.keyboard.press('Enter')
  await other.waitForURL(/refused=number-differs/)
  expect(await mainText(other)).toContain('入力された件数が、配信予定の件数と一致しません。')
  await lookAtConsole(other, 'campaign-number-differs')
  await reach(other, '配信予定の件数を入力してください')
  await other.keyboard.type(String(customers - already))
  await other.keyboard.press('Enter')
  await other.waitForURL(/done=approved/)

  // It moves by itself, and stops when told.
  await expect.poll(() => figure(other, '送信'), patience).toBeGreaterThan(3)
  await press(other, '一時停止する')
  await other.waitForURL(/done=paused/)
  expect(await mainText(other)).toMatch(/一時停止\s+承認者\s+\d\.\d秒、送信途中 0件/)
  // What the carrier has taken, not what lies on phones: a message is under way for some seconds.
  const whenPaused = carrier.counts().taken
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  expect(carrier.counts().taken).toBe(whenPaused)
  expect(await figure(other, '送信')).toBeLessThan(customers - already)
  await lookAtConsole(other, 'campaign-paused')
  expectToAddUp(await mainText(other))

  await press(other, '再開する')
  await other.waitForURL(/done=resumed/)
  // Nothing is wrong with the page while it moves, either.
  await lookAtConsole(other, 'campaign-sending')
  await expect.poll(() => other.locator('#state').textContent(), patience).toBe('送信完了')
  await expect.poll(() => figure(other, '到達'), patience).toBe(customers - already)
  expectToAddUp(await mainText(other))
  await lookAtConsole(other, 'campaign-through')
  const phones = carrier
    .messages({ limit: 1_000 })
    .flatMap(({ to, text }) => (text === written && to !== '09000000000' ? [to] : []))
  expect(phones).toHaveLength(customers - already)
  expect(new Set(phones).size).toBe(phones.length)
})

const signedIn = async (person: DemoPerson): Promise<Page> => {
  const page = await operatorPage(browser, site as TestConsole, person)
  page.setDefaultTimeout(60_000)
  return page
}

/** By Tab alone, as somebody does who has no mouse. */
const reach = async (page: Page, name: string | RegExp): Promise<void> => {
  for (let steps = 0; steps < 80; steps++) {
    await page.keyboard.press('Tab')
    const found = await page.evaluate<string>(
      `(() => { const e = document.activeElement; return (e.labels?.[0] ?? e).textContent.trim() })()`,
    )
    if (typeof name === 'string' ? found === name : name.test(found)) return
  }
  throw new Error(`Tab never comes to ${name}`)
}

const press = async (page: Page, name: string | RegExp): Promise<void> => {
  await reach(page, name)
  await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')])
}

const write = async (page: Page, text: string): Promise<void> => {
  await reach(page, '送信する文章')
  await page.keyboard.press('ControlOrMeta+A')
  await page.keyboard.insertText(text)
}

const mainText = async (page: Page): Promise<string> =>
  (await page.locator('main').innerText()).replaceAll(/[ \t]+/g, ' ')

/** A step of the funnel. */
const figure = async (page: Page, step: string): Promise<number> =>
  Number(
    await page
      .locator('.bars tr', { has: page.getByRole('rowheader', { name: step, exact: true }) })
      .locator('b')
      .textContent(),
  )

const expectToAddUp = (text: string): void => {
  const [, target, ...parts] = (
    /対象 (\d+) = 送信 (\d+) \+ 除外 (\d+) \+ 失敗 (\d+) \+ 未送信 (\d+)/.exec(text) ?? []
  ).map(Number)
  expect(target).toBe(customers)
  expect(parts.reduce((sum, part) => sum + part, 0)).toBe(customers)
}

/** The master has everybody up to `until`; the bank's file those from `from` on. */
const takeIn = async (from: number, until: number): Promise<void> => {
  const act = { by: 'cli:test' as const, now: world.clock.now() }
  const people = Array.from({ length: until }, (_, index) => ({
    number: `66${String(index).padStart(6, '0')}`,
    phone: `0900666${String(index).padStart(4, '0')}`,
  }))
  const header =
    'customer_number,kana_family_name,kana_given_name,birth_date,mobile_number,contract_number,product,excluded'
  const rows = people.map(({ number, phone }) => `${number},テスト,ハナコ,1990-01-01,${phone},L${number},shopping,0`)
  const master = bytesSource('customers.csv', Buffer.from([header, ...rows, ''].join('\r\n')))
  expect(await importCustomers(world, master, { ...act, writeRejected: async () => {} })).toMatchObject({
    kind: 'imported',
  })
  const debits = people.slice(from).map(({ number }) => ({ customerNumber: number, amount: 12_300, result: '1' }))
  const file = bytesSource('result.txt', resultFileByHand(from === 0 ? '2026-11-19' : '2026-11-20', debits))
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
