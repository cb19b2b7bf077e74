import { afterEach, describe, expect, test } from 'vitest'
import type { PduFields } from '#platform/gateways/smpp-pdu'
import { statusOf } from '#platform/gateways/smpp-status'
import { connectClient } from '../../test/carrier-client.ts'
import { seeded } from '../../test/seeded.ts'
import { type Carrier, type CarrierOptions, startCarrier } from './carrier.ts'
import type { CarrierJournal } from './carrier-journal.ts'
import type { SubmitFate, Weather } from './carrier-weather.rules.ts'

const start = new Date('2026-11-24T10:00:00+09:00')

const cleanUp: (() => unknown)[] = []
afterEach(async () => {
  for (const clean of cleanUp.splice(0).reverse()) await clean()
})

/** A carrier in that weather, whose clocks stand still until they are moved, and a client that only looks. */
async function carrierIn(weather: Partial<Weather>, options: Partial<CarrierOptions> = {}) {
  let passedMs = 0
  const now = () => new Date(start.getTime() + passedMs)
  const taken: string[] = []
  const acknowledged: string[] = []
  const journal: CarrierJournal = {
    taken: async ({ to }) => void taken.push(to),
    ended: async () => {},
    acknowledged: async (id) => void acknowledged.push(id),
  }
  const carrier = await startCarrier({
    now,
    monotonicMs: () => passedMs,
    runId: 'r',
    tickMs: 5,
    receiptRetryMs: 5,
    journal,
    weather,
    ...options,
  })
  cleanUp.push(() => carrier.close())
  const pass = (ms: number) => {
    passedMs += ms
    return carrier.runDue(now())
  }
  return { carrier, taken, acknowledged, pass, client: await clientOf(carrier) }
}

async function clientOf(carrier: Carrier, options: Parameters<typeof connectClient>[1] = {}) {
  const client = await connectClient(carrier.port, options)
  cleanUp.push(() => client.destroy())
  return client
}

const numbers = Array.from({ length: 200 }, (_, at) => `0901${String(at).padStart(7, '0')}`)
const [someone = ''] = numbers
const stateOf = ({ message_state }: PduFields) => message_state
const idOf = ({ receipted_message_id }: PduFields) => receipted_message_id

describe('a submit that is', () => {
  test.each<[SubmitFate, string]>([
    ['throttled', 'ESME_RTHROTTLED'],
    ['queue-full', 'ESME_RMSGQFUL'],
    ['system-error', 'ESME_RSYSERR'],
    ['refused', 'ESME_RINVDSTADR'],
  ])('%s is answered %s and not taken', async (fate, word) => {
    const { carrier, client, taken } = await carrierIn({ submits: { [fate]: 1 } })
    const answer = await client.submit(someone)
    expect(answer === 'dropped' ? answer : statusOf(answer.status).word).toBe(word)
    expect(taken).toEqual([])
    expect(carrier.counts()).toMatchObject({ arrived: 1, taken: 0, submits: { [fate]: 1 } })
  })

  test.each<[SubmitFate, readonly string[]]>([
    ['cut-before', []],
    ['cut-after', [someone]],
  ])('%s hears nothing but the end of the connection', async (fate, expected) => {
    const { carrier, client, taken } = await carrierIn({ submits: { [fate]: 1 } })
    expect(await client.submit(someone)).toBe('dropped')
    expect([taken, client.torn]).toEqual([expected, 0])
    expect(carrier.counts()).toMatchObject({ arrived: 1, taken: expected.length, submits: { [fate]: 1 } })
  })

  test.each<[SubmitFate, readonly string[]]>([
    ['lost', []],
    ['unanswered', [someone]],
  ])('%s is never answered, and the connection holds', async (fate, expected) => {
    const { carrier, client, taken } = await carrierIn({ submits: { [fate]: 1 } })
    const answer = client.submit(someone)
    await expect.poll(() => carrier.counts().submits[fate]).toBe(1)
    carrier.setWeather({})
    expect(await client.submit('09012222222')).toMatchObject({ status: 0 })
    expect(await Promise.race([answer, Promise.resolve('nothing')])).toBe('nothing')
    expect(taken).toEqual([...expected, '09012222222'])
  })

  test('torn is taken, and its connection ends in the middle of the answer', async () => {
    const { carrier, taken } = await carrierIn({ submits: { torn: 1 } })
    const lengths = new Set<number>()
    for (const number of numbers.slice(0, 20)) {
      const client = await clientOf(carrier)
      expect(await client.submit(number)).toBe('dropped')
      lengths.add(client.torn)
    }
    const whole = 16 + 'r1'.length + 1
    expect([...lengths].filter((length) => length < 1 || length >= whole)).toEqual([])
    expect(lengths.size).toBeGreaterThan(5)
    expect(taken).toEqual(numbers.slice(0, 20))
  })

  test('answered late is answered, after its time', async () => {
    const { client } = await carrierIn({ answerAfterMs: { fromMs: 30, toMs: 40 } })
    const begun = performance.now()
    expect(await client.submit(someone)).toMatchObject({ status: 0 })
    expect(performance.now() - begun).toBeGreaterThanOrEqual(29)
  })

  test('to a magic number is spared', async () => {
    const { client, carrier } = await carrierIn({ submits: { lost: 1 }, ends: { expired: 1 } })
    expect(await client.submit('09000000000')).toMatchObject({ status: 0 })
    expect(carrier.counts().submits.answered).toBe(1)
  })
})

describe('a receipt', () => {
  test('comes early, before the response', async () => {
    const { client } = await carrierIn({ receipts: { early: 1 } })
    await client.submit(someone)
    expect(client.steps).toEqual(['receipt', 'response'])
  })

  test('comes late, so long after the end', async () => {
    const { client, pass, carrier } = await carrierIn({
      receipts: { late: 1 },
      receiptLateByMs: 1_000,
      deliveryMs: 100,
    })
    await client.submit(someone)
    await pass(100)
    expect(carrier.messages()).toHaveLength(1)
    expect(carrier.counts().receipts.toCome).toBe(1)
    await pass(999)
    expect(client.receipts).toEqual([])
    await pass(1)
    expect(client.receipts.map(stateOf)).toEqual([2])
    expect(carrier.counts().receipts).toMatchObject({ toCome: 0, unacknowledged: 0, acknowledged: 1 })
  })

  test('comes twice, the second time later', async () => {
    const { client, pass, acknowledged } = await carrierIn({ receipts: { twice: 1 }, receiptLateByMs: 1_000 })
    await client.submit(someone)
    await pass(300)
    expect(client.receipts.map(idOf)).toEqual(['r1'])
    await pass(1_000)
    expect(client.receipts.map(idOf)).toEqual(['r1', 'r1'])
    expect(acknowledged).toEqual(['r1', 'r1'])
  })

  test('does not come', async () => {
    const { client, pass, carrier } = await carrierIn({ receipts: { none: 1 } })
    await client.submit(someone)
    await pass(60_000)
    expect(carrier.messages()).toHaveLength(1)
    expect(client.receipts).toEqual([])
  })

  test('is overtaken by those of later messages', async () => {
    const { client, pass } = await carrierIn({ receipts: { overtaken: 0.5 } })
    for (const number of numbers) await client.submit(number)
    for (let step = 0; step < 100; step++) await pass(10)
    const ids = client.receipts.map(idOf)
    const inOrder = numbers.map((_, at) => `r${(at + 1).toString(36)}`)
    expect(ids.toSorted()).toEqual(inOrder.toSorted())
    expect(ids).not.toEqual(inOrder)
  })

  test('comes backwards: first how it ended, then that it is on its way', async () => {
    const { client, pass } = await carrierIn({ backwards: 1 })
    await client.submit(someone)
    await pass(300)
    expect(client.receipts.map(stateOf)).toEqual([2, 1])
    expect(client.receipts.map(({ esm_class }) => esm_class)).toEqual([0x04, 0x20])
  })

  test('comes for an id that nobody was given, which can be tied to no message', async () => {
    const { client, pass } = await carrierIn({ strays: 1 })
    await client.submit(someone, { user_message_reference: 7 })
    await pass(300)
    const [stray, own] = client.receipts
    expect([stray && idOf(stray), own && idOf(own)]).toEqual(['stray-r1', 'r1'])
    expect(stray?.user_message_reference).toBeUndefined()
    expect(stray?.source_addr).not.toBe(own?.source_addr)
  })

  test('says what became of the message', async () => {
    const { client, pass } = await carrierIn({ ends: { undeliverable: 0.3, expired: 0.2 } })
    for (const number of numbers) await client.submit(number)
    await pass(300)
    const shareOf = (state: number) => client.receipts.filter((each) => stateOf(each) === state).length / numbers.length
    expect(Math.abs(shareOf(5) - 0.3)).toBeLessThan(0.1)
    expect(Math.abs(shareOf(3) - 0.2)).toBeLessThan(0.1)
    expect(shareOf(2) + shareOf(3) + shareOf(5)).toBe(1)
  })

  test('breaks off in the middle with its connection, and comes again until it is heard', async () => {
    const { carrier, client, pass, acknowledged } = await carrierIn({ tornReceipts: 0.5 })
    for (const number of numbers.slice(0, 10)) await client.submit(number)
    await pass(300)
    await client.closed
    const torn: number[] = [client.torn]
    while (carrier.counts().receipts.acknowledged < 10) {
      const next = await clientOf(carrier, { as: 'bind_receiver' })
      await Promise.race([next.closed, expect.poll(() => carrier.counts().receipts.acknowledged).toBe(10)])
      torn.push(next.torn)
    }
    expect(torn.some((length) => length > 0)).toBe(true)
    expect(new Set(acknowledged).size).toBe(10)
    expect(carrier.counts().receipts.torn).toBeGreaterThan(2)
  })
})

describe('the contracted rate', () => {
  test('is kept by the carrier: whoever is faster is throttled, until a second has passed', async () => {
    const { carrier, client, pass } = await carrierIn({ ratePerSecond: 3 })
    const second = await clientOf(carrier)
    const statuses = async (count: number) => {
      const answers = await Promise.all(
        Array.from({ length: count }, (_, at) => (at % 2 === 0 ? client : second).submit(someone)),
      )
      return answers.map((answer) => (answer === 'dropped' ? answer : answer.status)).toSorted()
    }
    expect(await statuses(5)).toEqual([0, 0, 0, 0x58, 0x58])
    await pass(999)
    expect(await statuses(1)).toEqual([0x58])
    await pass(1)
    expect(await statuses(4)).toEqual([0, 0, 0, 0x58])
    const other = await clientOf(carrier, { systemId: 'other' })
    expect(await other.submit(someone)).toMatchObject({ status: 0 })
    expect(carrier.counts()).toMatchObject({
      submits: { 'over-rate': 4, answered: 7 },
      accounts: { annai: { binds: 2, bindsPeak: 2, busiestSecond: 6 }, other: { binds: 1, busiestSecond: 1 } },
    })
  })

  test('can be checked by when every submit arrived, bind by bind', async () => {
    const { carrier, client, pass } = await carrierIn({})
    const second = await clientOf(carrier)
    await client.submit(someone)
    await pass(40)
    await second.submit(someone)
    await client.submit(someone)
    const arrivals = carrier.arrivals().map(({ bind, monotonicMs, atMs }) => [bind, [...monotonicMs], [...atMs]])
    const at = (ms: number) => start.getTime() + ms
    expect(arrivals).toEqual([
      [1, [0, 40], [at(0), at(40)]],
      [2, [40], [at(40)]],
    ])
  })
})

describe('a run', () => {
  const bad: Partial<Weather> = {
    answerAfterMs: { fromMs: 0, toMs: 3 },
    submits: { throttled: 0.1, 'queue-full': 0.05, 'system-error': 0.05, refused: 0.05 },
    ends: { undeliverable: 0.2, expired: 0.1 },
    receipts: { late: 0.1, twice: 0.1, overtaken: 0.1, none: 0.1 },
    strays: 0.05,
  }

  /** What became of every submit and which receipts came for it: three submits to each of many phones. */
  async function outcomes(weather: Partial<Weather>, order: readonly string[]) {
    const { carrier, client, pass } = await carrierIn(weather)
    const numberOf = new Map<string, string>()
    const answers = new Map<string, (number | string)[]>()
    const submit = async (number: string) => {
      const answer = await client.submit(number)
      if (answer === 'dropped') throw new Error('the connection ended')
      if (answer.fields.message_id) numberOf.set(answer.fields.message_id, `${number} ${answers.get(number)?.length}`)
      answers.set(number, [...(answers.get(number) ?? []), answer.status])
    }
    for (let round = 0; round < 3; round++) await Promise.all(order.map(submit))
    await pass(60_000)
    await expect.poll(() => carrier.counts().receipts).toMatchObject({ toCome: 0, unacknowledged: 0 })
    const receipts = client.receipts.map((each) => `${numberOf.get(idOf(each) ?? '') ?? 'stray'} ${stateOf(each)}`)
    return { answers: [...answers].toSorted(), receipts: receipts.toSorted() }
  }

  test('repeats itself by its seed, whatever the order of the submits, and differs by another', async () => {
    const first = await outcomes({ ...bad, seed: 'a' }, numbers)
    expect(await outcomes({ ...bad, seed: 'a' }, seeded('order').shuffle(numbers))).toEqual(first)
    expect(await outcomes({ ...bad, seed: 'b' }, numbers)).not.toEqual(first)
  })
})
