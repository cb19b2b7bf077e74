import { afterAll, beforeAll, expect, test } from 'vitest'
import { openConsole, plainOperator, type TestConsole } from '../../test/console.ts'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { PlainBrowser } from '../../test/plain-browser.ts'
import { urls } from './console.ts'

let database: TestDatabase
let site: TestConsole

beforeAll(async () => {
  database = await testDatabase()
  site = await openConsole(database.db)
})
afterAll(async () => {
  await site.close()
  await database.drop()
})

test('Whoever has not signed in is led there, and back', async () => {
  const browser = new PlainBrowser(site)
  expect((await browser.open(urls.home)).path).toBe('/sign-in')
  const home = await browser.send(urls.demoSignIn, { person: 'agent' })
  expect([home.path, home.status]).toEqual(['/', 200])
  expect(home.html).toContain('応対者')
})

test('Signing out ends the session, and its cookie is of no use any more', async () => {
  const browser = await plainOperator(site, 'viewer')
  const { cookie } = browser
  expect((await browser.send(urls.signOut)).path).toBe('/signed-out')
  expect(browser.cookie).toBeUndefined()
  const thief = new PlainBrowser(site, cookie)
  expect((await thief.open(urls.home)).status).toBe(403)
})
