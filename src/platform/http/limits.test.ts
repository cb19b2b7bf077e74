import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemChance } from '#platform/chance'
import { machineClock } from '#platform/clock/clock'
import { type Database, openDatabase } from '#platform/database/database'
import { openVault } from '#platform/vault/vault'
import { type HttpServer, startHttp } from './http.ts'

/** Nothing here asks the database, and so there is none. */
let db: Database
let servers: HttpServer[] = []
let waiting: (() => void)[] = []

beforeAll(() => {
  db = openDatabase('postgres://nobody@127.0.0.1:1/none')
})
afterAll(async () => {
  for (const go of waiting) go()
  await Promise.all(servers.map((server) => server.close()))
  await db.destroy()
})

const start = async (limits: Parameters<typeof startHttp>[0]['limits']): Promise<HttpServer> => {
  const server = await startHttp({
    host: '127.0.0.1',
    port: 0,
    routes: [
      { kind: 'page', path: '/quick', who: 'public', show: () => ({ kind: 'page', status: 200, html: 'quick' }) },
      {
        kind: 'form',
        path: '/form',
        who: 'public',
        act: { commits: 'by-itself', run: async () => ({ kind: 'page', status: 200, html: 'sent' }) },
        again: () => ({ kind: 'page', status: 422, html: 'again' }),
      },
      {
        kind: 'page',
        path: '/slow',
        who: 'public',
        async show() {
          await new Promise<void>((go) => waiting.push(go))
          return { kind: 'page', status: 200, html: 'slow' }
        },
      },
    ],
    styles: [],
    scripts: [],
    siteOrigin: 'https://pay.example',
    trustedProxies: [],
    db,
    vault: openVault({ derive: (label) => Buffer.alloc(32, label) }),
    clock: machineClock,
    chance: systemChance,
    showTrouble: (status) => `trouble ${status}`,
    onFault: () => {},
    limits: limits ?? {},
  })
  servers = [...servers, server]
  return server
}

const ask = (server: HttpServer, path: string) => fetch(`http://127.0.0.1:${server.port}${path}`)

const release = () => {
  for (const go of waiting) go()
  waiting = []
}

describe('The server', () => {
  test('asks to come back when too many are under way, and still says that it lives', async () => {
    const server = await start({ underWayMax: 2 })
    const slow = [ask(server, '/slow'), ask(server, '/slow')]
    await expect.poll(() => waiting.length).toBe(2)
    const refused = await ask(server, '/quick')
    expect([refused.status, refused.headers.get('retry-after'), await refused.text()]).toEqual([
      503,
      '10',
      'trouble 503',
    ])
    expect((await ask(server, '/livez')).status).toBe(200)
    release()
    await Promise.all(slow)
    await expect.poll(async () => (await ask(server, '/quick')).status).toBe(200)
  })

  test('finishes what is under way when it closes', async () => {
    const server = await start({})
    const slow = ask(server, '/slow')
    await expect.poll(() => waiting.length).toBe(1)
    const closed = server.close()
    release()
    expect(await (await slow).text()).toBe('slow')
    await closed
    await expect(ask(server, '/quick')).rejects.toThrow()
  })

  test('cuts what does not finish', async () => {
    const server = await start({ closeTimeoutMs: 50 })
    const slow = ask(server, '/slow')
    slow.catch(() => {})
    await expect.poll(() => waiting.length).toBe(1)
    await server.close()
    await expect(slow).rejects.toThrow()
    release()
  })

  // The other limit is so far away that the test would run out of time.
  test.each([
    ['its headers', { headersTimeoutMs: 100, requestTimeoutMs: 60_000 }, 'GET /quick HTTP/1.1\r\nhost: a\r\nx-slow: '],
    [
      'its body',
      { headersTimeoutMs: 100, requestTimeoutMs: 200 },
      'POST /form HTTP/1.1\r\nhost: a\r\nsec-fetch-site: same-origin\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: 10\r\n\r\na',
    ],
  ])('does not wait for a client that never ends %s', { timeout: 15_000 }, async (_, limits, bytes) => {
    const server = await start(limits)
    const socket = connect(server.port, '127.0.0.1', () => socket.write(bytes))
    socket.on('error', () => {})
    await new Promise((resolve) => socket.on('close', resolve).resume())
    expect(socket.destroyed).toBe(true)
  })

  test('is not ready without its database', async () => {
    const server = await start({})
    expect((await ask(server, '/readyz')).status).toBe(503)
  })

  test('under HTTPS tells browsers to stay there', async () => {
    const { headers } = await ask(await start({}), '/quick')
    expect(headers.get('strict-transport-security')).toBe('max-age=63072000; includeSubDomains')
    expect(headers.get('content-security-policy')).toContain('upgrade-insecure-requests')
  })
})
