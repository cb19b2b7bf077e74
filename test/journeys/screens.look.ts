import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { gzipSync } from 'node:zlib'
import type { AxeResults, RunOptions } from 'axe-core'
import type { Browser, BrowserContext, CDPSession, Page, Response } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { openBrowser } from '../browser.ts'
import { type TestDatabase, testDatabase } from '../database.ts'
import { newPhoneBrowser, openSite, type Site, smallPhone, usualPhone } from '../site.ts'
import { openFront, type SiteFront } from '../site-front.ts'
import type { ScreenState } from './screen-states.ts'

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const screenshots = new URL('../screenshots/', import.meta.url)

/** The first flight of a new connection: what arrives with it is read without waiting for the network again. */
const pageBytesMax = 14 * 1024

let database: TestDatabase
let browser: Browser
let withScripts: Stage
let withoutScripts: Stage
/** Each state has its own, with its own clock; they are closed together, because a browser is slow to let go. */
const sites: Site[] = []

/** The tests of these states, for a test file that holds nothing else. */
export function lookAtScreens(states: readonly ScreenState[]): void {
  // On a busy machine each screen waits for the others.
  vi.setConfig({ testTimeout: 120_000 })
  beforeAll(open)
  afterAll(close)
  describe.each(states)('$name', (state) => {
    test('is readable for everybody, and works without JavaScript in one light request', async () => {
      await bothDone([show(withScripts, state, isReadable), show(withoutScripts, state, worksWithoutScripts)])
    })
  })
}

async function open(): Promise<void> {
  mkdirSync(screenshots, { recursive: true })
  ;[database, browser] = await Promise.all([testDatabase(), openBrowser()])
  withScripts = await openStage({ viewport: usualPhone })
  withoutScripts = await openStage({ viewport: smallPhone, javaScriptEnabled: false })
}

async function close(): Promise<void> {
  await browser?.close()
  await Promise.all([...sites, withScripts?.front, withoutScripts?.front].map((opened) => opened?.close()))
  await database?.drop()
}

/** Also when one fails: the next state must not find the stage of the other in use. */
async function bothDone(looks: readonly Promise<void>[]): Promise<void> {
  for (const look of await Promise.allSettled(looks)) if (look.status === 'rejected') throw look.reason
}

/** Any phone, any eyes, any light. */
async function isReadable({ page, cdp, complaints }: Stage, state: ScreenState): Promise<void> {
  await shoot(page, state, '360')
  expect(await overflowing(page)).toEqual([])
  // Not by the page's own evaluate, which takes twice as long over half a megabyte.
  await cdp.send('Runtime.evaluate', { expression: `${axeSource};undefined` })
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
  expect(complaints.filter(isOurs)).toEqual([])
}

async function worksWithoutScripts({ page, context, last }: Stage, state: ScreenState): Promise<void> {
  const html = (await last?.text()) ?? ''
  expect(await page.locator('h1').count()).toBe(1)
  expect(await overflowing(page)).toEqual([])
  expect(html).toContain('</html>')
  expect(gzipSync(html).length).toBeLessThan(pageBytesMax)
  expect(html.match(/<link (?!rel="icon" href="data:,")|@import|<script (?![^>]* defer)|<img/g)).toBeNull()
  expect(await page.title()).toContain(state.file ? 'あおば信販株式会社' : '株式会社ジャックス')
  await page.emulateMedia({ media: 'print' })
  await shoot(page, state, 'print')
  expect(await page.getByRole('button').count()).toBe(0)
  if (beforeIdentity.includes(state.name)) expect(await context.cookies()).toEqual([])
}

/** A browser kept for all states: only its cookies, its size and its light are made anew. */
type Stage = {
  readonly context: BrowserContext
  readonly page: Page
  readonly cdp: CDPSession
  readonly front: SiteFront
  complaints: string[]
  last: Response | undefined
}

async function openStage(options: Parameters<typeof newPhoneBrowser>[1]): Promise<Stage> {
  const context = await newPhoneBrowser(browser, options)
  const page = await context.newPage()
  const [cdp, front] = await Promise.all([context.newCDPSession(page), openFront()])
  const stage: Stage = { context, page, cdp, front, complaints: [], last: undefined }
  page.on('console', (message) => stage.complaints.push(message.text()))
  page.on('pageerror', (error) => stage.complaints.push(error.message))
  page.on('response', (response) => {
    const isPage = response.request().isNavigationRequest() && response.status() !== 303
    if (isPage) stage.last = response
  })
  return stage
}

async function show(
  stage: Stage,
  state: ScreenState,
  check: (stage: Stage, state: ScreenState) => Promise<void>,
): Promise<void> {
  const { page, context, front } = stage
  const own = await openSite(database.db, state)
  sites.push(own)
  const site = front.show(own)
  stage.complaints = []
  await context.clearCookies()
  await page.emulateMedia({ media: 'screen', colorScheme: 'light', forcedColors: 'none' })
  await page.setViewportSize(stage === withScripts ? usualPhone : smallPhone)
  await state.go(page, site)
  await check(stage, state)
  expect(site.faults).toHaveLength(state.name === 'broken' ? 1 : 0)
}

/** A status of 4xx or 5xx is written to the console by the browser itself. */
function isOurs(complaint: string): boolean {
  return !complaint.startsWith('Failed to load resource: the server responded with a status of')
}

/** The whole page. To pack it as PNG takes twice the time of all the rest of the shot. */
async function shoot(page: Page, state: ScreenState, how: string): Promise<void> {
  const path = new URL(`${state.name}.${how}.jpg`, screenshots).pathname
  await page.screenshot({ path, type: 'jpeg', quality: 85, fullPage: true })
}

/** Told within the page: carrying out everything that axe found in order takes longer than finding it. */
async function violations(page: Page, options: RunOptions): Promise<readonly string[]> {
  const asked: RunOptions = { ...options, resultTypes: ['violations'] }
  const found = await page.evaluate<AxeResults['violations']>(
    `axe.run(${JSON.stringify(asked)}).then(({ violations }) => violations)`,
  )
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)
}

/**
 * Whatever is wider than the window, or people have to read sideways, and whatever stands out of the column: only the
 * slip goes from edge to edge.
 */
function overflowing(page: Page): Promise<readonly string[]> {
  return page.evaluate(`(() => {
    const { clientWidth, scrollWidth } = document.documentElement
    const main = document.querySelector('main')
    const column = main.getBoundingClientRect().right - parseFloat(getComputedStyle(main).paddingRight)
    const isTooWide = (element) => {
      const { right } = element.getBoundingClientRect()
      return right > clientWidth + 1 || (main.contains(element) && main !== element && !element.closest('.slip') && right > column + 1)
    }
    return [...document.querySelectorAll('body *')]
      .filter((element) => (scrollWidth > clientWidth || main.contains(element)) && isTooWide(element))
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
