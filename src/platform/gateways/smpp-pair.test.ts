import { afterEach, describe, expect, test } from 'vitest'
import { phone } from '#values/phone'
import { type CarrierOptions, startSmppCarrier } from '../../../test/smpp-carrier.ts'
import type { OutgoingPart, Receipt } from './gateway.ts'
import { openSmppSession, type SmppOptions } from './smpp-session.ts'

const cleanUp: (() => unknown)[] = []
afterEach(async () => {
  for (const clean of cleanUp.splice(0).reverse()) await clean()
})

const part: OutgoingPart = {
  to: phone('+819001234567'),
  from: '0570000000',
  part: { text: 'あ', alphabet: 'ucs-2', number: 1, of: 1 },
  reference: 7,
}
const receipt = { esm_class: 4, short_message: Buffer.from('id:7 stat:DELIVRD') }

async function pair(options: CarrierOptions & Partial<SmppOptions> = {}) {
  const carrier = await startSmppCarrier(options)
  cleanUp.push(() => carrier.close())
  const open = () => {
    const session = openSmppSession({
      host: '127.0.0.1',
      port: carrier.port,
      systemId: 'annai',
      password: 'secret',
      bind: 'transmitter-and-receiver',
      backOffMinMs: 5,
      backOffMaxMs: 20,
      drainMs: 50,
      ...options,
    })
    cleanUp.push(() => session.close())
    return session
  }
  return { carrier, open }
}

describe('a transmitter and a receiver', () => {
  test('share the work: one submits, the other hears receipts', async () => {
    const { carrier, open } = await pair()
    const session = open()
    const receipts: Receipt[] = []
    session.onReceipt(async (heard) => void receipts.push(heard))
    await session.whenReady()
    expect(await session.submit(part)).toMatchObject({ kind: 'submitted' })
    expect(carrier.connection('bind_transmitter').heard.map(({ command }) => command)).toEqual(['submit_sm'])
    expect(await carrier.connection('bind_receiver').deliver(receipt)).toMatchObject({ status: 0 })
    expect(carrier.connection('bind_receiver').heard).toEqual([])
    expect(receipts).toMatchObject([{ carrierId: '7', state: 'delivered' }])
    expect(carrier.connections).toHaveLength(2)
  })

  test.each(['bind_receiver', 'bind_transmitter'] as const)('are not ready before the %s is answered', async (bind) => {
    const { carrier, open } = await pair()
    carrier.holdBinds([bind])
    const session = open()
    await expect.poll(() => carrier.connections.filter((connection) => connection.bind).length).toBe(2)
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(session.health()).toMatchObject({ state: 'connecting' })
    expect(await session.submit(part)).toEqual({ kind: 'not-sent', because: 'no-bind' })
    carrier.holdBinds([])
    await session.whenReady()
    expect(session.health()).toEqual({ state: 'bound', outstanding: 0, failedTries: 0 })
  })

  test('go on without the receiver, say so, and get it back', async () => {
    const { carrier, open } = await pair()
    const session = open()
    session.onReceipt(async () => {})
    await session.whenReady()
    carrier.holdBinds(['bind_receiver'])
    carrier.connection('bind_receiver').cut()
    await expect.poll(() => session.health().isDeaf).toBe(true)
    expect(session.health()).toMatchObject({ state: 'bound', failedTries: 1 })
    expect(session.health().lastProblem).toMatch(/^receiver: /)
    expect(await session.submit(part)).toMatchObject({ kind: 'submitted' })
    await expect.poll(() => carrier.connections.filter(({ bind }) => bind === 'bind_receiver').length).toBe(2)
    carrier.holdBinds([])
    await expect.poll(() => session.health().isDeaf).toBeUndefined()
    expect(await carrier.connection('bind_receiver').deliver(receipt)).toMatchObject({ status: 0 })
    expect(carrier.connections.filter(({ bind }) => bind === 'bind_transmitter')).toHaveLength(1)
  })

  test('name the problem of the one that is away, whatever happened to the other before', async () => {
    const { carrier, open } = await pair()
    const session = open()
    await session.whenReady()
    const lose = async (bind: 'bind_receiver' | 'bind_transmitter') => {
      carrier.holdBinds([bind])
      carrier.connection(bind).cut()
      const whose = bind === 'bind_receiver' ? 'receiver' : 'transmitter'
      await expect.poll(() => session.health().lastProblem).toMatch(new RegExp(`^${whose}: `))
      carrier.holdBinds([])
      await expect.poll(() => [session.health().state, session.health().isDeaf]).toEqual(['bound', undefined])
    }
    await lose('bind_transmitter')
    await lose('bind_receiver')
    await lose('bind_transmitter')
  })

  test('wait for each other again once the transmitter was lost', async () => {
    const { carrier, open } = await pair()
    const session = open()
    await session.whenReady()
    carrier.holdBinds(['bind_receiver'])
    for (const bind of ['bind_receiver', 'bind_transmitter'] as const) carrier.connection(bind).cut()
    await expect.poll(() => carrier.connections.filter(({ isOpen, bind }) => isOpen && bind).length).toBe(2)
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(await session.submit(part)).toEqual({ kind: 'not-sent', because: 'no-bind' })
    carrier.holdBinds([])
    await session.whenReady()
    expect(await session.submit(part)).toMatchObject({ kind: 'submitted' })
  })

  test('whose transmitter is cut leave the parts under way doubtful, and the receiver where it is', async () => {
    const { carrier, open } = await pair({ onSubmit: () => 'nothing' })
    const session = open()
    await session.whenReady()
    const outcome = session.submit(part)
    await expect.poll(() => carrier.connection('bind_transmitter').heard.length).toBe(1)
    carrier.connection('bind_transmitter').cut()
    expect(await outcome).toEqual({ kind: 'doubtful', because: 'dropped' })
    expect(session.health()).toMatchObject({ state: 'connecting' })
    expect(session.health().lastProblem).toMatch(/^transmitter: /)
    await session.whenReady()
    expect(carrier.connections.filter(({ bind }) => bind === 'bind_receiver')).toHaveLength(1)
  })

  test('both say good-bye', async () => {
    const { carrier, open } = await pair()
    const session = open()
    await session.whenReady()
    await session.close()
    expect(carrier.connections.map(({ heard }) => heard.map(({ command }) => command))).toEqual([
      ['unbind'],
      ['unbind'],
    ])
  })
})
