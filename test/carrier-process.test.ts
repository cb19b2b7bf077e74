import { appendFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Gateway } from '#platform/gateways/gateway'
import { openSmppSession } from '#platform/gateways/smpp-session'
import { phone } from '#values/phone'
import { startCarrier } from '../src/sandbox/carrier.ts'
import { connectClient } from './carrier-client.ts'
import { type CarrierLine, openCarrierJournal, readCarrierLines, type TakenLine } from './carrier-process.journal.ts'
import { type CarrierProcess, type CarrierSetup, startCarrierProcess } from './carrier-process.ts'
import { startChaosProxy } from './chaos-proxy.ts'

const cleanUp: (() => unknown)[] = []
let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'annai-carrier-'))
})
afterEach(async () => {
  for (const clean of cleanUp.splice(0).reverse()) await clean()
  await rm(folder, { recursive: true })
})

async function openCarrier(setup: Partial<CarrierSetup> = {}): Promise<CarrierProcess> {
  const carrier = await startCarrierProcess({ journal: join(folder, 'journal'), runId: 'r', tickMs: 5, ...setup })
  cleanUp.push(() => carrier.kill())
  return carrier
}

async function clientOf({ port }: { readonly port: number }) {
  const client = await connectClient(port)
  cleanUp.push(() => client.destroy())
  return client
}

async function linesOf({ journal }: { readonly journal: string }): Promise<readonly CarrierLine[]> {
  const lines: CarrierLine[] = []
  for await (const line of readCarrierLines(journal)) lines.push(line)
  return lines
}

const isTaken = (line: CarrierLine): line is TakenLine => line.kind === 'taken'
const someone = '09001234567'
const dayMs = 24 * 60 * 60_000
const now = new Date('2026-11-24T10:00:00+09:00')

describe('the journal', () => {
  test('holds every message before its answer leaves, also when the carrier is killed right then', async () => {
    const carrier = await openCarrier()
    const client = await clientOf(carrier)
    const ids: (string | undefined)[] = []
    const submits = Array.from({ length: 500 }, async () => {
      const answer = await client.submit(someone)
      if (answer === 'dropped') return
      ids.push(answer.fields.message_id)
      if (ids.length === 250) await carrier.kill()
    })
    await Promise.all(submits)
    expect(ids.length).toBeGreaterThanOrEqual(250)
    const written = new Set((await linesOf(carrier)).filter(isTaken).map(({ id }) => id))
    expect(ids.filter((id) => id === undefined || !written.has(id))).toEqual([])
  })

  test('says of a message all that our log can be compared with', async () => {
    const file = join(folder, 'journal')
    const journal = await openCarrierJournal(file)
    const carrier = await startCarrier({ now: () => now, runId: 'r', journal })
    cleanUp.push(() => carrier.close())
    const client = await clientOf(carrier)
    await client.submit(someone, {
      source_addr: '0570000000',
      esm_class: 0x40,
      short_message: Buffer.concat([Buffer.from([5, 0, 3, 9, 2, 1]), Buffer.from('3042', 'hex')]),
      user_message_reference: 777,
      validity_period: '261124200000036+',
    })
    await carrier.runDue(new Date(now.getTime() + 1_000))
    await journal.close()
    expect(await linesOf({ journal: file })).toEqual([
      {
        kind: 'taken',
        at: '2026-11-24T01:00:00.000Z',
        id: 'r1',
        account: 'annai',
        to: someone,
        from: '0570000000',
        text: 'あ',
        part: 1,
        parts: 2,
        reference: 777,
        validUntil: '2026-11-24T11:00:00.000Z',
        fate: 'delivered',
        answer: 'answered',
      },
      { kind: 'ended', id: 'r1', at: '2026-11-24T01:00:00.300Z' },
      { kind: 'acknowledged', id: 'r1', at: '2026-11-24T01:00:00.000Z' },
    ])
  })

  test('keeps every line in order, whatever is written at once, and leaves out a half one', async () => {
    const file = join(folder, 'journal')
    const journal = await openCarrierJournal(file)
    const ids = Array.from({ length: 1_000 }, (_, at) => `r${at}`)
    const writing = ids.map((id) => journal.acknowledged(id, now))
    await writing[0]
    expect((await linesOf({ journal: file })).length).toBeGreaterThan(0)
    await Promise.all(writing)
    await journal.close()
    await appendFile(file, '{"kind":"acknowledged","id":"half')
    expect((await linesOf({ journal: file })).map(({ id }) => id)).toEqual(ids)
  })
})

/** One process for all, in this order: starting one takes longer than all it is asked. */
describe('the process, told over HTTP,', () => {
  let carrier: CarrierProcess
  let home = ''
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'annai-carrier-'))
    const weather = { seed: 'a', submits: { 'queue-full': 1 } }
    const clock = { clockOffsetMs: 100 * dayMs, deliveryMs: 10 * dayMs }
    carrier = await startCarrierProcess({ journal: join(home, 'journal'), runId: 'r', tickMs: 5, weather, ...clock })
  })
  afterAll(async () => {
    await carrier.kill()
    await rm(home, { recursive: true })
  })

  test('counts, takes other weather and refuses what cannot be', async () => {
    const client = await clientOf(carrier)
    expect(await client.submit(someone)).toMatchObject({ status: 0x14 })
    await expect(carrier.setWeather({ strays: 3 })).rejects.toThrow('strays')
    expect((await carrier.weather()).seed).toBe('a')
    await carrier.setWeather({ seed: 'b' })
    expect(await client.submit(someone)).toMatchObject({ status: 0 })
    expect(await carrier.counts()).toMatchObject({
      arrived: 2,
      taken: 1,
      submits: { 'queue-full': 1, answered: 1 },
      connections: { now: 1 },
      accounts: { annai: { binds: 1 } },
      stallMaxMs: expect.any(Number),
    })
    expect(await carrier.arrivals()).toMatchObject([{ bind: 1, account: 'annai', forgotten: 0 }])
    expect((await carrier.arrivals())[0]?.atMs).toHaveLength(2)
  })

  test('lives by its own clock, which can be moved', async () => {
    const client = await clientOf(carrier)
    const [taken] = (await linesOf(carrier)).filter(isTaken)
    expect(Date.parse(taken?.at ?? '')).toBeGreaterThan(Date.now() + 99 * dayMs)
    await carrier.moveClock(new Date(Date.now() + 109 * dayMs))
    expect(await carrier.counts()).toMatchObject({ receipts: { toCome: 1, acknowledged: 0 } })
    await carrier.moveClock(new Date(Date.now() + 111 * dayMs))
    await expect.poll(() => carrier.counts()).toMatchObject({ receipts: { toCome: 0, acknowledged: 1 } })
    client.destroy()
  })

  test('is cut, goes down, comes back, and leaves with a finished journal', async () => {
    const client = await clientOf(carrier)
    await carrier.cutConnections()
    await client.closed
    await carrier.setMood('down')
    await expect(clientOf(carrier)).rejects.toThrow()
    await carrier.setMood('normal')
    const second = await clientOf(carrier)
    expect(await second.submit('09017654321')).toMatchObject({ status: 0 })
    await carrier.stop()
    await second.closed
    expect(() => process.kill(carrier.pid, 0)).toThrow('ESRCH')
    expect((await linesOf(carrier)).filter(isTaken).map(({ to }) => to)).toEqual([someone, '09017654321'])
  })
})

test('what a session says of its submits agrees with the journal, in bad weather and over a bad network', async () => {
  const carrier = await openCarrier({
    weather: {
      seed: 'storm',
      answerAfterMs: { fromMs: 0, toMs: 4 },
      submits: {
        throttled: 0.05,
        'system-error': 0.05,
        lost: 0.01,
        unanswered: 0.01,
        'cut-before': 0.02,
        'cut-after': 0.02,
        torn: 0.02,
      },
      receipts: { early: 0.1, twice: 0.1 },
      tornReceipts: 0.02,
    },
  })
  const proxy = await startChaosProxy({
    to: { port: carrier.port },
    seed: 'storm',
    chaos: { latencyMs: { fromMs: 0, toMs: 2 }, endings: { cut: 0.5 }, endsAfterBytes: { from: 300, to: 3_000 } },
  })
  cleanUp.push(() => proxy.close())
  const session = openSmppSession({
    host: '127.0.0.1',
    port: proxy.port,
    systemId: 'annai',
    password: '',
    responseTimeoutMs: 100,
    backOffMinMs: 1,
    backOffMaxMs: 5,
    drainMs: 100,
  })
  cleanUp.push(() => session.close())
  session.onReceipt(async () => {})

  const said = await submitMany(session, 400)
  const taken = new Map<number, number>()
  for (const { reference = 0 } of (await linesOf(carrier)).filter(isTaken))
    taken.set(reference, (taken.get(reference) ?? 0) + 1)

  const tally = Object.groupBy(said, ({ kind }) => kind)
  expect(Object.keys(tally).toSorted()).toEqual(['doubtful', 'refused', 'submitted', 'throttled'])
  for (const { kind, reference } of said) {
    const times = taken.get(reference) ?? 0
    if (kind === 'submitted') expect(times, `${reference} was submitted`).toBe(1)
    else if (kind === 'doubtful') expect(times, `${reference} is doubtful`).toBeLessThanOrEqual(1)
    else expect(times, `${reference} was ${kind}`).toBe(0)
  }
  // Of the doubtful ones some had arrived and some had not: only the journal can tell.
  const doubtful = (tally.doubtful ?? []).map(({ reference }) => taken.get(reference) ?? 0)
  expect(new Set(doubtful)).toEqual(new Set([0, 1]))
  expect(proxy.counts.endings.cut).toBeGreaterThan(0)
})

/** Each under its own reference; what was surely not sent is tried again. */
async function submitMany(session: Gateway, count: number) {
  const submitOne = async (reference: number) => {
    for (;;) {
      await session.whenReady()
      const outcome = await session.submit({
        to: phone(`+81901${String(reference).padStart(7, '0')}`),
        from: '0570000000',
        part: { text: 'お知らせ', alphabet: 'ucs-2', number: 1, of: 1 },
        reference,
      })
      if (outcome.kind !== 'not-sent') return { kind: outcome.kind, reference }
    }
  }
  const said: Awaited<ReturnType<typeof submitOne>>[] = []
  const submitInTurn = async (lane: number) => {
    for (let reference = lane + 1; reference <= count; reference += 8) said.push(await submitOne(reference))
  }
  await Promise.all(Array.from({ length: 8 }, (_, lane) => submitInTurn(lane)))
  return said
}
