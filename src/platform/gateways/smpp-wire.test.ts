import { once } from 'node:events'
import { type AddressInfo, connect, createServer, Socket } from 'node:net'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { phone } from '#values/phone'
import { startSmppCarrier } from '../../../test/smpp-carrier.ts'
import type { Pdu } from './smpp-pdu.ts'
import { openSmppSession } from './smpp-session.ts'
import { openWire } from './smpp-wire.ts'

const cleanUp: (() => unknown)[] = []
afterEach(async () => {
  vi.restoreAllMocks()
  for (const clean of cleanUp.splice(0).reverse()) await clean()
})

async function twoEnds() {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const accepted = once(server, 'connection')
  const socket = connect({ host: '127.0.0.1', port: (server.address() as AddressInfo).port })
  const [other] = (await accepted) as [Socket]
  cleanUp.push(
    () => server.close(),
    () => socket.destroy(),
    () => other.destroy(),
  )
  return { socket, other }
}

describe('a wire', () => {
  test('sends all commands of one turn in one write, in order', async () => {
    const { socket, other } = await twoEnds()
    const heard: Pdu[] = []
    openWire(other, { onPdu: (pdu) => heard.push(pdu), onClosed: () => {} })
    const wire = openWire(socket, { onPdu: () => {}, onClosed: () => {} })
    const write = vi.spyOn(socket, 'write')
    for (let count = 0; count < 50; count++) wire.request('enquire_link')
    wire.respond('enquire_link_resp', 9)
    await expect.poll(() => heard.length).toBe(51)
    expect(write).toHaveBeenCalledTimes(1)
    expect(heard.map(({ sequence }) => sequence)).toEqual([...Array.from({ length: 50 }, (_, at) => at + 1), 9])
  })

  test('sends what was said before the end', async () => {
    const { socket, other } = await twoEnds()
    const heard: Pdu[] = []
    const closed = new Promise((resolve) => openWire(other, { onPdu: (pdu) => heard.push(pdu), onClosed: resolve }))
    const wire = openWire(socket, { onPdu: () => {}, onClosed: () => {} })
    wire.request('unbind')
    wire.end()
    await closed
    expect(heard).toMatchObject([{ command: 'unbind', sequence: 1 }])
  })

  test('never waits for an acknowledgement before it sends (Nagle)', async () => {
    const { socket } = await twoEnds()
    const setNoDelay = vi.spyOn(socket, 'setNoDelay')
    openWire(socket, { onPdu: () => {}, onClosed: () => {} })
    expect(setNoDelay).toHaveBeenCalledWith(true)
  })
})

describe('a session', () => {
  test('submits a window in one write', async () => {
    const carrier = await startSmppCarrier()
    cleanUp.push(() => carrier.close())
    const account = { host: '127.0.0.1', port: carrier.port, systemId: 'annai', password: 'secret' }
    const session = openSmppSession({ ...account, windowMax: 100 })
    cleanUp.push(() => session.close())
    await session.whenReady()
    const write = vi.spyOn(Socket.prototype, 'write')
    const part = { text: 'あ', alphabet: 'ucs-2', number: 1, of: 1 } as const
    const outgoing = { to: phone('+819001234567'), from: '0570000000', part, reference: 7 }
    const outcomes = Array.from({ length: 100 }, () => session.submit(outgoing))
    expect((await Promise.all(outcomes)).every(({ kind }) => kind === 'submitted')).toBe(true)
    const submits = write.mock.calls.filter(([bytes]) => Buffer.isBuffer(bytes) && bytes.readUInt32BE(4) === 4)
    expect(submits).toHaveLength(1)
  })

  test('counts its own sequence numbers, window and health', async () => {
    const carrier = await startSmppCarrier({ onSubmit: (pdu) => (pdu.fields.source_addr === 'HELD' ? 'nothing' : {}) })
    cleanUp.push(() => carrier.close())
    const account = { host: '127.0.0.1', port: carrier.port, systemId: 'annai', password: 'secret', drainMs: 10 }
    const [first, second] = [
      openSmppSession({ ...account, windowMax: 1 }),
      openSmppSession({ ...account, windowMax: 2 }),
    ]
    cleanUp.push(
      () => first.close(),
      () => second.close(),
    )
    await Promise.all([first.whenReady(), second.whenReady()])
    const part = { text: 'あ', alphabet: 'ucs-2', number: 1, of: 1 } as const
    const outgoing = { to: phone('+819001234567'), from: 'HELD', part, reference: 7 }
    const held = first.submit(outgoing)
    expect(await first.submit(outgoing)).toEqual({ kind: 'not-sent', because: 'window-full' })
    expect(await second.submit({ ...outgoing, from: 'JACCS' })).toMatchObject({ kind: 'submitted' })
    expect([first.health().outstanding, second.health().outstanding]).toEqual([1, 0])
    carrier.connections.find(({ heard }) => heard.some(({ fields }) => fields.source_addr === 'HELD'))?.cut()
    expect(await held).toEqual({ kind: 'doubtful', because: 'dropped' })
    expect([first.health().state, second.health().state]).toEqual(['connecting', 'bound'])
    expect(carrier.connections.slice(0, 2).map(({ heard }) => heard.map(({ sequence }) => sequence))).toEqual([
      [2],
      [2],
    ])
  })
})
