import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { inTransaction, sql } from '#platform/database/database'
import type { Gateway } from '#platform/gateways/gateway'
import { openSmppSession } from '#platform/gateways/smpp-session'
import { systemTimers } from '#platform/gateways/timers'
import { firstIdAt, newId } from '#platform/ids'
import { openVault } from '#platform/vault/vault'
import { phone } from '#values/phone'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { type Carrier, type CarrierOptions, startCarrier } from '../sandbox/carrier.ts'
import type { Bind } from './bind.ts'
import { type GatewayWatch, watchGateways } from './gateway-watch.jobs.ts'
import { appendLines, type LogLine, listLines } from './log.store.ts'
import { openOutbox } from './outbox.store.ts'
import type { ClaimedMessage } from './outbox.ts'
import { openPace } from './pace.rules.ts'
import { queueMessage } from './queue.store.ts'
import { openReceiptKeeper } from './receipts.jobs.ts'
import { type TurnWorld, takeTurn } from './turn.jobs.ts'
import { insertBinds, insertWorker, listLeases, takeLease } from './worker.store.ts'

/** Two gateways, east before west, as all nodes see them in the database. */
let base: TestDatabase
let now: Date
let watch: GatewayWatch
let count = 0

beforeAll(async () => {
  base = await testDatabase()
})
afterAll(() => base.drop())
beforeEach(async () => {
  now = new Date('2026-11-25T02:00:00Z')
  await sql`truncate messages, message_events, retries, claims, claim_ends, gateway_leases, gateway_states, gateway_minutes,
    message_bodies, receipts`.execute(base.ownerDb)
  watch = another()
})

const routes = { code: ['east', 'west'], notice: ['east', 'west'], receipt: ['east'] } as const
const worker = '00000000-0000-7000-8000-0000000000aa'
const another = () => watchGateways({ db: base.db, routes, monotonicMs: () => now.getTime() })
const stateOf = (gateway: string) => {
  const { kind, weight } = watch.states().get(gateway) ?? {}
  return { kind, weight }
}

const bound = (...gateways: readonly string[]) =>
  sql`
    insert into gateway_leases (gateway, bind, worker, epoch, beat, is_bound)
    select name, 1, ${worker}, 1, 1, name = any (${[...gateways]}::text[]) from unnest('{east, west}'::text[]) as g (name)
    on conflict (gateway, bind) do update set beat = gateway_leases.beat + 1, is_bound = excluded.is_bound`.execute(
    base.db,
  )

/** Time goes on; both binds live. */
const later = async (ms: number, gateways: readonly string[] = ['east', 'west']): Promise<void> => {
  now = new Date(now.getTime() + ms)
  await bound(...gateways)
  await watch.look(now)
}

const minuteMs = 60_000
const well = { kind: 'well', weight: 1 }

/** Messages of a gateway, each with these lines, that long after now. */
const messages = async (
  many: number,
  gateway: string,
  ...lines: readonly (Pick<LogLine, 'state' | 'blame'> & { afterMs?: number })[]
) => {
  const made = Array.from({ length: many }, () => {
    const id = `${firstIdAt(now).slice(0, 24)}${(++count).toString(16).padStart(12, '0')}`
    return { messageId: id, gateway }
  })
  for (const { afterMs = 0, ...line } of lines)
    await appendLines(
      base.db,
      line.state === 'submitted' ? await take(made) : made.map((one) => ({ ...one, ...line })),
      new Date(now.getTime() + afterMs),
    )
}

/** The end of a claim tells of every second one, as of those that were taken in one part; of the others lines do. */
const take = async (made: readonly { readonly messageId: string; readonly gateway: string }[]) => {
  const [{ messageId, gateway } = { messageId: '', gateway: '' }] = made
  const ids = made.map((one) => one.messageId)
  await sql`
    with claimed as (
      insert into claims (queue_id, stream, number, to_position, worker, slot, message_ids, gateway, at)
      values (${messageId}, '', 1, 1, ${worker}, 'slot', ${ids}::uuid[], ${gateway}, ${now})
    )
    insert into claim_ends (queue_id, stream, number, gateway, carrier_ids, at)
    values (${messageId}, '', 1, ${gateway}, ${ids.map((id, at) => (at % 2 === 0 ? id : null))}::text[], ${now})`.execute(
    base.db,
  )
  return made.filter((_, at) => at % 2 === 1).map((one) => ({ ...one, state: 'submitted' }) as const)
}

describe('a gateway', () => {
  test('of which nothing is known carries all, and one that nobody has bound nothing', async () => {
    await later(0, ['east'])
    expect([stateOf('east'), stateOf('west')]).toEqual([well, { kind: 'away', weight: 0 }])
  })

  test('whose lease has not been told of for seconds counts as not bound', async () => {
    await later(0)
    now = new Date(now.getTime() + 3_001)
    await watch.look(now)
    expect(stateOf('east')).toEqual({ kind: 'away', weight: 0 })
  })

  test.each<[string, number, Pick<LogLine, 'state' | 'blame'>, string]>([
    [
      'is demoted for more than 50 errors of its own in a minute',
      51,
      { state: 'refused', blame: 'gateway' },
      'demoted',
    ],
    ['is demoted for lost answers, too', 51, { state: 'unknown', blame: 'gateway' }, 'demoted'],
    ['bears 50 of them', 50, { state: 'refused', blame: 'gateway' }, 'well'],
    ['is not blamed for the numbers it is given', 200, { state: 'refused', blame: 'message' }, 'well'],
  ])('%s', async (_, many, line, kind) => {
    await later(0)
    await messages(many, 'east', line)
    await later(1_000)
    expect([stateOf('east').kind, stateOf('west').kind]).toEqual([kind, 'well'])
  })

  test('comes back by a tenth and doubles with every good minute', async () => {
    await later(0)
    await messages(51, 'east', { state: 'refused', blame: 'gateway' })
    await later(1_000)
    expect(stateOf('east')).toEqual({ kind: 'demoted', weight: 0 })
    const weights: unknown[] = []
    for (let step = 0; step < 12; step++) {
      await later(minuteMs / 2)
      weights.push(stateOf('east').weight)
    }
    expect(weights).toEqual([0, 0.1, 0.1, 0.2, 0.2, 0.4, 0.4, 0.8, 0.8, 1, 1, 1])
    expect(stateOf('east')).toEqual(well)
  })

  test('on its way back may make only its share of errors', async () => {
    await later(0)
    await messages(51, 'east', { state: 'refused', blame: 'gateway' })
    await later(1_000)
    await later(minuteMs)
    await messages(6, 'east', { state: 'refused', blame: 'gateway' })
    await later(1_000)
    expect(stateOf('east').kind).toBe('demoted')
  })

  const taken = { state: 'submitted' } as const
  const soon = { state: 'delivered', afterMs: 4 * minuteMs } as const
  const late = { state: 'delivered', afterMs: 6 * minuteMs } as const

  test.each([
    ['is demoted for every seventh receipt that is slow', 17, 3, 'demoted'],
    ['bears every eighth', 21, 3, 'well'],
    ['is not judged by a handful', 15, 4, 'well'],
  ])('%s', async (_, quick, slow, kind) => {
    await later(0)
    await messages(quick, 'east', taken, soon)
    await messages(slow, 'east', taken, late)
    await messages(20, 'west', taken, soon)
    await later(5 * minuteMs)
    expect(stateOf('east').kind).toBe('well')
    await later(minuteMs)
    expect([stateOf('east').kind, stateOf('west').kind]).toEqual([kind, 'well'])
  })

  test('forgets slow receipts after a quarter of an hour', async () => {
    await later(0)
    await messages(17, 'east', taken, soon)
    await messages(3, 'east', taken, late)
    await later(6 * minuteMs)
    await later(8 * minuteMs)
    expect(stateOf('east').kind).toBe('demoted')
    await later(minuteMs)
    expect(stateOf('east')).toEqual({ kind: 'coming-back', weight: 0.1 })
  })

  test('that gives no receipts at all is not judged by them', async () => {
    await later(0)
    await messages(100, 'east', taken)
    await messages(100, 'west', taken, soon)
    for (let minute = 0; minute < 10; minute++) await later(minuteMs)
    expect([stateOf('east'), stateOf('west')]).toEqual([well, well])
  })

  test('that once gave receipts and stops is', async () => {
    await later(0)
    await messages(20, 'east', taken, soon)
    await later(minuteMs)
    await messages(20, 'east', taken)
    for (let minute = 0; minute < 6; minute++) await later(minuteMs)
    expect(stateOf('east').kind).toBe('demoted')
  })

  test('is judged once for all nodes, and each minute once', async () => {
    await later(0)
    await messages(17, 'east', taken, soon)
    await messages(3, 'east', taken, late)
    await later(6 * minuteMs)
    const one = watch
    watch = another()
    expect(await watch.look(now)).toBe(0)
    expect(watch.states().get('east')).toEqual(one.states().get('east'))
    const { rows } = await sql`select gateway, judged, slow from gateway_minutes`.execute(base.db)
    expect(rows).toEqual([{ gateway: 'east', judged: 20, slow: 3 }])
  })
})

describe('with two gateways', () => {
  const fresh = (lane: 'code' | 'campaign') => ({ queueId: worker, lane }) as const
  const message = (messageClass: 'code' | 'notice', id: number, tries: readonly string[] = []) =>
    ({ messageId: `id ${id}`, class: messageClass, tries }) as unknown as ClaimedMessage
  const mayTake = (stream: Parameters<GatewayWatch['mayTake']>[1]) =>
    ['east', 'west'].filter((name) => watch.mayTake(name, stream))
  const retryAt = (gateway: string) => ({ ...fresh('code'), retry: { gateway, delay: 'throttled' } }) as const

  test('the preferred takes what is fresh, each its own retries', async () => {
    await later(0)
    expect([mayTake(fresh('code')), mayTake(fresh('campaign'))]).toEqual([['east'], ['east']])
    expect([mayTake(retryAt('east')), mayTake(retryAt('west'))]).toEqual([['east'], ['west']])
  })

  test('the other takes over what is fresh and what waits when the first is away', async () => {
    await later(0, ['west'])
    expect([mayTake(fresh('code')), mayTake(retryAt('east'))]).toEqual([['west'], ['east', 'west']])
  })

  test('a demoted one takes nothing that is fresh, and a returning one its share of messages and pace', async () => {
    await later(0)
    await messages(51, 'east', { state: 'refused', blame: 'gateway' })
    await later(1_000)
    expect([mayTake(fresh('code')), watch.paceShareOf('west')]).toEqual([['west'], 1])
    await later(minuteMs)
    expect([mayTake(fresh('code')), watch.paceShareOf('east')]).toEqual([['east', 'west'], 0.1])
    const gone = Array.from({ length: 400 }, (_, id) => watch.nextGateway(message('notice', id), 'west').gateway)
    expect(gone.filter((name) => name === 'east').length).toBeGreaterThan(0)
    expect(gone.filter((name) => name === 'east').length).toBeLessThan(400 * 0.2)
  })

  test('alone, even a demoted one carries all at full pace', async () => {
    await later(0, ['east'])
    await messages(51, 'east', { state: 'refused', blame: 'gateway' })
    await later(1_000, ['east'])
    expect([stateOf('east').kind, mayTake(fresh('code')), watch.paceShareOf('east')]).toEqual(['demoted', ['east'], 1])
  })

  test('what one did not take: a code goes to the other at once, a notice after its delay', async () => {
    await later(0)
    expect(watch.nextGateway(message('code', 1), 'east')).toEqual({ gateway: 'west', isAtOnce: true })
    expect(watch.nextGateway(message('notice', 1), 'east')).toEqual({ gateway: 'west', isAtOnce: false })
    // Both have been tried: from then on it waits as it was asked to.
    expect(watch.nextGateway(message('code', 1, ['east']), 'west')).toEqual({ gateway: 'east', isAtOnce: false })
  })

  test('when a code had to leave the first gateway, the next ones do not wait for it, for a while', async () => {
    await later(0)
    watch.nextGateway(message('notice', 1), 'east')
    expect(mayTake(fresh('code'))).toEqual(['east'])
    watch.nextGateway(message('code', 1), 'east')
    expect([mayTake(fresh('code')), mayTake(fresh('campaign'))]).toEqual([['east', 'west'], ['east']])
    await later(1_000, ['east'])
    expect(mayTake(fresh('code'))).toEqual(['east'])
    await later(4_000)
    expect(mayTake(fresh('code'))).toEqual(['east'])
  })
})

describe('a code that the first gateway does not take', () => {
  const vault = openVault({ derive: (label) => Buffer.from(label.padEnd(32, '.').slice(0, 32)) })
  let east: Carrier
  let west: Carrier
  let open: Gateway[]
  let runs = 0

  const carrier = (options: Partial<CarrierOptions> = {}) =>
    startCarrier({ now: () => now, runId: `run${++runs}-`, deliveryMs: 0, tickMs: 5, ...options })
  const session = (at: Carrier): Gateway => {
    const opened = openSmppSession({
      host: '127.0.0.1',
      port: at.port,
      systemId: 'annai',
      password: 'annai',
      responseTimeoutMs: 300,
      backOffMinMs: 20,
      drainMs: 50,
    })
    open.push(opened)
    return opened
  }

  beforeEach(async () => {
    open = []
    ;[east, west] = [await carrier(), await carrier()]
  })
  afterEach(async () => {
    await Promise.all(open.map((gateway) => gateway.close()))
    await Promise.all([east.close(), west.close()])
  })

  /** The real sender over both; what it takes until the code has found its way or given it up. */
  const sendCode = async (disturb: (eastern: Gateway) => Promise<void> = async () => {}) => {
    const gateways = { east: session(east), west: session(west) }
    await Promise.all(Object.values(gateways).map((gateway) => gateway.whenReady()))
    const outbox = openOutbox({
      db: base.db,
      vault,
      gateways: ['east', 'west'],
      decideRelease: async (_, due) => new Map(due.map(({ messageId }) => [messageId, { kind: 'send' }])),
      listPhones: async (_, __, ids) => new Map(ids.map((id) => [id, phone('+819001234567')])),
    })
    const clock = { now: () => now }
    const w: TurnWorld = {
      outbox,
      receipts: openReceiptKeeper({ outbox, clock, timers: systemTimers }),
      clock,
      timers: systemTimers,
      checkFinalText: () => undefined,
      campaignsMayLeave: () => true,
      nextGateway: (...of) => watch.nextGateway(...of),
      mayTake: (...of) => watch.mayTake(...of),
    }
    const node = newId(now)
    await insertWorker(base.db, node, now)
    await insertBinds(
      base.db,
      Object.keys(gateways).map((gateway) => ({ gateway, bind: 1 })),
    )
    const binds: Bind[] = []
    for (const lease of await listLeases(base.db)) {
      const epoch = await inTransaction(base.db, (tx) => takeLease(tx, lease, node))
      const pace = openPace({ perSecond: 100, monotonicMs: () => performance.now(), timers: systemTimers })
      const gateway = gateways[lease.gateway as keyof typeof gateways]
      binds.push({
        worker: node,
        name: lease.gateway,
        number: 1,
        epoch: epoch ?? 0,
        gateway,
        pace,
        mayAct: () => true,
        isLeaving: () => false,
      })
    }
    await later(0)
    await disturb(gateways.east)
    const code = {
      class: 'code',
      customerId: newId(now),
      phoneValue: Buffer.alloc(32),
      sender: '0570055877',
      partCount: 1,
    } as const
    const messageId = await inTransaction(base.db, (tx) =>
      queueMessage(tx, vault, { ...code, text: '認証番号:1234' }, now),
    )
    const beganMs = performance.now()
    const startedAt = now
    // A second of our clock a round, as long as a code may take; nothing waits for real time but the wire.
    for (let second = 0; second < 10; second++) {
      for (const bind of binds) await takeTurn(w, bind, 'code', `${bind.name} code`)
      const isBound = binds.filter(({ gateway }) => gateway.health().state === 'bound').map(({ name }) => name)
      await later(1_000, isBound)
    }
    expect(performance.now() - beganMs).toBeLessThan(10_000)
    const lines = await listLines(base.db, messageId)
    return lines.map(
      ({ state, gateway, at }) => `${state} ${gateway} ${(at.getTime() - startedAt.getTime()) / 1_000} s`,
    )
  }

  const arrived = () => [east.messages().length, west.messages().length]

  test.each<[string, Partial<CarrierOptions>]>([
    ['because it is too much', { weather: { submits: { throttled: 1 } } }],
    ['because its queue is full', { weather: { submits: { 'queue-full': 1 } } }],
    ['for a trouble of its own', { weather: { submits: { 'system-error': 1 } } }],
  ])('%s is with the second at once', async (_, options) => {
    await east.close()
    east = await carrier(options)
    expect(await sendCode()).toEqual([
      'sending east 0 s',
      'requeued east 0 s',
      'sending west 0 s',
      'submitted west 0 s',
    ])
    expect(arrived()).toEqual([0, 1])
  })

  test('because its connection is gone is with the second within seconds', async () => {
    const lines = await sendCode(async () => {
      east.setMood('down')
      east.cutConnections()
    })
    const submitted = lines.find((line) => line.startsWith('submitted'))
    expect(submitted).toMatch(/^submitted west [0-4] s$/)
    expect(lines.filter((line) => line.startsWith('submitted'))).toHaveLength(1)
    expect(arrived()).toEqual([0, 1])
  })

  test('or has perhaps taken is never with the second', async () => {
    await east.close()
    east = await carrier({ weather: { submits: { unanswered: 1 }, receipts: { none: 1 } } })
    expect(await sendCode()).toEqual(['sending east 0 s', 'unknown east 0 s'])
    expect(arrived()).toEqual([1, 0])
  })

  test('or has perhaps heard before the connection was cut is never with the second', async () => {
    await east.close()
    east = await carrier({ weather: { submits: { 'cut-before': 1 } } })
    expect(await sendCode()).toEqual(['sending east 0 s', 'unknown east 0 s'])
    expect(arrived()).toEqual([0, 0])
  })
})
