import { connect, createServer, type Socket } from 'node:net'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { type Chaos, noChaos, planOf } from './chaos-proxy.plan.ts'
import { type ChaosProxy, startChaosProxy } from './chaos-proxy.ts'

const cleanUp: (() => unknown)[] = []
afterEach(async () => {
  for (const clean of cleanUp.splice(0).reverse()) await clean()
})

/** A server that remembers what it hears and answers as the test says, behind a bad network. */
async function network(chaos: Partial<Chaos>, seed = 'a', onHeard: (socket: Socket) => void = () => {}) {
  const heard: Heard[] = []
  const server = createServer((socket) => {
    const listening = listen(socket)
    heard.push(listening)
    socket.on('data', () => onHeard(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cleanUp.push(() => new Promise((resolve) => server.close(resolve)))
  cleanUp.push(() => heard.forEach(({ socket }) => void socket.destroy()))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const proxy = await startChaosProxy({ to: { port }, seed, chaos })
  cleanUp.push(() => proxy.close())
  return { proxy, heard }
}

type Heard = { readonly socket: Socket; bytes(): Buffer; readonly closed: Promise<void>; isClosed(): boolean }

function listen(socket: Socket): Heard {
  const pieces: Buffer[] = []
  let isClosed = false
  socket.on('data', (bytes: Buffer) => pieces.push(bytes))
  socket.on('error', () => {})
  const closed = new Promise<void>((resolve) =>
    socket.on('close', () => {
      isClosed = true
      resolve()
    }),
  )
  return { socket, bytes: () => Buffer.concat(pieces), closed, isClosed: () => isClosed }
}

async function call(proxy: ChaosProxy): Promise<Heard> {
  const socket = connect({ port: proxy.port, host: '127.0.0.1' })
  cleanUp.push(() => socket.destroy())
  const listening = listen(socket)
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  return listening
}

const pattern = Buffer.from(Array.from({ length: 251 }, (_, at) => at))
const bytesOf = (length: number) => Buffer.alloc(length, pattern)
const endingOf = (seed: string, chaos: Partial<Chaos>) => planOf(seed, { ...noChaos, ...chaos }, 1).ending
/** A seed whose first connection counts in that direction. */
const seedFor = (direction: 'requests' | 'answers', chaos: Partial<Chaos>) =>
  ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].find((seed) => endingOf(seed, chaos)?.direction === direction) ?? ''

describe('a plan', () => {
  const chaos: Chaos = {
    latencyMs: { fromMs: 10, toMs: 20 },
    endings: { cut: 0.3, 'half-open': 0.1 },
    endsAfterBytes: { from: 100, to: 200 },
  }

  test('follows from the seed and the number alone, and keeps to its bounds', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1 }), (seed, number) => {
        const [plan, again] = [planOf(seed, chaos, number), planOf(seed, chaos, number)]
        expect(plan.ending).toEqual(again.ending)
        expect(plan.latencyMs('requests', 3)).toBe(again.latencyMs('requests', 3))
        expect(plan.latencyMs('requests', 3)).toBeGreaterThanOrEqual(10)
        expect(plan.latencyMs('requests', 3)).toBeLessThan(20)
        if (plan.ending) expect(plan.ending.afterBytes).toBeGreaterThanOrEqual(100)
        if (plan.ending) expect(plan.ending.afterBytes).toBeLessThanOrEqual(200)
      }),
    )
  })

  test('gives every ending its share of the connections', () => {
    const plans = Array.from({ length: 10_000 }, (_, at) => planOf('a', chaos, at + 1).ending?.kind)
    const countOf = (kind: string | undefined) => plans.filter((each) => each === kind).length
    expect(Math.abs(countOf('cut') - 3_000)).toBeLessThan(180)
    expect(Math.abs(countOf('half-open') - 1_000)).toBeLessThan(120)
    expect(countOf('cut') + countOf('half-open') + countOf(undefined)).toBe(10_000)
  })
})

describe('a connection through the proxy', () => {
  test('says what was said, in order, however late each piece is', async () => {
    const { proxy, heard } = await network({ latencyMs: { fromMs: 0, toMs: 3 } }, 'a', (socket) => socket.write('.'))
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ minLength: 1, maxLength: 50 }), { maxLength: 20 }), async (pieces) => {
        const caller = await call(proxy)
        for (const piece of pieces) {
          caller.socket.write(piece)
          await new Promise((resolve) => setImmediate(resolve))
        }
        caller.socket.end()
        await caller.closed
        expect(heard.at(-1)?.bytes()).toEqual(Buffer.concat(pieces))
      }),
      { numRuns: 15 },
    )
  })

  test('carries more than it may hold back, whole', async () => {
    const { proxy, heard } = await network({ latencyMs: 2 })
    const caller = await call(proxy)
    caller.socket.end(bytesOf(5_000_000))
    await caller.closed
    expect(heard[0]?.bytes().equals(bytesOf(5_000_000))).toBe(true)
    expect(proxy.counts.bytes).toEqual({ requests: 5_000_000, answers: 0 })
  })

  test('takes at least the planned latency and the time of its bandwidth', async () => {
    const { proxy } = await network({ latencyMs: 20, bytesPerSecond: 20_000 }, 'a', (socket) => socket.end('yes'))
    const caller = await call(proxy)
    const begun = performance.now()
    caller.socket.write(bytesOf(1_000))
    await caller.closed
    // There 20 ms and 1,000 bytes at 20 a millisecond, and 20 ms back.
    expect(performance.now() - begun).toBeGreaterThanOrEqual(89)
  })
})

describe('a cut', () => {
  const chaos = { endings: { cut: 1 }, endsAfterBytes: { from: 100, to: 900 } }

  test.each(['a', 'b', 'c', 'd'])('falls exactly on the planned byte of a request (seed %s)', async (name) => {
    const seed = ['', '1', '2', '3', '4', '5']
      .map((more) => name + more)
      .find((each) => {
        return endingOf(each, chaos)?.direction === 'requests'
      })
    const { proxy, heard } = await network(chaos, seed)
    const caller = await call(proxy)
    caller.socket.write(bytesOf(1_000))
    await caller.closed
    await heard[0]?.closed
    const afterBytes = endingOf(seed ?? '', chaos)?.afterBytes ?? 0
    expect(heard[0]?.bytes()).toEqual(bytesOf(1_000).subarray(0, afterBytes))
    await expect
      .poll(() => proxy.counts)
      .toMatchObject({
        connections: 1,
        open: 0,
        endings: { cut: 1 },
        bytes: { requests: afterBytes },
      })
  })

  test('falls exactly on the planned byte of an answer', async () => {
    const seed = seedFor('answers', chaos)
    const { proxy } = await network(chaos, seed, (socket) => socket.write(bytesOf(1_000)))
    const caller = await call(proxy)
    caller.socket.write('x')
    await caller.closed
    expect(caller.bytes()).toEqual(bytesOf(1_000).subarray(0, endingOf(seed, chaos)?.afterBytes))
  })

  test('of all connections is felt at both ends', async () => {
    const { proxy, heard } = await network({})
    const callers = [await call(proxy), await call(proxy)]
    await expect.poll(() => heard.length).toBe(2)
    expect(proxy.cutAll()).toBe(2)
    await Promise.all([...callers, ...heard].map(({ closed }) => closed))
    await expect.poll(() => proxy.counts).toMatchObject({ open: 0, endings: { cut: 2 } })
  })
})

describe('a connection that goes silent', () => {
  const at = { endsAfterBytes: { from: 1, to: 1 } }

  test('one way swallows the answers and lets requests pass', async () => {
    const { proxy, heard } = await network({ ...at, endings: { 'answers-lost': 1 } }, 'a', (socket) =>
      socket.write('answer'),
    )
    const caller = await call(proxy)
    caller.socket.write('one')
    await expect.poll(() => heard[0]?.bytes().toString()).toBe('one')
    caller.socket.write('two')
    await expect.poll(() => heard[0]?.bytes().toString()).toBe('onetwo')
    await expect.poll(() => proxy.counts.endings['answers-lost']).toBe(1)
    expect(caller.bytes().length).toBeLessThanOrEqual(1)
  })

  test('the other way swallows the requests and lets answers pass', async () => {
    const { proxy, heard } = await network({ ...at, endings: { 'requests-lost': 1 } }, 'a', (socket) =>
      socket.write('answer'),
    )
    const caller = await call(proxy)
    caller.socket.write('one')
    await expect.poll(() => proxy.counts.endings['requests-lost']).toBe(1)
    caller.socket.write('two')
    heard[0]?.socket.write('more')
    await expect.poll(() => caller.bytes().toString()).toMatch(/more$/)
    expect(heard[0]?.bytes().toString()).toBe(
      endingOf('a', { ...at, endings: { 'requests-lost': 1 } })?.direction === 'requests' ? 'o' : 'one',
    )
  })

  test.each([
    ['closes', 'destroy'],
    ['is reset', 'resetAndDestroy'],
  ] as const)('both ways does not even tell that the other end %s', async (_, leave) => {
    const { proxy, heard } = await network({ ...at, endings: { 'half-open': 1 } }, seedFor('requests', at))
    const caller = await call(proxy)
    caller.socket.write('one')
    await expect.poll(() => proxy.counts.endings['half-open']).toBe(1)
    heard[0]?.socket.write('answer')
    caller.socket[leave]()
    await caller.closed
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(heard[0]?.isClosed()).toBe(false)
    expect(caller.bytes().length).toBe(0)
  })
})

test('while it refuses nobody gets in, who is in stays, and later the same port listens again', async () => {
  const { proxy, heard } = await network({})
  const inside = await call(proxy)
  const { port } = proxy
  proxy.refuse()
  await expect(call(proxy)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  inside.socket.write('still here')
  await expect.poll(() => heard[0]?.bytes().toString()).toBe('still here')
  await proxy.admit()
  expect(proxy.port).toBe(port)
  await call(proxy)
})
