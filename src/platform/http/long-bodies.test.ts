import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { systemChance } from '#platform/chance'
import { openVault } from '#platform/vault/vault'
import { type TestDatabase, testDatabase } from '../../../test/database.ts'
import { type HttpServer, type Reply, type Route, startHttp } from './http.ts'

const cookie = 'c'.repeat(43)
const bytesMax = 100_000

let database: TestDatabase
let server: HttpServer
let taken: { name: string; length: number; word: string | undefined }[] = []
let faults: unknown[] = []
let sentPieces = 0
let isAdmitted = true

const page = (html: string, status = 200): Reply => ({ kind: 'page', status, html })

async function* pieces(count: number, breaksAt = Number.POSITIVE_INFINITY) {
  for (let i = 0; i < count; i++) {
    if (i === breaksAt) throw new Error('the source broke')
    sentPieces++
    yield i % 2 === 0 ? 'あ'.repeat(20_000) : Buffer.alloc(60_000, 0x62)
  }
}

const file = (name: string, body: Extract<Reply, { kind: 'file' }>['body']): Reply => ({
  kind: 'file',
  mediaType: 'text/csv; charset=utf-8',
  name,
  body,
})

const routes: readonly Route[] = [
  { kind: 'page', path: '/form/:id', who: 'anybody', show: (asked) => page(asked.formId(asked.query.for ?? '')) },
  { kind: 'page', path: '/things/:id/:part', who: 'anybody', show: ({ path, params }) => page(`${path} ${params.id}`) },
  { kind: 'page', path: '/file', who: 'anybody', show: () => file('お客様 一覧.csv', pieces(4)) },
  { kind: 'page', path: '/long', who: 'anybody', show: () => file('long.csv', pieces(2_000)) },
  { kind: 'page', path: '/broken', who: 'anybody', show: () => file('broken.csv', pieces(40, 20)) },
  {
    kind: 'form',
    path: '/things/:id',
    who: 'anybody',
    act: { commits: 'by-itself', run: async ({ params }) => ({ kind: 'see-other', location: `/did/${params.id}` }) },
    again: () => page('again', 422),
  },
  {
    kind: 'upload',
    path: '/take/:id',
    who: 'anybody',
    bytesMax,
    admit: async () => (isAdmitted ? undefined : page('not for you', 403)),
    async take({ file, form, params }) {
      let length = 0
      for await (const chunk of file.bytes) length += chunk.length
      taken.push({ name: file.name, length, word: form.word })
      return file.name === '' ? page('no file', 422) : { kind: 'see-other', location: `/took/${params.id}` }
    },
    again: (_, because) => page(because, 422),
  },
]

beforeAll(async () => {
  database = await testDatabase()
  server = await startHttp({
    host: '127.0.0.1',
    port: 0,
    routes,
    styles: [],
    scripts: [],
    siteOrigin: 'http://127.0.0.1',
    trustedProxies: [],
    db: database.db,
    vault: openVault({ derive: (label) => Buffer.alloc(32, label) }),
    clock: { now: () => new Date('2026-11-24T01:00:00Z') },
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
  taken = []
  faults = []
  sentPieces = 0
  isAdmitted = true
})

const ask = (path: string, init: RequestInit & { headers?: Record<string, string> } = {}) =>
  fetch(`http://127.0.0.1:${server.port}${path}`, {
    redirect: 'manual',
    ...init,
    headers: { cookie: `annai=${cookie}`, 'sec-fetch-site': 'same-origin', ...init.headers },
  })

const formIdFor = async (path: string) => (await ask(`/form/1?for=${path}`)).text()

describe('An address with parts', () => {
  test('says what stood in them', async () => {
    expect(await (await ask('/things/a-1/rest')).text()).toBe('/things/a-1/rest a-1')
  })

  test('takes the form that was made for just this address, and not that of another', async () => {
    const body = async (path: string) => new URLSearchParams({ form: await formIdFor(path) })
    const own = await ask('/things/a', { method: 'POST', body: await body('/things/a') })
    expect([own.status, own.headers.get('location')]).toEqual([303, '/did/a'])
    expect((await ask('/things/a', { method: 'POST', body: await body('/things/b') })).status).toBe(422)
  })

  test('answers 405 to a method it does not know', async () => {
    expect((await ask('/things/a', { method: 'PUT' })).status).toBe(405)
    expect((await ask('/things', { method: 'POST' })).status).toBe(404)
  })
})

describe('A file', () => {
  test('comes piece by piece, whole, with its Japanese name', async () => {
    const answer = await ask('/file')
    const disposition = answer.headers.get('content-disposition') ?? ''
    expect(decodeURIComponent(/filename\*=UTF-8''(\S+)$/.exec(disposition)?.[1] ?? '')).toBe('お客様 一覧.csv')
    expect(disposition).toMatch(/^attachment; filename="[A-Za-z0-9._-]+";/)
    expect((await answer.arrayBuffer()).byteLength).toBe(4 * 60_000)
  })

  test('is made no faster than it is read', async () => {
    const stop = new AbortController()
    const answer = await ask('/long', { signal: stop.signal })
    await answer.body?.getReader().read()
    await pause(300)
    expect(sentPieces).toBeLessThan(500)
    stop.abort()
  })

  test('that breaks on the way is a cut connection, never a file that looks whole', async () => {
    const answer = await ask('/broken')
    await expect(answer.arrayBuffer()).rejects.toThrow()
    expect(faults).toHaveLength(1)
  })
})

describe('An upload', () => {
  const send = async (
    { path = '/take/7', made = '/take/7', length = 5_000, name = 'd.csv', word = 'x', headers = {} } = {},
    id?: string,
  ) => {
    const body = new FormData()
    body.set('form', id ?? (await formIdFor(made)))
    body.set('word', word)
    body.set('file', new File([Buffer.alloc(length, 0x61)], name))
    return ask(path, { method: 'POST', body, headers })
  }

  test('hands the fields and the file on', async () => {
    const answer = await send()
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/took/7'])
    expect(taken).toEqual([{ name: 'd.csv', length: 5_000, word: 'x' }])
  })

  test('twice is taken once, and both lead to the same place', async () => {
    const id = await formIdFor('/take/7')
    const [first, second] = [await send({}, id), await send({}, id)]
    expect(second.headers.get('location')).toBe(first.headers.get('location'))
    expect(taken).toHaveLength(1)
  })

  test('of more than the route takes is refused as a whole', async () => {
    const answer = await send({ length: bytesMax + 1 })
    expect([answer.status, await answer.text(), taken]).toEqual([413, 'trouble 413', []])
    expect(faults).toEqual([])
    expect((await send({ length: bytesMax })).status).toBe(303)
  })

  test.each([
    ['the id of another address', { made: '/take/8' }, 422],
    ['a foreign origin', { headers: { 'sec-fetch-site': 'cross-site' } }, 403],
  ])('with %s has no effect', async (_, options, status) => {
    expect([(await send(options)).status, taken]).toEqual([status, []])
  })

  test('by somebody who may not is answered before the file is read, and the file is gone', async () => {
    isAdmitted = false
    const answer = await send({ length: bytesMax })
    expect([answer.status, await answer.text(), taken]).toEqual([403, 'not for you', []])
  })

  test('without a file is for the page to say, and can be sent again', async () => {
    const id = await formIdFor('/take/7')
    expect((await send({ length: 0, name: '' }, id)).status).toBe(422)
    expect((await send({}, id)).status).toBe(303)
  })

  test('is not what another route takes', async () => {
    const body = new FormData()
    body.set('form', await formIdFor('/things/a'))
    expect((await ask('/things/a', { method: 'POST', body })).status).toBe(415)
  })

  test('that stops half way leaves nothing, and the server answers on', async () => {
    const id = await formIdFor('/take/7')
    const head = [
      ...['--b', 'content-disposition: form-data; name="form"', '', id],
      ...['--b', 'content-disposition: form-data; name="file"; filename="h.csv"', '', 'half of i'],
    ].join('\r\n')
    const half = new ReadableStream({
      start(controller) {
        controller.enqueue(Buffer.from(head))
      },
    })
    const stop = new AbortController()
    const sending = ask('/take/7', {
      method: 'POST',
      body: half,
      duplex: 'half',
      headers: { 'content-type': 'multipart/form-data; boundary=b' },
      signal: stop.signal,
    } as RequestInit & { headers: Record<string, string> })
    await pause(200)
    stop.abort()
    await expect(sending).rejects.toThrow()
    expect(taken).toEqual([])
    expect((await send()).status).toBe(303)
  })
})
