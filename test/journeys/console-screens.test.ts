import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { instantOfJst } from '#values/day'
import { openBrowser } from '../browser.ts'
import { tuesday } from '../casework.ts'
import { type DemoPerson, openConsole, operatorPage, type TestConsole } from '../console.ts'
import { type TestDatabase, testDatabase } from '../database.ts'
import { lookAtConsole } from './console-look.ts'
import { consoleStates } from './console-states.ts'
import { fillTown, type Town } from './console-town.ts'

// On a busy machine each page waits for the others.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 300_000 })

/** `ANNAI_TOWN=200` for a quick look; the pictures of docs/ are taken with all of them. */
const people = Number(process.env.ANNAI_TOWN ?? 10_000)

let database: TestDatabase
let site: TestConsole
let browser: Browser
let town: Town
const pages = new Map<DemoPerson, Page>()
let complaints: string[] = []

beforeAll(async () => {
  ;[database, browser] = await Promise.all([testDatabase(), openBrowser()])
  site = await openConsole(database.db)
  town = await fillTown(database, site, people)
  site.setClock(instantOfJst(tuesday, 10, 42))
})
afterAll(async () => {
  await browser?.close()
  await site?.close()
  await database?.drop()
})

const pageOf = async (person: DemoPerson): Promise<Page> => {
  const known = pages.get(person)
  if (known !== undefined) return known
  const page = await operatorPage(browser, site, person)
  page.on('console', (message) => complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  pages.set(person, page)
  return page
}

describe.each(consoleStates)('$name', (state) => {
  test('is readable for everybody, in both lights, at 1440 × 900', async () => {
    complaints = []
    const page = await pageOf(state.as)
    await state.go(page, { site, town })
    await lookAtConsole(page, state.name)
    expect(await overflowing(page)).toEqual([])
    expect(complaints.filter((text) => !text.startsWith('Failed to load resource'))).toEqual([])
    expect(site.faults).toEqual([])
  })
})

/** Nobody scrolls a page sideways; a wide table does so within its own frame. */
const overflowing = (page: Page): Promise<readonly string[]> =>
  page.evaluate(`(() => {
    const { clientWidth, scrollWidth } = document.documentElement
    if (scrollWidth <= clientWidth) return []
    return [...document.querySelectorAll('main *')]
      .filter((element) => element.getBoundingClientRect().right > clientWidth + 1 && !element.closest('.scroll'))
      .map((element) => element.outerHTML.slice(0, 120))
  })()`)
