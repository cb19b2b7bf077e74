import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { type Reply, startHttpCarrier } from '../../../test/http-carrier.ts'
import { selfSigned } from '../../../test/self-signed.ts'
import { type HttpOptions, type HttpRequest, openHttp } from './http-exchange.ts'

const cleanUp: (() => unknown)[] = []
afterEach(async () => {
  for (const clean of cleanUp.splice(0).reverse()) await clean()
})

const secret = selfSigned()

async function carrierThat(reply: Reply, secure?: typeof secret) {
  const carrier = await startHttpCarrier(reply, secure)
  cleanUp.push(() => carrier.close())
  return carrier
}

function client(options: HttpOptions = {}) {
  const http = openHttp({ timeoutMs: 5_000, ...options })
  cleanUp.push(() => http.close())
  return http
}

/** A server of bare sockets. */
async function sockets(onConnection: Parameters<typeof createServer>[1]) {
  const server = createServer(onConnection)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cleanUp.push(() => server.close())
  return (server.address() as AddressInfo).port
}

async function closedPort() {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise<void>((resolve) => server.close(() => resolve()))
  return port
}

const post = (base: string, more: Partial<HttpRequest> = {}): HttpRequest => ({
  url: `${base}/messages`,
  method: 'POST',
  headers: { 'content-type': 'text/plain' },
  body: '手紙',
  ...more,
})

describe('a request that is answered', () => {
  test('comes back with status, headers and body', async () => {
    const carrier = await carrierThat({ status: 201, body: 'はい', headers: { 'x-id': '7' } })
    const exchange = await client().exchange(post(carrier.base))
    expect(exchange).toMatchObject({ kind: 'answered', status: 201, headers: { 'x-id': '7' } })
    expect(exchange.kind === 'answered' && exchange.body.toString()).toBe('はい')
    expect(carrier.asked).toMatchObject([{ method: 'POST', path: '/messages', body: '手紙' }])
  })

  test('leaves its connection to the next', async () => {
    const carrier = await carrierThat({ status: 200 })
    const http = client()
    for (let i = 0; i < 3; i += 1) await http.exchange(post(carrier.base))
    expect(carrier.connections).toBe(1)
    expect(carrier.asked).toHaveLength(3)
  })

  test('may take longer than an unused connection is kept', async () => {
    const carrier = await carrierThat('silence')
    const ending = client({ idleMs: 20 }).exchange(post(carrier.base))
    await expect.poll(() => carrier.asked.length).toBe(1)
    await new Promise((resolve) => setTimeout(resolve, 80))
    carrier.release({ status: 200 })
    expect(await ending).toMatchObject({ kind: 'answered' })
  })

  test('leaves a connection that is closed when nobody uses it', async () => {
    const carrier = await carrierThat({ status: 200 })
    const http = client({ idleMs: 20 })
    await http.exchange(post(carrier.base))
    await new Promise((resolve) => setTimeout(resolve, 80))
    await http.exchange(post(carrier.base))
    expect(carrier.connections).toBe(2)
  })

  test('may go over TLS, where the certificate is trusted', async () => {
    const carrier = await carrierThat({ status: 200 }, secret)
    const http = client({ ca: secret.cert })
    expect(await http.exchange(post(carrier.base))).toMatchObject({ kind: 'answered', status: 200 })
    expect(await http.exchange(post(carrier.base))).toMatchObject({ kind: 'answered', status: 200 })
  })
})

describe('surely nothing was sent', () => {
  test('where nobody listens', async () => {
    const exchange = await client().exchange(post(`http://127.0.0.1:${await closedPort()}`))
    expect(exchange).toEqual({ kind: 'not-written', problem: 'ECONNREFUSED' })
  })

  test('where the name has no address', async () => {
    const exchange = await client().exchange(post('http://nobody.invalid'))
    expect(exchange).toMatchObject({ kind: 'not-written' })
  })

  test('where the certificate is not trusted', async () => {
    const carrier = await carrierThat({ status: 200 }, secret)
    const exchange = await client().exchange(post(carrier.base))
    expect(exchange).toEqual({ kind: 'not-written', problem: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
    expect(carrier.asked).toEqual([])
  })

  test('where the connection is cut before TLS stands', async () => {
    const port = await sockets((socket) => socket.once('data', () => socket.resetAndDestroy()))
    const exchange = await client().exchange(post(`https://127.0.0.1:${port}`))
    expect(exchange).toMatchObject({ kind: 'not-written' })
  })

  test('where TLS does not come to stand in time', async () => {
    const port = await sockets((socket) => cleanUp.push(() => socket.destroy()))
    const exchange = await client({ timeoutMs: 30 }).exchange(post(`https://127.0.0.1:${port}`))
    expect(exchange).toEqual({ kind: 'not-written', problem: 'no answer in time' })
  })

  test('where it was given up before the connection stood', async () => {
    const port = await sockets((socket) => cleanUp.push(() => socket.destroy()))
    const giveUp = new AbortController()
    const ending = client().exchange(post(`https://127.0.0.1:${port}`, { unlessWritten: giveUp.signal }))
    giveUp.abort()
    expect(await ending).toEqual({ kind: 'not-written', problem: 'given up' })
  })

  test('where it was given up before it began, or the client is closed', async () => {
    const carrier = await carrierThat({ status: 200 })
    const http = client()
    expect(await http.exchange(post(carrier.base, { unlessWritten: AbortSignal.abort() }))).toEqual({
      kind: 'not-written',
      problem: 'given up',
    })
    http.close()
    expect(await http.exchange(post(carrier.base))).toEqual({ kind: 'not-written', problem: 'closed by us' })
    expect(carrier.asked).toEqual([])
  })
})

describe('it may have arrived', () => {
  test.each([
    ['reset', 'ECONNRESET'],
    ['torn', 'ECONNRESET'],
  ] as const)('where the connection ends: %s', async (reply, problem) => {
    const carrier = await carrierThat(reply)
    expect(await client().exchange(post(carrier.base))).toEqual({ kind: 'unanswered', because: 'dropped', problem })
    expect(carrier.asked).toHaveLength(1)
  })

  test('where no answer comes in time, and nothing is asked again', async () => {
    const carrier = await carrierThat('silence')
    const exchange = await client({ timeoutMs: 500 }).exchange(post(carrier.base))
    expect(exchange).toEqual({ kind: 'unanswered', because: 'timeout', problem: 'no answer in time' })
    expect(carrier.asked).toHaveLength(1)
  })

  test('where the answer has no end', async () => {
    const carrier = await carrierThat({ status: 200, body: 'x'.repeat(1_000) })
    const exchange = await client({ answerBytesMax: 999 }).exchange(post(carrier.base))
    expect(exchange).toEqual({ kind: 'unanswered', because: 'dropped', problem: 'answer-too-long' })
  })

  test('and giving up changes nothing any more', async () => {
    const carrier = await carrierThat('silence')
    const giveUp = new AbortController()
    const request = post(carrier.base, {
      unlessWritten: giveUp.signal,
      onWritten: () => setTimeout(() => giveUp.abort()),
    })
    const ending = client().exchange(request)
    await expect.poll(() => carrier.asked.length).toBe(1)
    carrier.release({ status: 200 })
    expect(await ending).toMatchObject({ kind: 'answered' })
  })

  test('where we close while it is under way', async () => {
    const carrier = await carrierThat('silence')
    const http = client()
    const ending = http.exchange(post(carrier.base))
    await expect.poll(() => carrier.asked.length).toBe(1)
    http.close()
    expect(await ending).toEqual({ kind: 'unanswered', because: 'dropped', problem: 'closed by us' })
  })
})
