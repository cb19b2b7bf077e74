import { afterEach, describe, expect, test, vi } from 'vitest'
import { phone } from '#values/phone'
import { type HttpCarrier as LocalCarrier, type Reply, startHttpCarrier } from '../../../test/http-carrier.ts'
import type { Receipt } from './gateway.ts'
import { askInFlight } from './http-flight.ts'
import { type HttpCarrier, HttpGateway, type HttpGatewayOptions } from './http-gateway.ts'
import { outcomeOfStatus, statusOfHttp } from './http-status.ts'

const now = new Date('2026-11-24T10:00:00Z')

const cleanUp: (() => unknown)[] = []
afterEach(async () => {
  for (const clean of cleanUp.splice(0).reverse()) await clean()
})

/** The plainest carrier: 202 and an id, or a refusal. */
const plainCarrier = (base: string): HttpCarrier => ({
  validity: { unitMs: 1_000, min: 5, max: 600 },
  load: async (http) => async (part, validity) => {
    const limit = validity.kind === 'limited' ? `?for=${validity.units}` : ''
    const request = { url: `${base}/${part.reference}${limit}`, method: 'POST', headers: {}, body: part.part.text }
    const { status, body } = await askInFlight(http, request)
    return status === 202 ? { kind: 'submitted', carrierId: body.toString() } : outcomeOfStatus(statusOfHttp(status))
  },
})

const accepted: Reply = { status: 202, body: 'id-1' }

async function gatewayTo(first: Reply, options: HttpGatewayOptions = {}) {
  const carrier = await startHttpCarrier(first)
  cleanUp.push(() => carrier.close())
  const { gateway, receipts, submit } = gatewayOver(plainCarrier(carrier.base), options)
  await gateway.whenReady()
  return { carrier, gateway, receipts, submit }
}

function gatewayOver(carrier: HttpCarrier, options: HttpGatewayOptions) {
  const gateway = new HttpGateway(carrier, {
    now: () => now,
    responseTimeoutMs: 2_000,
    backOffMinMs: 20,
    backOffMaxMs: 40,
    drainMs: 50,
    ...options,
  })
  cleanUp.push(() => gateway.close())
  const receipts: Receipt[] = []
  gateway.onReceipt(async (receipt) => void receipts.push(receipt))
  return { gateway, receipts, submit: submitOver(gateway) }
}

const submitOver =
  (gateway: HttpGateway) =>
  (reference = 1, validUntil?: Date) => {
    const [part] = gateway.split('お知らせ')
    if (part === undefined) throw new Error('a text has a part')
    const to = phone('+819001234567')
    return gateway.submit({ to, from: '0570000000', part, reference, ...(validUntil ? { validUntil } : {}) })
  }

const until = (carrier: LocalCarrier, asked: number) => expect.poll(() => carrier.asked.length).toBe(asked)

test('a text goes whole, however long', async () => {
  const { gateway } = await gatewayTo(accepted)
  const text = 'あ'.repeat(500)
  expect(gateway.split(text)).toEqual([{ text, alphabet: 'ucs-2', number: 1, of: 1 }])
})

test('a part that is taken has the carrier’s id', async () => {
  const { submit, gateway } = await gatewayTo(accepted)
  expect(await submit()).toEqual({ kind: 'submitted', carrierId: 'id-1' })
  expect(gateway.health()).toEqual({ state: 'bound', outstanding: 0, failedTries: 0 })
})

describe('its validity', () => {
  test('goes with it, rounded down', async () => {
    const { submit, carrier } = await gatewayTo(accepted)
    await submit(1, new Date(now.getTime() + 300_900))
    expect(carrier.asked.map(({ path }) => path)).toEqual(['/1?for=300'])
  })

  test('that is less than the carrier takes sends nothing', async () => {
    const { submit, carrier } = await gatewayTo(accepted)
    const outcome = await submit(1, new Date(now.getTime() + 4_999))
    expect(outcome).toMatchObject({ kind: 'refused', status: 'EXPIRED', retry: 'never', blame: 'message' })
    expect(carrier.asked).toEqual([])
  })
})

test('no more than the window are on their way', async () => {
  const { submit, carrier, gateway } = await gatewayTo('silence', { windowMax: 2 })
  const underWay = [submit(1), submit(2)]
  await until(carrier, 2)
  expect(gateway.health().outstanding).toBe(2)
  expect(await submit(3)).toEqual({ kind: 'not-sent', because: 'window-full' })
  carrier.release(accepted)
  expect(await Promise.all(underWay)).toEqual([
    { kind: 'submitted', carrierId: 'id-1' },
    { kind: 'submitted', carrierId: 'id-1' },
  ])
})

describe('before the client library is loaded', () => {
  test('nothing is sent, and readiness waits', async () => {
    const carrier = await startHttpCarrier(accepted)
    cleanUp.push(() => carrier.close())
    const loading = Promise.withResolvers<void>()
    const plain = plainCarrier(carrier.base)
    const { gateway, submit } = gatewayOver(
      { ...plain, load: (http) => loading.promise.then(() => plain.load(http)) },
      {},
    )
    expect(gateway.health().state).toBe('connecting')
    expect(await submit()).toEqual({ kind: 'not-sent', because: 'no-bind' })
    loading.resolve()
    await gateway.whenReady()
    expect(await submit()).toMatchObject({ kind: 'submitted' })
  })

  test('a library that cannot be loaded closes the gateway', async () => {
    const load = () => Promise.reject(new Error('no such package'))
    const { gateway, submit } = gatewayOver({ ...plainCarrier('http://127.0.0.1:1'), load }, {})
    await expect(gateway.whenReady()).rejects.toThrow('no such package')
    expect(gateway.health()).toMatchObject({ state: 'closed', lastProblem: 'the client library cannot be loaded' })
    expect(await submit()).toEqual({ kind: 'not-sent', because: 'closing' })
  })
})

describe('a carrier that is not there', () => {
  test('has got nothing; after a while one part tries, and its answer lets all of them', async () => {
    const { submit, carrier, gateway } = await gatewayTo(accepted)
    const { port } = new URL(carrier.base)
    await carrier.close()
    expect(await submit(1)).toEqual({ kind: 'not-sent', because: 'no-bind' })
    expect(gateway.health()).toMatchObject({ state: 'connecting', failedTries: 1, lastProblem: 'ECONNREFUSED' })
    expect(await submit(2)).toEqual({ kind: 'not-sent', because: 'no-bind' })

    const again = await startHttpCarrier('silence', undefined, Number(port))
    cleanUp.push(() => again.close())
    await gateway.whenReady()
    const trying = submit(3)
    expect(await submit(4)).toEqual({ kind: 'not-sent', because: 'link-in-doubt' })
    await until(again, 1)
    again.answer = () => accepted
    again.release(accepted)
    expect(await trying).toMatchObject({ kind: 'submitted' })
    expect(gateway.health()).toMatchObject({ state: 'bound', failedTries: 0 })
    expect(await Promise.all([submit(5), submit(6)])).toMatchObject([{ kind: 'submitted' }, { kind: 'submitted' }])
  })

  test('is waited for longer each time it is not there', async () => {
    const { submit, carrier, gateway } = await gatewayTo(accepted)
    await carrier.close()
    for (const failedTries of [1, 2, 3]) {
      await gateway.whenReady()
      expect(await submit()).toMatchObject({ kind: 'not-sent' })
      expect(gateway.health().failedTries).toBe(failedTries)
    }
  })

  test('is one failure for all the parts that found it gone', async () => {
    const { submit, carrier, gateway } = await gatewayTo('silence')
    const underWay = [submit(1), submit(2), submit(3)]
    await until(carrier, 3)
    carrier.release('reset')
    expect(await Promise.all(underWay)).toEqual(Array(3).fill({ kind: 'doubtful', because: 'dropped' }))
    expect(gateway.health()).toMatchObject({ failedTries: 1 })
  })
})

describe('a part that got no answer', () => {
  test('is doubtful, and nothing more is risked until one part was answered', async () => {
    const { submit, carrier, gateway } = await gatewayTo('reset')
    expect(await submit(1)).toEqual({ kind: 'doubtful', because: 'dropped' })
    expect(gateway.health()).toMatchObject({ state: 'in-doubt', lastProblem: 'ECONNRESET' })
    expect(await submit(2)).toEqual({ kind: 'not-sent', because: 'link-in-doubt' })
    carrier.answer = () => accepted
    await gateway.whenReady()
    expect(await submit(3)).toMatchObject({ kind: 'submitted' })
    expect(gateway.health().state).toBe('bound')
  })

  test('in time is doubtful; its late answer is handed on as a receipt', async () => {
    const { submit, carrier, receipts } = await gatewayTo('silence', { responseTimeoutMs: 500 })
    expect(await submit(7)).toEqual({ kind: 'doubtful', because: 'timeout' })
    carrier.release({ status: 202, body: 'id-late' })
    await vi.waitFor(() => expect(receipts).toHaveLength(1))
    const to = '+819001234567'
    expect(receipts).toEqual([{ carrierId: 'id-late', state: 'accepted', reference: 7, to, raw: 'late answer' }])
    expect(carrier.asked).toHaveLength(1)
  })

  test('is still doubtful after a late refusal that may pass', async () => {
    const { submit, carrier, receipts } = await gatewayTo('silence', { responseTimeoutMs: 500 })
    await submit(8)
    carrier.release({ status: 403 })
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(receipts).toEqual([])
  })

  test('in time but had not left yet has surely not been sent, and never will be', async () => {
    const carrier = await startHttpCarrier(accepted)
    cleanUp.push(() => carrier.close())
    const held = Promise.withResolvers<void>()
    const plain = plainCarrier(carrier.base)
    /** Looks for credentials, say, before it asks. */
    const slow: HttpCarrier = {
      ...plain,
      load: async (http) => {
        const sending = await plain.load(http)
        return async (part, validity) => {
          await held.promise
          return sending(part, validity)
        }
      },
    }
    const { gateway, submit } = gatewayOver(slow, { responseTimeoutMs: 30 })
    await gateway.whenReady()
    expect(await submit()).toEqual({ kind: 'not-sent', because: 'no-bind' })
    held.resolve()
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(carrier.asked).toEqual([])
  })
})

describe('a library that throws', () => {
  const throwing = (base: string, when: 'before' | 'after'): HttpCarrier => ({
    ...plainCarrier(base),
    load: async (http) => async () => {
      if (when === 'after') await askInFlight(http, { url: base, method: 'POST', headers: {} })
      throw new Error('cannot read it')
    },
  })

  test.each([
    ['before it asked', 'before', { status: 200 }, { kind: 'not-sent', because: 'no-bind' }],
    ['at an acceptance', 'after', { status: 200 }, { kind: 'doubtful', because: 'dropped' }],
    ['at a refusal', 'after', { status: 403 }, { kind: 'refused', status: 'HTTP 403' }],
  ] as const)('%s', async (_, when, reply, outcome) => {
    const carrier = await startHttpCarrier(reply)
    cleanUp.push(() => carrier.close())
    const { gateway, submit } = gatewayOver(throwing(carrier.base, when), {})
    await gateway.whenReady()
    expect(await submit()).toMatchObject(outcome)
  })
})

describe('closing', () => {
  test('waits for answers under way and takes nothing new', async () => {
    const { submit, carrier, gateway } = await gatewayTo('silence', { drainMs: 2_000 })
    const underWay = submit(1)
    await until(carrier, 1)
    const closing = gateway.close()
    expect(await submit(2)).toEqual({ kind: 'not-sent', because: 'closing' })
    carrier.release(accepted)
    expect(await underWay).toMatchObject({ kind: 'submitted' })
    await closing
    expect(gateway.health().state).toBe('closed')
    await expect(gateway.whenReady()).rejects.toThrow('closed')
  })

  test('leaves what is not answered in a while as doubtful', async () => {
    const { submit, carrier, gateway } = await gatewayTo('silence', { drainMs: 20 })
    const underWay = submit(1)
    await until(carrier, 1)
    await gateway.close()
    expect(await underWay).toEqual({ kind: 'doubtful', because: 'dropped' })
  })
})
