import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { domestic } from '#values/phone'
import { openBrowser } from '../browser.ts'
import { paperProvider } from '../card-provider.ts'
import { type TestDatabase, testDatabase } from '../database.ts'
import { insertCustomer } from '../identity.world.ts'
import { newPhoneBrowser, openSite, signInQuickly } from '../site.ts'

/** Browsers look at where a form is sent on to, so only a real one tells whether a customer arrives at the provider's. */

let database: TestDatabase
let browser: Browser
const elsewhere = createServer((_, response) => response.end('<!doctype html><title>Pay</title>'))

beforeAll(async () => {
  ;[database, browser] = await Promise.all([testDatabase(), openBrowser()])
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  await browser.close()
  await new Promise((resolve) => elsewhere.close(resolve))
  await database.drop()
})

test.each([true, false])('The button leads to the provider’s page, with scripts: %s', async (javaScriptEnabled) => {
  const pageOrigin = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`
  const site = await openSite(database.db, {
    change: (_, creditor) => {
      creditor.card = { provider: 'stripe', methods: ['card'] }
    },
    cardProvider: paperProvider(pageOrigin),
  })
  const { form } = await insertCustomer(site.world)
  const context = await newPhoneBrowser(browser, { javaScriptEnabled })
  const page = await context.newPage()
  await signInQuickly(page, site, {
    ...{ family: form.family, given: form.given, birthDate: form.birthDate.replaceAll('-', '') },
    phone: domestic(form.phone),
  })
  await page.getByRole('button', { name: 'カードでのお支払い', exact: true }).click()
  await page.getByRole('button', { name: '決済会社の画面へ進む', exact: true }).click()
  await page.waitForURL(`${pageOrigin}/page`, { timeout: 10_000 })
  await page.goto(`${site.address}/v/card/return`)
  expect(await page.getByRole('status').textContent()).toContain('お支払いは、まだ完了しておりません。')
  await context.close()
  await site.close()
})
