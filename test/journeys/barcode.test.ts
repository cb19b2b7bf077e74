import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { guidanceAssets } from '#guidance'
import { readSlipBarcode, slipDigitLines, slipSvg } from '#payments'
import { lookOf } from '../../src/guidance/look.pages.ts'
import { slipPage } from '../../src/guidance/slip.views.ts'
import { readSymbols } from '../barcode-reader.ts'
import { openBrowser } from '../browser.ts'
import { creditorWith } from '../casework.ts'

/** The slip on the screen, read by somebody else's program as a scanner at the till would. */

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

const barcode = '91912345000000000000004520875004013100295004'
const millimetre = 96 / 25.4

const html = async (): Promise<string> => {
  const slip = readSlipBarcode(barcode)
  if (slip?.expiresOn == null) throw new Error('the published vector is a slip')
  const figure = { ...slip, expiresOn: slip.expiresOn, symbol: slipSvg(barcode), digits: slipDigitLines(barcode) }
  const view = { endFormId: 'end', idleMinutes: 15, slips: [figure], chains: [], redebits: [] }
  return slipPage(lookOf(await creditorWith(), guidanceAssets()), view)
}

type Screen = {
  readonly width?: number
  readonly dotsPerPixel: number
  readonly light?: 'light' | 'dark'
  readonly forced?: 'active' | 'none'
}

const onScreen = async <T>(
  { width = 360, dotsPerPixel, light = 'light', forced = 'none' }: Screen,
  look: (page: Page) => Promise<T>,
): Promise<T> => {
  const context = await browser.newContext({
    viewport: { width, height: 740 },
    deviceScaleFactor: dotsPerPixel,
    colorScheme: light,
    forcedColors: forced,
    javaScriptEnabled: false,
  })
  try {
    const page = await context.newPage()
    await page.setContent(await html(), { waitUntil: 'domcontentloaded' })
    return await look(page)
  } finally {
    await context.close()
  }
}

test.each<Screen>([
  { dotsPerPixel: 2 },
  { dotsPerPixel: 3 },
  { dotsPerPixel: 2, light: 'dark' },
  { dotsPerPixel: 3, light: 'dark' },
  { dotsPerPixel: 2, forced: 'active' },
  { dotsPerPixel: 3, light: 'dark', forced: 'active' },
  { dotsPerPixel: 2, width: 320 },
  // Where the symbol's left edge would fall between two dots, and where a pixel is no whole number of them.
  { dotsPerPixel: 3, width: 375 },
  { dotsPerPixel: 2.625, width: 412 },
])('a reader finds the 44 digits behind FNC1: %j', async (screen) => {
  await onScreen(screen, async (page) => {
    const symbol = page.locator('.slip svg')
    await symbol.scrollIntoViewIfNeeded()
    expect(await readSymbols(await page.screenshot())).toEqual([{ symbology: ']C1', digits: barcode }])
    // Modules are whole pixels, quiet zones included, and nothing is cut off.
    expect(await symbol.boundingBox()).toMatchObject({ width: 308, height: 100 })
    const { x = -1 } = (await symbol.boundingBox()) ?? {}
    expect(x >= 0 && x + 308 <= (screen.width ?? 360)).toBe(true)
  })
})

test('on paper it fits the 60 mm of a scanner, and is 10 mm high at least', async () => {
  await onScreen({ dotsPerPixel: 3 }, async (page) => {
    await page.emulateMedia({ media: 'print' })
    const { width = 0, height = 0 } = (await page.locator('.slip svg').boundingBox()) ?? {}
    expect(width / millimetre).toBeCloseTo(52.15, 1)
    expect(width / millimetre).toBeLessThanOrEqual(60)
    expect(height / millimetre).toBeGreaterThanOrEqual(10)
  })
})

test('a screen reader and a cashier find the digits as text', async () => {
  await onScreen({ dotsPerPixel: 2 }, async (page) => {
    const text = await page.locator('.slip').textContent()
    for (const line of slipDigitLines(barcode)) expect(text).toContain(line)
  })
})
