import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { importCustomers, importDebits } from '#intake'
import { approveCampaign, planCampaign, showCampaign } from '#outreach'
import { sql } from '#platform/database/database'
import { openLog } from '#platform/log'
import { bytesSource } from '#platform/source'
import { openKeys } from '#platform/vault/keys'
import { day, dayInJst, instantOfJst } from '#values/day'
import { startSite } from '../../src/main/serve.ts'
import { readSettings } from '../../src/main/settings.ts'
import { openWorld, type World } from '../../src/main/world.ts'
import { type Carrier, startCarrier } from '../../src/sandbox/carrier.ts'
import type { TakenMessage } from '../../src/sandbox/carrier-journal.ts'
import { type TestDatabase, testDatabase } from '../database.ts'
import { annai, type Ran } from '../demo-process.ts'
import { PlainBrowser } from '../plain-browser.ts'
import { resultFileByHand } from '../zengin-by-hand.ts'

/**
 * The evening of a campaign, with `annai work` as it is run: processes of their own on one database and one carrier. The
 * clock is a demo's, so that it can be moved; it is moved to moments before what is to be seen and then runs by itself.
 */
const saturday = day('2026-11-28')
const closing = instantOfJst(saturday, 20)
/** Sunday is closed. */
const monday = day('2026-11-30')
const nextOpening = instantOfJst(monday, 9)
/** At four a second, more than any evening of this test sends. */
const customers = 160

let base: TestDatabase
let folder: string
let env: NodeJS.ProcessEnv
let world: World
let carrier: Carrier
/** What the carrier has taken, in that order. */
let taken: TakenMessage[]
let workers: ChildProcess[]

beforeEach(async () => {
  base = await testDatabase()
  folder = await mkdtemp(join(tmpdir(), 'annai-evening-'))
  taken = []
  workers = []
  const portal = await freePort()
  env = {
    ...process.env,
    ANNAI_DATA_DIR: folder,
    ANNAI_PORTAL_PORT: String(portal),
    ANNAI_GATEWAYS: join(folder, 'gateways.yaml'),
    ANNAI_LOG_LEVEL: 'error',
    DATABASE_URL: base.url,
  }
  const started = instantOfJst(saturday, 19, 49)
  await sql`insert into demo (clock_offset_ms, last_now, site_address)
    values (${started.getTime() - Date.now()}, ${started}, ${`http://localhost:${portal}/v`})`.execute(base.db)
  await openKeys({ dataDir: folder, create: true })
  world = await openWorld(readSettings({ ...env, ANNAI_GATEWAYS: '' }))
  const journal = {
    taken: async (message: TakenMessage) => {
      taken.push(message)
    },
    ended: async () => {},
    acknowledged: async () => {},
  }
  carrier = await startCarrier({ now: () => world.clock.now(), runId: 'evening-', journal })
  await takeInCustomers()
}, 120_000)

afterEach(async () => {
  await Promise.all(workers.map((worker) => end(worker, 'SIGKILL')))
  await carrier.close()
  await world.close()
  await base.drop()
  await rm(folder, { recursive: true, force: true })
}, 120_000)

test('a campaign started at 19:50 stops at 20:00 and goes on when the next allowed morning opens', async () => {
  await writeGateways({ binds: 2, ratePerSecond: 4 })
  const [first] = await Promise.all([work(), work()])
  await moveTo(instantOfJst(saturday, 19, 50))
  const campaignId = await startCampaign()
  await expect.poll(() => sendersOf(3), patience).toBe(2)

  await moveTo(instantOfJst(saturday, 19, 55))
  await end(first, 'SIGKILL')
  const killedAt = notices().length
  // Whoever came first may have held both binds for a moment.
  const bindsSoFar = sendersOf(1)
  await expect.poll(() => notices().length, { ...patience, timeout: 5_000 }).toBeGreaterThan(killedAt + 3)
  // The bind of the dead one is taken over, too.
  await expect.poll(() => sendersOf(1), patience).toBe(bindsSoFar + 1)

  await moveTo(new Date(closing.getTime() - 3_000))
  await expect.poll(() => world.clock.now() > closing, patience).toBe(true)
  await sleep(1_500)
  const inTheEvening = notices()
  expect(inTheEvening.length).toBeLessThan(customers)
  for (const { submittedAt, validUntil } of inTheEvening) {
    expect(validUntil).toEqual(closing)
    // The way to the carrier takes a moment.
    expect(submittedAt.getTime()).toBeLessThan(closing.getTime() + 500)
  }
  expect(await shown(campaignId)).toContain('state    時間外（次 2026-11-30T09:00:00+09:00）')

  await moveTo(instantOfJst(saturday, 20, 10))
  const promising = await somebodyUnsent(campaignId)
  // The killed worker comes back, and from now on the carrier takes more in a second.
  await writeGateways({ binds: 2, ratePerSecond: 400, windowMax: 100 })
  await Promise.all([promiseOnTheSite(promising), work()])
  await moveTo(new Date(nextOpening.getTime() - 2_000))
  expect(notices()).toHaveLength(inTheEvening.length)
  await expect.poll(() => unsentOf(campaignId), { ...patience, timeout: 30_000 }).toBe(0)

  const inTheMorning = notices().slice(inTheEvening.length)
  for (const { submittedAt, validUntil } of inTheMorning) {
    expect(submittedAt.getTime()).toBeGreaterThanOrEqual(nextOpening.getTime())
    expect(validUntil).toEqual(instantOfJst(monday, 20))
  }
  const phones = notices().map(({ to }) => to)
  expect(phones).toEqual([...new Set(phones)])
  expect(phones).not.toContain(promising.phone)
  await expectToAddUp(campaignId, { excludedSince: { 'live-promise': 1 } })
  const [line] = await Promise.all([shown(campaignId), expectReasonToBeRead(promising)])
  expect(line).toContain('state    完了')
}, 120_000)

test('with one bind the second worker stands by, and takes over within seconds when the first is killed', async () => {
  await writeGateways({ binds: 1, ratePerSecond: 4 })
  const first = await work()
  await moveTo(instantOfJst(saturday, 19, 50))
  const campaignId = await startCampaign()
  await expect.poll(() => notices().length, patience).toBeGreaterThan(3)
  await work()

  const paused = await run('outreach', 'pause', campaignId, '--reason', '文面の確認')
  expect(paused).toMatchObject({ code: 0, err: expect.stringMatching(/^停止しました（\d+\.\d 秒、送信途中 0 件）\n$/) })
  const whenPaused = notices().length
  await sleep(1_000)
  expect(notices()).toHaveLength(whenPaused)
  expect(await shown(campaignId)).toMatch(/state {4}一時停止（2026-11-28T19:5.:.. ?.* 文面の確認）/)
  expect(await run('outreach', 'resume', campaignId)).toMatchObject({ code: 0, err: '再開しました。\n' })
  await expect.poll(() => notices().length, patience).toBeGreaterThan(whenPaused + 3)
  expect(sendersOf(1)).toBe(1)

  await end(first, 'SIGKILL')
  const killedAt = notices().length
  await expect.poll(() => notices().length, { ...patience, timeout: 15_000 }).toBeGreaterThan(killedAt + 3)
  expect(sendersOf(1)).toBe(2)

  const cancelled = await run('outreach', 'cancel', campaignId, '--yes', '--reason', '文面の誤り')
  expect(cancelled).toMatchObject({ code: 0, err: expect.stringContaining('中止しました') })
  const whenCancelled = notices().length
  await sleep(1_000)
  expect(notices()).toHaveLength(whenCancelled)
  const phones = notices().map(({ to }) => to)
  expect(phones).toEqual([...new Set(phones)])
  const { count } = (await showCampaign(world, campaignId)) ?? {}
  expect(count?.excludedSince.cancelled).toBeGreaterThan(0)
  await expectToAddUp(campaignId, { unsent: 0 })
}, 120_000)

const patience = { timeout: 20_000, interval: 50 }

const notices = (): readonly TakenMessage[] => taken.filter(({ text }) => text.includes('/v') && !/#\d+$/.test(text))

/** Connections over which at least so many came. */
const sendersOf = (least: number): number => carrier.arrivals().filter(({ atMs }) => atMs.length >= least).length

const moveTo = async (to: Date): Promise<void> => {
  await world.demoClock?.set(to)
  // Other processes look at it twice a second.
  await sleep(600)
}

const work = async (): Promise<ChildProcess> => {
  const worker = spawn(annai, ['work'], { env, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
  workers.push(worker)
  let said = ''
  await new Promise<void>((resolve, reject) => {
    worker.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text
      if (said.includes('Working')) resolve()
    })
    worker.once('exit', (code) => reject(new Error(`work ended with ${code}: ${said}`)))
  })
  return worker
}

const end = async (child: ChildProcess, signal: NodeJS.Signals): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill(signal)
  await ended
}

const run = (...args: readonly string[]): Promise<Ran> =>
  new Promise((resolve) => {
    execFile(annai, [...args], { env, cwd: folder, maxBuffer: 1 << 26 }, (error, out, err) =>
      resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : 1, out, err }),
    )
  })

const writeGateways = async (share: {
  readonly binds: number
  readonly ratePerSecond: number
  readonly windowMax?: number
}): Promise<void> => {
  const account = { kind: 'smpp', host: '127.0.0.1', port: carrier.port, systemId: 'annai', password: 'annai' }
  const path = join(folder, 'gateways.yaml')
  await writeFile(path, stringify({ gateways: { carrier: { ...account, ...share } } }))
  await chmod(path, 0o600)
}

type Person = { readonly number: string; readonly phone: string }

const personOf = (index: number): Person => ({
  number: `66${String(index).padStart(6, '0')}`,
  phone: `0900666${String(index).padStart(4, '0')}`,
})
const typed = { family: 'テスト', given: 'ハナコ', birthDate: '19900101' }

const act = () => ({ by: 'cli:test' as const, now: world.clock.now() })

const takeInCustomers = async (): Promise<void> => {
  const people = Array.from({ length: customers }, (_, index) => personOf(index))
  const header =
    'customer_number,kana_family_name,kana_given_name,birth_date,mobile_number,contract_number,product,excluded'
  const rows = people.map(({ number, phone }) => `${number},テスト,ハナコ,1990-01-01,${phone},L${number},shopping,0`)
  const master = bytesSource('customers.csv', Buffer.from([header, ...rows, ''].join('\r\n')))
  expect(await importCustomers(world, master, { ...act(), writeRejected: async () => {} })).toMatchObject({
    kind: 'imported',
    report: { rejected: 0 },
  })
  const debits = people.map(({ number }) => ({ customerNumber: number, amount: 12_300, result: '1' }))
  const file = bytesSource('result.txt', resultFileByHand('2026-11-26', debits))
  expect(await importDebits(world, file, { ...act(), received: dayInJst(world.clock.now()) })).toMatchObject({
    kind: 'imported',
  })
}

const startCampaign = async (): Promise<string> => {
  const { campaign } = await planCampaign(world, act())
  expect(campaign.planned).toBe(customers)
  expect(await approveCampaign(world, { id: campaign.id, ...act() })).toMatchObject({ kind: 'approved' })
  return campaign.id
}

const unsentOf = async (campaignId: string) => (await showCampaign(world, campaignId))?.count.unsent

const expectToAddUp = async (campaignId: string, expected: object): Promise<void> => {
  const { count } = (await showCampaign(world, campaignId)) ?? {}
  expect(count).toMatchObject({ target: customers, ...expected })
  if (count !== undefined) expect(count.sent + count.excluded + count.failed + count.unsent).toBe(customers)
}

const shown = async (campaignId: string): Promise<string> => {
  const { code, out, err } = await run('outreach', 'show', campaignId)
  expect({ code, err }).toEqual({ code: 0, err: '' })
  return out
}

const somebodyUnsent = async (campaignId: string): Promise<Person> => {
  const { rows } = await sql<{ number: string }>`
    select k.customer_number as number from message_states s join customers k on k.id = s.customer_id
    where s.queue_id = ${campaignId} and s.state = 'queued' order by s.message_id desc limit 1`.execute(base.db)
  return personOf(Number(rows[0]?.number.slice(2)))
}

/** As the customer does it, at night: a code is asked for, so it comes. */
const promiseOnTheSite = async ({ phone }: Person): Promise<void> => {
  const site = await startSite(world, openLog('silent'))
  try {
    const browser = new PlainBrowser({ address: `http://127.0.0.1:${site.port}` })
    await browser.open('/v/identity')
    await browser.send('/v/identity', { ...typed, phone })
    const codeOf = () => carrier.messages({ to: phone })[0]?.text.match(/#(\d{4})$/)?.[1]
    await expect.poll(codeOf, patience).toMatch(/^\d{4}$/)
    await browser.send('/v/code', { code: codeOf() ?? '' })
    await browser.open('/v/promise?day=2026-11-29')
    const { html } = await browser.send('/v/promise')
    expect(html).toContain('お支払いのご予定を承りました')
  } finally {
    await site.close()
  }
}

const expectReasonToBeRead = async ({ number, phone }: Person): Promise<void> => {
  const listed = await run('message', 'list', number, '--json')
  const [, notice] = JSON.parse(listed.out) as readonly { readonly id: string; readonly class: string }[]
  const { code, out } = await run('message', 'show', notice?.id ?? '')
  expect(code).toBe(0)
  expect(out).toContain('state    excluded live-promise: the customer has promised a day, and it is not over')
  expect(out).toMatch(/2026-11-30T09:00:.*excluded.*live-promise/)
  expect(out).toMatch(/pass +legal-hold/)
  expect(out).toMatch(/exclude +live-promise +\{"quietUntil":"2026-1.-.."\} +社内規則（貸金業法21条1項2号に準拠）/)
  expect(out + listed.out).not.toContain(phone.slice(1))
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
