import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openConsole, plainOperator, type TestConsole } from '../../test/console.ts'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { ten } from '../../test/identity.world.ts'
import { PlainBrowser } from '../../test/plain-browser.ts'
import { consoleAssets, consoleSite, urls } from './console.ts'
import { openSession } from './session.ts'

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
beforeEach(() => site.setClock(ten))

const later = (minutes: number) => site.setClock(new Date(site.now().getTime() + minutes * 60_000))

const lastLine = (act: string) =>
  database.db
    .selectFrom('audit_lines')
    .select(['actor', 'facts'])
    .where('act', '=', act)
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow()

describe('Signing in to a demo', () => {
  test('leads whoever has not signed in there, and back to where they wanted to go', async () => {
    const browser = new PlainBrowser(site)
    expect((await browser.open(urls.home)).path).toBe('/sign-in')
    const home = await browser.send(urls.demoSignIn, { person: 'agent' })
    expect([home.path, home.status]).toEqual(['/', 200])
    expect(home.html).toContain('閲覧・応対　応対者')
    expect(await lastLine('session.opened')).toMatchObject({
      actor: 'operator:demo:agent',
      facts: { roles: ['viewer', 'agent'] },
    })
  })

  test('as somebody who is not there changes nothing', async () => {
    const browser = new PlainBrowser(site)
    await browser.open(urls.signIn)
    expect((await browser.send(urls.demoSignIn, { person: 'root' })).status).toBe(422)
    expect(browser.cookie).toBeUndefined()
  })

  test('gives a new cookie each time, and the one before is of no use any more', async () => {
    const browser = await plainOperator(site, 'agent')
    const before = browser.cookie
    const again = new PlainBrowser(site, before)
    later(31)
    await again.open(urls.signIn)
    await again.send(urls.demoSignIn, { person: 'viewer' })
    expect(again.cookie).not.toBe(before)
    expect((await new PlainBrowser(site, before).open(urls.home)).status).toBe(403)
  })

  test('is impossible outside a demo: the program does not start', () => {
    const creditor = { ...site.world.creditor, demo: false }
    expect(() => consoleSite({ ...site.world, creditor }, consoleAssets())).toThrow('only a demo')
  })

  test('is of no use where a provider signs people in, not even with a cookie of the demo', async () => {
    const { cookie } = await plainOperator(site, 'admin')
    const provider = { origins: [], begin: never, finish: never, signOutAddress: never }
    const signIn = { kind: 'provider', provider, roleNames: new Map() } as const
    const found = await openSession({ ...site.world, signIn }, cookie, { now: site.now(), isUse: true })
    expect(found).toEqual({ kind: 'none' })
  })
})

describe('A session', () => {
  test('ends when nobody touches it for half an hour', async () => {
    const browser = await plainOperator(site, 'viewer')
    later(29)
    expect((await browser.open(urls.home)).status).toBe(200)
    later(29)
    expect((await browser.open(urls.home)).status).toBe(200)
    later(30)
    expect((await browser.open(urls.home)).html).toContain('しばらく操作がなかったため')
    expect((await lastLine('session.ended')).facts).toMatchObject({ because: 'idle' })
  })

  test('ends after ten hours, however busy', async () => {
    const browser = await plainOperator(site, 'viewer')
    for (let minutes = 0; minutes < 580; minutes += 20) {
      later(20)
      expect((await browser.open(urls.home)).status).toBe(200)
    }
    later(20)
    expect((await browser.open(urls.home)).html).toContain('一定の時間が過ぎたため')
  })

  test('is not kept alive by what a page asks for by itself', async () => {
    const browser = await plainOperator(site, 'viewer')
    later(29)
    await browser.open(urls.homeLive)
    later(2)
    expect((await browser.open(urls.home)).status).toBe(403)
    expect((await browser.open(urls.homeLive)).status).toBe(401)
  })

  test('ends by signing out, and its cookie is of no use any more', async () => {
    const browser = await plainOperator(site, 'viewer')
    const { cookie } = browser
    expect((await browser.send(urls.signOut)).path).toBe('/signed-out')
    expect(browser.cookie).toBeUndefined()
    expect((await new PlainBrowser(site, cookie).open(urls.home)).status).toBe(403)
    expect((await lastLine('session.ended')).facts).toMatchObject({ because: 'signed-out' })
  })

  test('cannot be had with a cookie of the customers’ site', async () => {
    const browser = await plainOperator(site, 'viewer')
    const answer = await fetch(site.address + urls.home, {
      redirect: 'manual',
      headers: { cookie: `annai=${browser.cookie}` },
    })
    expect(answer.headers.get('location')).toBe(urls.signIn)
  })
})

const never = () => Promise.reject(new Error('Bug: not asked'))
