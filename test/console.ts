import type { Browser, Page } from 'playwright-core'
import { type ConsoleWorld, consoleAssets, consoleSite, urls } from '#console'
import { type Creditor, type Policies, readCreditor } from '#creditor'
import { japaneseHolidays } from '#platform/calendar/holidays'
import { systemChance } from '#platform/chance'
import type { Database } from '#platform/database/database'
import { startHttp } from '#platform/http/http'
import { openVault } from '#platform/vault/vault'
import { ten } from './identity.world.ts'
import { PlainBrowser } from './plain-browser.ts'

/** Read once for all consoles of a test file. */
const assets = consoleAssets()

/** The console on a port of its own, with a clock that a test moves. */
export type TestConsole = {
  readonly address: string
  readonly cookieName: string
  readonly world: ConsoleWorld
  readonly site: ReturnType<typeof consoleSite>
  readonly faults: readonly unknown[]
  now(): Date
  setClock(to: Date): void
  close(): Promise<void>
}

/** Whom one may be in a demo: the keys of `demo-people.rules.ts`. */
export type DemoPerson = 'viewer' | 'agent' | 'author' | 'approver' | 'chief' | 'auditor' | 'admin'

export type ConsoleOptions = {
  readonly file?: string
  readonly change?: (policies: Policies, creditor: Creditor) => void
  /** Whatever else an area asks of its world. */
  readonly world?: Partial<ConsoleWorld>
  readonly port?: number
}

export async function openConsole(
  db: Database,
  { file = 'creditor/demo.yaml', change = () => {}, world: given = {}, port = 0 }: ConsoleOptions = {},
): Promise<TestConsole> {
  const creditor = await readCreditor(file, { demo: true, siteAddress: 'http://localhost:8080/v' })
  change(creditor.policies, creditor)
  let now = ten
  const faults: unknown[] = []
  const world: ConsoleWorld = {
    db,
    creditor,
    vault: openVault({ derive: (label) => Buffer.alloc(32, label) }),
    clock: { now: () => now },
    chance: systemChance,
    holidays: japaneseHolidays,
    signIn: { kind: 'demo' },
    session: { idleMinutes: 30, absoluteMinutes: 600 },
    ...given,
  }
  const site = consoleSite(world, assets)
  const server = await startHttp({
    host: '127.0.0.1',
    port,
    ...world,
    ...assets,
    ...site,
    siteOrigin: 'http://localhost:8081',
    trustedProxies: [],
    onFault: (error) => faults.push(error),
  })
  return {
    address: `http://127.0.0.1:${server.port}`,
    cookieName: site.cookieName,
    world,
    site,
    faults,
    now: () => now,
    setClock: (to) => {
      now = to
    },
    close: () => server.close(),
  }
}

/** A browser without a screen that has signed in. */
export async function plainOperator(site: TestConsole, person: DemoPerson): Promise<PlainBrowser> {
  const browser = new PlainBrowser(site)
  await browser.open(urls.signIn)
  await browser.send(urls.demoSignIn, { person })
  return browser
}

/** A desk with a screen, signed in. */
export async function operatorPage(
  browser: Browser,
  site: TestConsole,
  person: DemoPerson,
  { dark = false }: { readonly dark?: boolean } = {},
): Promise<Page> {
  const context = await browser.newContext({
    locale: 'ja-JP',
    timezoneId: 'Asia/Tokyo',
    viewport: { width: 1440, height: 900 },
    colorScheme: dark ? 'dark' : 'light',
  })
  const { cookie } = await plainOperator(site, person)
  if (cookie === undefined) throw new Error('The console gave no cookie')
  await context.addCookies([
    { name: site.cookieName, value: cookie, url: site.address, httpOnly: true, sameSite: 'Lax' },
  ])
  return context.newPage()
}
