import { randomUUID } from 'node:crypto'
import { connect } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { systemChance } from '#platform/chance'
import { Fault } from '#platform/fault'
import { openVault } from '#platform/vault/vault'
import { type TestDatabase, testDatabase } from '../../../test/database.ts'
import { hashOf } from './headers.ts'
import { type FormAct, formIdField, type HttpServer, type Reply, type Route, readScript, startHttp } from './http.ts'

const cookie = 'c'.repeat(43)
const nextCookie = 'n'.repeat(43)
const style = 'body{margin:0}'
const script = readScript(new URL('./form-id.ts', import.meta.url), '/s')

let database: TestDatabase
let server: HttpServer
let now = new Date('2026-11-24T01:00:00Z')
let done: string[] = []
let faults: unknown[] = []
let release: (() => void) | undefined

const page = (html: string, status = 200): Reply => ({ kind: 'page', status, html })

const acts: Record<string, FormAct> = {
  '/together': {
    commits: 'with-the-form',
    async run(sent, tx) {
      await tx
        .insertInto('key_checks')
        .values({ label: randomUUID(), value: Buffer.alloc(1) })
        .execute()
      done.push(sent.form.word ?? '')
      if (sent.form.word === 'slow') await new Promise<void>((go) => (release = go))
      if (sent.form.word === 'bad') return page('corrected, please', 422)
      if (sent.form.word === 'fault') throw new Fault('database-busy', 'busy')
      return { kind: 'see-other', location: `/done/${done.length}`, cookie: { set: nextCookie } }
    },
  },
  '/alone': {
    commits: 'by-itself',
    async run(sent) {
      done.push(sent.form.word ?? '')
      if (sent.form.word === 'slow') await new Promise<void>((go) => (release = go))
      if (sent.form.word === 'bad') return page('corrected, please', 422)
      if (sent.form.word === 'fault') throw new Fault('database-busy', 'busy')
      return { kind: 'see-other', location: `/done/${done.length}`, cookie: { set: nextCookie } }
    },
  },
}

const routes: readonly Route[] = [
  { kind: 'page', path: '/page', who: 'public', show: (asked) => page(`${asked.query.form}`.repeat(4_000)) },
  { kind: 'page', path: '/form', who: 'public', show: (asked) => page(asked.formId(asked.query.for ?? '')) },
  { kind: 'page', path: '/client', who: 'public', show: (asked) => page(asked.client) },
  { kind: 'page', path: '/bug', who: 'public', show: () => Promise.reject(new Error('Bug: seeded')) },
  { kind: 'page', path: '/away', who: 'public', show: () => Promise.reject(new Fault('database-unreachable', 'away')) },
  ...Object.entries(acts).map(
    ([path, act]): Route => ({ kind: 'form', path, who: 'public', act, again: (_, because) => page(because, 422) }),
  ),
  {
    kind: 'program',
    method: 'POST',
    path: '/api',
    who: 'public',
    answer: ({ body }) => ({ kind: 'json', status: 200, value: { body } }),
  },
]

beforeAll(async () => {
  database = await testDatabase()
  server = await startHttp({
    host: '127.0.0.1',
    port: 0,
    routes,
    styles: [style],
    scripts: [script],
    siteOrigin: 'http://127.0.0.1',
    trustedProxies: ['127.0.0.1'],
    hostNames: ['127.0.0.1'],
    db: database.db,
    vault: openVault({ derive: (label) => Buffer.alloc(32, label) }),
    clock: { now: () => now },
    chance: systemChance,
    showTrouble: (status) => `trouble ${status}`,
    onFault: (error) => faults.push(error),
  })
})
afterAll(async () => {
  await server.close()
  await database.drop()
})
beforeEach(() => {
  done = []
  faults = []
  now = new Date(now.getTime() + 3_600_000)
})

const ask = (path: string, init: RequestInit & { headers?: Record<string, string> } = {}) =>
  fetch(`http://127.0.0.1:${server.port}${path}`, { redirect: 'manual', ...init })

const formId = async (path: string) =>
  (await ask(`/form?for=${path}`, { headers: { cookie: `annai=${cookie}` } })).text()

const send = (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
  ask(path, {
    method: 'POST',
    headers: { 'sec-fetch-site': 'same-origin', cookie: `annai=${cookie}`, ...headers },
    body: new URLSearchParams(fields),
  })

describe('Every response', () => {
  test.each(['/page', '/nowhere', '/bug', '/livez', '/readyz', script.path])(
    'of %s carries the headers',
    async (path) => {
      const { headers } = await ask(path)
      const policy = headers.get('content-security-policy')
      expect(policy).toContain("default-src 'none'")
      expect(policy).toContain(`style-src '${hashOf(style)}'`)
      expect(policy).toContain(`script-src '${hashOf(script.text)}'`)
      expect(policy).toContain("require-trusted-types-for 'script'")
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).not.toContain('unsafe')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('referrer-policy')).toBe('same-origin')
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
      expect(headers.get('cache-control')).toBe(
        path === script.path ? 'public, max-age=31536000, immutable' : 'no-store',
      )
    },
  )

  test.each([
    ['/nowhere', {}, 404],
    ['/page', { method: 'POST' }, 405],
    ['/page', { method: 'DELETE' }, 405],
    ['/together', {}, 405],
    ['/bug', {}, 500],
    ['/away', {}, 503],
    ['/together', { method: 'POST', headers: { 'sec-fetch-site': 'cross-site' } }, 403],
    [
      '/together',
      { method: 'POST', body: '{', headers: { 'content-type': 'text/xml', 'sec-fetch-site': 'same-origin' } },
      415,
    ],
    ['/together', { method: 'POST', body: new URLSearchParams({ a: 'x'.repeat(17_000) }) }, 413],
    ['/page%ff', {}, 400],
  ])('%s %j is a page of status %i', async (path, init, status) => {
    const response = await ask(path, init)
    expect([response.status, await response.text()]).toEqual([status, `trouble ${status}`])
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
  })

  test('says what a path answers to, and when to come back', async () => {
    expect((await ask('/page', { method: 'POST' })).headers.get('allow')).toBe('GET, HEAD')
    expect((await ask('/away')).headers.get('retry-after')).toBe('10')
  })

  test('only of faults and bugs tells the operators', async () => {
    await ask('/nowhere')
    expect(faults).toEqual([])
    await ask('/bug')
    expect(faults).toHaveLength(1)
  })

  test('to bytes that are no HTTP is an answer, too', async () => {
    const answer = await speak('THIS IS NO HTTP\r\n\r\n')
    expect(answer).toMatch(/^HTTP\/1.1 400 /)
    expect(answer).toContain("default-src 'none'")
    expect(answer).toContain('trouble 400')
  })

  test('to another host name is a refusal', async () => {
    expect(await speak('GET /page HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n')).toMatch(
      /^HTTP\/1.1 421 /,
    )
  })

  test('is compressed for those who can read it', async () => {
    const wire = await speak(
      'GET /page?form=x HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\naccept-encoding: gzip\r\n\r\n',
    )
    expect(wire).toContain('content-encoding: gzip')
    const plain = await speak(
      'GET /page?form=x HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\naccept-encoding: gzip;q=0\r\n\r\n',
    )
    expect(plain).not.toContain('content-encoding')
    expect(gunzipSync(script.gzipped).toString()).toBe(script.text)
  })

  test('knows the client through the trusted proxy only', async () => {
    const response = await ask('/client', { headers: { 'x-forwarded-for': '203.0.113.9, 198.51.100.7' } })
    expect(await response.text()).toBe('198.51.100.7')
  })
})

describe.each(['/together', '/alone'])('A form sent to %s', (path) => {
  test('has its effect and leads on', async () => {
    const response = await send(path, { [formIdField]: await formId(path), word: 'once' })
    expect([response.status, response.headers.get('location')]).toEqual([303, '/done/1'])
    expect(response.headers.get('set-cookie')).toContain(nextCookie)
  })

  test('twice has its effect once, and both receive the first result', async () => {
    const fields = { [formIdField]: await formId(path), word: 'twice' }
    const [first, second] = [await send(path, fields), await send(path, fields)]
    expect(done).toEqual(['twice'])
    expect(second.headers.get('location')).toBe(first.headers.get('location'))
    expect(second.headers.get('set-cookie')).toBe(first.headers.get('set-cookie'))
  })

  test('again after half a minute receives the result but no cookie', async () => {
    const fields = { [formIdField]: await formId(path), word: 'late' }
    await send(path, fields)
    now = new Date(now.getTime() + 30_001)
    const late = await send(path, fields)
    expect([late.headers.get('location'), late.headers.get('set-cookie')]).toEqual(['/done/1', null])
  })

  test('again while the first is at work waits for it', async () => {
    const fields = { [formIdField]: await formId(path), word: 'slow' }
    const first = send(path, fields)
    await expect.poll(() => release !== undefined).toBe(true)
    const others = [send(path, fields), send(path, fields)]
    await new Promise((go) => setTimeout(go, 100))
    release?.()
    release = undefined
    const locations = (await Promise.all([first, ...others])).map((response) => response.headers.get('location'))
    expect(locations).toEqual(['/done/1', '/done/1', '/done/1'])
    expect(done).toEqual(['slow'])
  })

  test('with other contents under the same id is refused without effect', async () => {
    const id = await formId(path)
    await send(path, { [formIdField]: id, word: 'first' })
    const other = await send(path, { [formIdField]: id, word: 'other' })
    expect([other.status, await other.text(), done]).toEqual([422, 'changed', ['first']])
  })

  test.each([
    ['no id', async () => undefined],
    ['the id of another path', () => formId('/elsewhere')],
  ])('with %s is shown again without effect', async (_, makeId) => {
    const id = await makeId()
    const response = await send(path, { word: 'x', ...(id !== undefined && { [formIdField]: id }) })
    expect([response.status, await response.text(), done]).toEqual([422, 'expired', []])
  })

  test('by another browser is shown again without effect', async () => {
    const id = await formId(path)
    const response = await send(path, { [formIdField]: id, word: 'x' }, { cookie: `annai=${nextCookie}` })
    expect([await response.text(), done]).toEqual(['expired', []])
  })

  test('by another site has no effect', async () => {
    const id = await formId(path)
    const response = await send(path, { [formIdField]: id, word: 'x' }, { 'sec-fetch-site': 'cross-site' })
    expect([response.status, done]).toEqual([403, []])
  })

  test.each(['bad', 'fault'])('that came to nothing (%s) can be sent again', async (word) => {
    const id = await formId(path)
    const first = await send(path, { [formIdField]: id, word })
    expect(first.status).toBe(word === 'bad' ? 422 : 503)
    const second = await send(path, { [formIdField]: id, word: 'good' })
    expect([second.status, done]).toEqual([303, [word, 'good']])
  })
})

test('A form answered with errors leaves nothing behind in its transaction', async () => {
  const count = async () => (await database.db.selectFrom('key_checks').selectAll().execute()).length
  const before = await count()
  await send('/together', { [formIdField]: await formId('/together'), word: 'bad' })
  expect(await count()).toBe(before)
})

test('A program speaks JSON without an origin, and a foreign page may not', async () => {
  const init = { method: 'POST', body: '{"a":1}', headers: { 'content-type': 'application/json' } }
  expect(await (await ask('/api', init)).json()).toEqual({ body: { a: 1 } })
  const foreign = { ...init, headers: { ...init.headers, origin: 'https://evil.example' } }
  expect((await ask('/api', foreign)).status).toBe(403)
  expect((await ask('/api', { ...init, body: '{' })).status).toBe(400)
})

function speak(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.port, '127.0.0.1', () => socket.write(bytes))
    let said = ''
    socket.on('data', (data) => {
      said += data.toString('latin1')
    })
    socket.on('close', () => resolve(said))
    socket.on('error', reject)
  })
}
