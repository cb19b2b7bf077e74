import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const screenshots = new URL('../screenshots/', import.meta.url)

/** A picture for whoever looks, in both lights, and nothing that axe finds wrong in either. One heading leads the page. */
export const lookAtConsole = async (page: Page, name: string): Promise<void> => {
  mkdirSync(screenshots, { recursive: true })
  const cdp = await page.context().newCDPSession(page)
  // Not by the page's own evaluate: the page's policy forbids that.
  await cdp.send('Runtime.evaluate', { expression: `${axeSource};undefined` })
  expect(await page.locator('h1').count()).toBe(1)
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await page.screenshot({ path: new URL(`console-${name}.${colorScheme}.png`, screenshots).pathname })
    // In the dark only the colours are others.
    const rules = colorScheme === 'dark' ? '"color-contrast", "link-in-text-block"' : ''
    const asked = `{ resultTypes: ["violations"]${rules && `, runOnly: [${rules}]`} }`
    const { violations } = await page.evaluate<AxeResults>(`axe.run(${asked})`)
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)).toEqual([])
  }
  await page.emulateMedia({ colorScheme: 'light' })
  await cdp.detach()
}
