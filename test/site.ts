import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { type Creditor, type Policies, readCreditor } from '#creditor'
import { type GuidanceWorld, guidanceAssets, guidanceRoutes, urls } from '#guidance'
import { japaneseHolidays } from '#platform/calendar/holidays'
import { systemChance } from '#platform/chance'
import type { Database } from '#platform/database/database'
import { type HttpServer, type Route, startHttp } from '#platform/http/http'
import type { PaymentProvider } from '#platform/payment-providers/provider'
import { openVault } from '#platform/vault/vault'
import { ten } from './identity.world.ts'
import { PlainBrowser } from './plain-browser.ts'

/** Read once for all sites of a test file. */
const assets = guidanceAssets()
const creditors = new Map<string, Promise<Creditor>>()

const creditorOf = (file: string): Promise<Creditor> => {
  const read = creditors.get(file) ?? readCreditor(file, { demo: true, siteAddress: 'http://localhost:8080/v' })
  creditors.set(file, read)
  return read
}

/** The customers' site on a port of its own, with a clock that a test moves and codes that a test can read. */
export type Site = {
  readonly address: string
  readonly world: GuidanceWorld
  readonly routes: readonly Route[]
  readonly faults: readonly unknown[]
  lastCode(): string
  now(): Date
  setClock(to: Date): void
  close(): Promise<void>
}

export async function openSite(
  db: Database,
  {
    file = 'creditor/demo.yaml',
    change = () => {},
    cardProvider,
  }: {
    file?: string
    change?: (policies: Policies, creditor: Creditor) => void
    cardProvider?: PaymentProvider | undefined
  } = {},
): Promise<Site> {
  const creditor = structuredClone(await creditorOf(file))
  change(creditor.policies, creditor)
  let now = ten
  let lastCode = ''
  const faults: unknown[] = []
  const world: GuidanceWorld = {
    db,
    creditor,
    vault: openVault({ derive: (label) => Buffer.alloc(32, label) }),
    clock: { now: () => now },
    chance: {
      ...systemChance,
      digits(count) {
        const digits = systemChance.digits(count)
        if (count === creditor.policies.code.digits) lastCode = digits
        return digits
      },
    },
    holidays: japaneseHolidays,
    cardProvider,
  }
  const guidance = guidanceRoutes(world, assets)
  const server: HttpServer = await startHttp({
    host: '127.0.0.1',
    port: 0,
    ...world,
    ...assets,
    ...guidance,
    routes: [...guidance.routes, broken],
    siteOrigin: new URL(creditor.siteAddress).origin,
    trustedProxies: [],
    onFault: (error) => faults.push(error),
  })
  return {
    address: `http://127.0.0.1:${server.port}`,
    world,
    routes: guidance.routes,
    faults,
    lastCode: () => lastCode,
    now: () => now,
    setClock: (to) => {
      now = to
    },
    close: () => server.close(),
  }
}

/** A page with a bug, for what customers see of one. */
const broken: Route = {
  kind: 'page',
  path: '/v/broken',
  who: 'public',
  show: () => Promise.reject(new Error('Bug: on purpose')),
}

export const smallPhone = { width: 320, height: 568 }
export const usualPhone = { width: 360, height: 740 }

/** A browser that belongs to nobody yet, as somebody holds it in Japan. */
export function newPhoneBrowser(browser: Browser, options: BrowserContextOptions = {}): Promise<BrowserContext> {
  return browser.newContext({ locale: 'ja-JP', timezoneId: 'Asia/Tokyo', viewport: usualPhone, ...options })
}

export type PersonTyped = {
  readonly family: string
  readonly given: string
  readonly birthDate: string
  readonly phone: string
}

/** From the notice to the code page, by the names that a person sees. */
export async function tellWhoIAm(page: Page, site: Pick<Site, 'address'>, person: PersonTyped): Promise<void> {
  await page.goto(`${site.address}/v`)
  await page.getByRole('button', { name: '認証画面へ', exact: true }).click()
  await page.getByLabel('姓', { exact: true }).fill(person.family)
  await page.getByLabel('名', { exact: true }).fill(person.given)
  await page.getByLabel('生年月日', { exact: true }).fill(person.birthDate)
  await page.getByLabel('携帯電話番号', { exact: true }).fill(person.phone)
  await page.getByRole('button', { name: '認証', exact: true }).click()
}

export async function typeCode(page: Page, code: string): Promise<void> {
  await page.getByLabel('認証番号', { exact: true }).fill(code)
  await page.getByRole('button', { name: 'OK', exact: true }).click()
}

/** The same without looking at the pages on the way: the browser is handed the cookie of one that has no screen. */
export async function signInQuickly(page: Page, site: Site, person: PersonTyped): Promise<void> {
  const plain = await tellQuickly(page, site, person)
  await plain.send(urls.code, { code: site.lastCode() })
  await handOver(page, site, plain)
  await page.goto(site.address + urls.menu)
}

export async function tellWhoIAmQuickly(page: Page, site: Site, person: PersonTyped): Promise<void> {
  await tellQuickly(page, site, person)
  await page.goto(site.address + urls.code)
}

async function tellQuickly(page: Page, site: Site, person: PersonTyped): Promise<PlainBrowser> {
  const plain = new PlainBrowser(site)
  await plain.open(urls.identity)
  await plain.send(urls.identity, person)
  await handOver(page, site, plain)
  return plain
}

async function handOver(page: Page, site: Site, { cookie }: PlainBrowser): Promise<void> {
  if (cookie === undefined) throw new Error('The site gave no cookie')
  await page
    .context()
    .addCookies([{ name: 'annai', value: cookie, url: site.address, httpOnly: true, sameSite: 'Lax' }])
}

export async function signIn(page: Page, site: Site, person: PersonTyped): Promise<void> {
  await tellWhoIAm(page, site, person)
  await typeCode(page, site.lastCode())
}
