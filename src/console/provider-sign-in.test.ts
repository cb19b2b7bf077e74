import { createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openSignInProvider } from '#platform/sign-in/open-id'
import { openConsole, type TestConsole } from '../../test/console.ts'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { type IdentityProvider, startIdentityProvider } from '../../test/identity-provider.ts'
import { type SeenPage, WanderingBrowser } from '../../test/wandering-browser.ts'
import { urls } from './console.ts'

let database: TestDatabase
let site: TestConsole
let provider: IdentityProvider

const accounts = {
  suzuki: { name: '鈴木 一', roles: ['payment-desk', 'something-else'] },
  sato: { name: '佐藤 二', roles: ['something-else'] },
  'demo:agent': { name: 'なりすまし', roles: ['payment-desk'] },
}

const openAll = async (rolesInIdToken: boolean) => {
  const port = await freePort()
  const consoleAddress = `http://127.0.0.1:${port}`
  const provider = await startIdentityProvider({ consoleAddress, accounts, rolesInIdToken })
  const way = await openSignInProvider({
    ...provider,
    consoleAddress,
    rolesClaim: 'roles',
    scope: 'openid profile',
    returnPath: urls.signInReturn,
    signedOutPath: urls.signedOut,
  })
  const signIn = { kind: 'provider', provider: way, roleNames: new Map([['payment-desk', 'agent' as const]]) } as const
  return { provider, site: await openConsole(database.db, { port, world: { signIn } }) }
}

beforeAll(async () => {
  database = await testDatabase()
  const all = await openAll(true)
  provider = all.provider
  site = all.site
})
afterAll(async () => {
  await site.close()
  await provider.close()
  await database.drop()
})

/** To the provider, through its pages, and back. */
const signIn = async (who: string, browser = new WanderingBrowser(), at = site): Promise<SeenPage> => {
  const login = await browser.open(`${at.address}${urls.signInStart}?to=/cases/1`)
  const consent = await browser.send(login, { login: who, password: 'any' })
  return browser.send(consent, {})
}

const sessionsOf = (subject: string) =>
  database.db.selectFrom('operator_sessions').selectAll().where('subject', '=', subject).execute()

describe('Signing in by the identity provider', () => {
  test('lets in who has a role there, under the name it gives, to where they wanted to go', async () => {
    const browser = new WanderingBrowser()
    const back = await signIn('suzuki', browser)
    expect(back.url.pathname).toBe('/cases/1')
    const home = await browser.open(site.address + urls.home)
    expect([home.status, home.html]).toEqual([200, expect.stringContaining('応対　鈴木 一')])
  })

  test('asks for a code with PKCE, state and nonce, and the code stays out of our own addresses', async () => {
    const back = await signIn('suzuki')
    const asked = await askedOfProvider()
    expect(asked.get('response_type')).toBe('code')
    expect(asked.get('code_challenge_method')).toBe('S256')
    expect(asked.get('state')).toMatch(/^.{20,}$/)
    expect(asked.get('nonce')).toMatch(/^.{20,}$/)
    expect(back.url.search).toBe('')
  })

  test('keeps nothing that lets somebody in: cookies as hashes, the provider’s token sealed', async () => {
    const browser = new WanderingBrowser()
    await signIn('suzuki', browser)
    const [session] = (await sessionsOf('suzuki')).toReversed()
    const cookie = [...browser.cookies].find(([name]) => name.endsWith(' annai-console'))?.[1] ?? ''
    expect(session?.token_hash.toString('latin1')).not.toContain(cookie)
    expect(session?.id_token?.toString('latin1')).not.toMatch(/^ey/)
  })

  test('refuses whoever has no role here', async () => {
    const back = await signIn('sato')
    expect([back.status, back.html]).toEqual([403, expect.stringContaining('役割が割り当てられていません')])
    expect(await sessionsOf('sato')).toEqual([])
  })

  test('refuses a name that only a demo gives', async () => {
    expect((await signIn('demo:agent')).status).toBe(403)
  })

  test.each(['state', 'code'])('refuses an answer with another %s', async (name) => {
    const browser = new WanderingBrowser((url) => {
      if (url.pathname === urls.signInReturn) url.searchParams.set(name, 'x'.repeat(43))
      return url
    })
    expect((await signIn('suzuki', browser)).status).toBe(403)
  })

  test('refuses an answer that another browser began, and one that was used', async () => {
    const began = new WanderingBrowser()
    const back = await signIn('suzuki', began)
    const returned = back.by.find((url) => url.pathname === urls.signInReturn)
    expect(returned).toBeDefined()
    expect((await began.open(returned ?? site.address)).status).toBe(403)
    const other = new WanderingBrowser()
    await other.open(`${site.address}${urls.signInStart}`)
    expect((await other.open(returned ?? site.address)).status).toBe(403)
  })

  test('refuses an answer that comes after ten minutes', async () => {
    const before = site.now()
    const browser = new WanderingBrowser((url) => {
      if (url.pathname === urls.signInReturn) site.setClock(new Date(before.getTime() + 10 * 60_000 + 1))
      return url
    })
    expect((await signIn('suzuki', browser)).status).toBe(403)
  })

  test('says so when the provider says no', async () => {
    const browser = new WanderingBrowser()
    const login = await browser.open(site.address + urls.signInStart)
    const answer = new URLSearchParams({ error: 'access_denied', state: stateOf(login), iss: provider.issuer })
    expect((await browser.open(`${site.address}${urls.signInReturn}?${answer}`)).status).toBe(403)
    expect((await lastRefusal())?.facts).toEqual({ because: 'access_denied' })
  })

  test('never sends anywhere but to a page of ours afterwards', async () => {
    const browser = new WanderingBrowser()
    for (const to of ['//evil.example', 'https://evil.example', '/\\evil.example', '/x?y=z']) {
      await browser.open(`${site.address}${urls.signInStart}?to=${encodeURIComponent(to)}`)
      const row = await database.db
        .selectFrom('operator_sign_ins')
        .select('return_to')
        .orderBy('begun_at', 'desc')
        .execute()
      expect(row.map(({ return_to }) => return_to)).not.toContain(to)
    }
  })

  test('ends at the provider too, and comes back', async () => {
    const browser = new WanderingBrowser()
    await signIn('suzuki', browser)
    const home = await browser.open(site.address + urls.home)
    const leaving = await browser.send(home, {}, urls.signOut)
    expect(leaving.url.origin).toBe(provider.issuer)
    const left = await browser.send(leaving, { logout: 'yes' })
    expect(left.url.href).toBe(site.address + urls.signedOut)
    expect((await browser.open(site.address + urls.home)).url.pathname).toBe(urls.signIn)
  })

  test('has no way to choose whom to be', async () => {
    const browser = new WanderingBrowser()
    expect((await browser.open(site.address + urls.signIn)).html).not.toContain(urls.demoSignIn)
    const posted = await fetch(site.address + urls.demoSignIn, {
      method: 'POST',
      headers: { 'sec-fetch-site': 'same-origin' },
      body: new URLSearchParams({ person: 'admin' }),
    })
    expect(posted.status).toBe(404)
  })
})

test('A provider that tells the roles to its user info only is asked there', async () => {
  const other = await openAll(false)
  try {
    const browser = new WanderingBrowser()
    await signIn('suzuki', browser, other.site)
    expect((await browser.open(other.site.address + urls.home)).html).toContain('応対　鈴木 一')
  } finally {
    await other.site.close()
    await other.provider.close()
  }
})

test('A provider that is away: the console starts, and signing in says to come back', async () => {
  const way = await openSignInProvider({
    issuer: `http://127.0.0.1:${await freePort()}`,
    clientId: 'annai',
    clientSecret: 'x',
    consoleAddress: 'http://127.0.0.1:1',
    rolesClaim: 'roles',
    scope: 'openid',
    returnPath: urls.signInReturn,
    signedOutPath: urls.signedOut,
  })
  const other = await openConsole(database.db, {
    world: { signIn: { kind: 'provider', provider: way, roleNames: new Map() } },
  })
  try {
    expect((await fetch(other.address + urls.signIn)).status).toBe(200)
    expect((await fetch(other.address + urls.signInStart)).status).toBe(503)
  } finally {
    await other.close()
  }
})

const askedOfProvider = async (): Promise<URLSearchParams> => {
  const answer = await fetch(site.address + urls.signInStart, { redirect: 'manual' })
  return new URL(answer.headers.get('location') ?? '').searchParams
}

const stateOf = ({ by }: SeenPage): string =>
  by.map((url) => url.searchParams.get('state')).find((state) => state !== null) ?? ''

const lastRefusal = () =>
  database.db
    .selectFrom('audit_lines')
    .select(['act', 'facts'])
    .where('act', '=', 'session.refused')
    .orderBy('id', 'desc')
    .executeTakeFirst()

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
