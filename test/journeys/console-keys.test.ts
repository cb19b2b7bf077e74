import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { urls } from '#console'
import { openBrowser } from '../browser.ts'
import { openConsole, operatorPage, type TestConsole } from '../console.ts'
import { type TestDatabase, testDatabase } from '../database.ts'
import { lookAtConsole } from './console-look.ts'

let database: TestDatabase
let site: TestConsole
let browser: Browser
let page: Page
const complaints: string[] = []

beforeAll(async () => {
  ;[database, browser] = await Promise.all([testDatabase(), openBrowser()])
  site = await openConsole(database.db)
  page = await operatorPage(browser, site, 'chief')
  page.on('console', (message) => complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
})
afterAll(async () => {
  await browser.close()
  await site.close()
  await database.drop()
})

const focused = () => page.evaluate<string>('document.activeElement.id || document.activeElement.textContent.trim()')
const typed = () => page.evaluate<string>('document.getElementById("q").value')

test('A demo lets one choose whom to be, by keyboard alone', async () => {
  const fresh = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage()
  await fresh.goto(site.address)
  await lookAtConsole(fresh, 'sign-in-demo')
  await fresh.keyboard.press('Tab')
  await fresh.keyboard.press('Tab')
  await fresh.keyboard.press('Tab')
  await fresh.keyboard.press('Enter')
  await fresh.waitForURL(site.address + urls.home)
  expect(await fresh.locator('.who').textContent()).toContain('閲覧・応対　応対者')
  await fresh.context().close()
})

test('/ goes to the search from anywhere, and Esc leaves it', async () => {
  await page.goto(site.address + urls.home)
  await page.keyboard.press('/')
  expect(await focused()).toBe('q')
  await page.keyboard.type('09000/')
  expect(await typed()).toBe('09000/')
  await page.keyboard.press('Escape')
  expect(await focused()).not.toBe('q')
})

test('Arrows go from the search along the results and back', async () => {
  await page.goto(site.address + urls.home)
  await page.evaluate(`document.querySelector('main').insertAdjacentHTML('beforeend',
    '<ul data-results><li><a data-result href="#a">one</a></li><li><a data-result href="#b">two</a></li></ul>')`)
  await page.keyboard.press('/')
  const steps: string[] = []
  for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowUp', 'ArrowUp']) {
    await page.keyboard.press(key)
    steps.push(await focused())
  }
  expect(steps).toEqual(['one', 'two', 'two', 'one', 'q'])
})

test('The first Tab leads past the navigation', async () => {
  await page.goto(site.address + urls.home)
  await page.keyboard.press('Tab')
  expect(await focused()).toBe('本文へ移動')
  await page.keyboard.press('Enter')
  expect(await focused()).toBe('main')
})

test('What moves brings itself up to date, under a policy that forbids scripts in HTML', async () => {
  await page.goto(site.address + urls.home)
  const before = await page.locator('.sum').textContent()
  site.setClock(new Date(site.now().getTime() + 60_000))
  await page.evaluate(`htmx.ajax('GET', '/live', '#home')`)
  await expect.poll(() => page.locator('.sum').textContent()).not.toBe(before)
  await lookAtConsole(page, 'home-live')
  expect(complaints).toEqual([])
})

test('HTML that no page of ours writes is refused before it becomes part of the page', async () => {
  const tries = ['<img src=x onerror=alert(1)>', '<script>1</script>', '<a href="javascript:1">x</a>']
  for (const html of tries)
    expect(
      await page.evaluate(`(() => { try { document.createElement('p').innerHTML = ${JSON.stringify(html)}; return 'in' }
        catch { return 'refused' } })()`),
    ).toBe('refused')
})

test('When the session has ended, a page that brings itself up to date says so', async () => {
  await page.goto(site.address + urls.home)
  site.setClock(new Date(site.now().getTime() + 31 * 60_000))
  await page.evaluate(`htmx.ajax('GET', '/live', '#home').catch(() => {})`)
  await page.getByRole('heading', { name: 'サインアウトしました' }).waitFor()
  await lookAtConsole(page, 'session-ended')
})
