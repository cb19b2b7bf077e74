import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { gzipSync } from 'node:zlib'
import type { AxeResults, RunOptions } from 'axe-core'
import type { Browser, BrowserContext, Page, Response } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser } from '../browser.ts'
import { type TestDatabase, testDatabase } from '../database.ts'
import { newPhoneBrowser, openSite, type Site, smallPhone, usualPhone } from '../site.ts'
import { type ScreenState, screenStates } from './screen-states.ts'

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const screenshots = new URL('../screenshots/', import.meta.url)

/** The first flight of a new connection: what arrives with it is read without waiting for the network again. */
const pageBytesMax = 14 * 1024

let database: TestDatabase
let browser: Browser

beforeAll(async () => {
  mkdirSync(screenshots, { recursive: true })
  ;[database, browser] = await Promise.all([testDatabase(), openBrowser()])
})
afterAll(async () => {
  await browser?.close()
  await database?.drop()
})

describe.concurrent.each(screenStates)('$name', (state) => {
  test('is readable for everybody: any phone, any eyes, any light', async ({ expect }) => {
    await shown(state, { viewport: usualPhone }, async ({ page, complaints }) => {
      await shoot(page, state, '360')
      expect(await violations(page, {})).toEqual([])
      expect(await smallTargets(page)).toEqual([])
      expect(await page.locator('h1').count()).toBe(1)

      await page.emulateMedia({ colorScheme: 'dark' })
      await page.setViewportSize(smallPhone)
      await shoot(page, state, '320-dark')
      expect(await overflowing(page)).toEqual([])
      expect(await violations(page, { runOnly: ['color-contrast', 'link-in-text-block'] })).toEqual([])

      await page.emulateMedia({ colorScheme: 'light', forcedColors: 'active' })
      await shoot(page, state, '320-forced-colors')

      await page.emulateMedia({ forcedColors: 'none' })
      await doubleText(page)
      await shoot(page, state, '320-text-200')
      expect(await overflowing(page)).toEqual([])
      expect(complaints).toEqual([])
    })
  })

  test('works without JavaScript, in one light request', async ({ expect }) => {
    await shown(state, { viewport: smallPhone, javaScriptEnabled: false }, async ({ page, context, html }) => {
      expect(await page.locator('h1').count()).toBe(1)
      expect(await overflowing(page)).toEqual([])
      expect(gzipSync(html()).length).toBeLessThan(pageBytesMax)
      expect(html().match(/<link (?!rel="icon" href="data:,")|@import|<script (?![^>]* defer)|<img/g)).toBeNull()
      expect(await page.title()).toContain(state.file ? 'あおば信販株式会社' : '株式会社ジャックス')
      await page.emulateMedia({ media: 'print' })
      await shoot(page, state, 'print')
      expect(await page.getByRole('button').count()).toBe(0)
      if (beforeIdentity.includes(state.name)) expect(await context.cookies()).toEqual([])
    })
  })
})

type Shown = {
  readonly page: Page
  readonly context: BrowserContext
  readonly site: Site
  readonly complaints: readonly string[]
  html(): string
}

async function shown(
  state: ScreenState,
  options: Parameters<typeof newPhoneBrowser>[1],
  check: (shown: Shown) => Promise<void>,
): Promise<void> {
  const site = await openSite(database.db, state)
  const context = await newPhoneBrowser(browser, options)
  try {
    const page = await context.newPage()
    const complaints: string[] = []
    let last: Response | undefined
    page.on('console', (message) => complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('response', (response) => {
      const isPage = response.request().isNavigationRequest() && response.status() !== 303
      if (isPage) last = response
    })
    await state.go(page, site)
    const text = (await last?.text()) ?? ''
    await check({ page, context, site, complaints: complaints.filter(isOurs), html: () => text })
    expect(site.faults).toHaveLength(state.name === 'broken' ? 1 : 0)
  } finally {
    await context.close()
    await site.close()
  }
}

/** A status of 4xx or 5xx is written to the console by the browser itself. */
function isOurs(complaint: string): boolean {
  return !complaint.startsWith('Failed to load resource: the server responded with a status of')
}

async function shoot(page: Page, state: ScreenState, how: string): Promise<void> {
  await page.screenshot({ path: new URL(`${state.name}.${how}.png`, screenshots).pathname, fullPage: true })
}

async function violations(page: Page, options: RunOptions): Promise<readonly string[]> {
  await page.evaluate(axeSource)
  const results = await page.evaluate<AxeResults>(`axe.run(${JSON.stringify(options)})`)
  return results.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)
}

/** Whatever is wider than the window: nothing, or people have to read sideways. */
function overflowing(page: Page): Promise<readonly string[]> {
  return page.evaluate(`(() => {
    const { clientWidth, scrollWidth } = document.documentElement
    if (scrollWidth <= clientWidth) return []
    return [...document.querySelectorAll('body *')]
      .filter((element) => element.getBoundingClientRect().right > clientWidth + 1)
      .map((element) => element.outerHTML.slice(0, 120))
  })()`)
}

/** What is pressed is at least 44 px high and wide; links within a sentence are as high as their line. */
function smallTargets(page: Page): Promise<readonly string[]> {
  return page.evaluate(`(() =>
    [...document.querySelectorAll('button, [role=button], input:not([type=hidden]), select, .links a, header a')]
      .map((element) => element.closest('.choice, label.radio') ?? element)
      .filter((element) => element.offsetParent !== null)
      .filter((element) => {
        const { width, height } = element.getBoundingClientRect()
        return width < 44 || height < 44
      })
      .map((element) => element.outerHTML.slice(0, 120)))()`)
}

/** Twice the size of what the stylesheet asks for, as a reader sets it who needs large letters. */
async function doubleText(page: Page): Promise<void> {
  await page.evaluate(`document.documentElement.style.fontSize = '225%'`)
}

/** Before somebody says who they are there is nothing to remember. */
const beforeIdentity = ['notice', 'genuine', 'contact', 'identity', 'identity-errors', 'not-found', 'broken']
