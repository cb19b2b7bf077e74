import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import smpp, { type PackagePdu, type PackageSession } from 'smpp'
import { afterEach, describe, expect, test } from 'vitest'
import { phone } from '#values/phone'
import { startSmppCarrier } from '../../../test/smpp-carrier.ts'
import type { Gateway, OutgoingPart, Receipt } from './gateway.ts'
import { encodePdu } from './smpp-pdu.ts'
import { openSmppSession, type SmppOptions } from './smpp-session.ts'
import { systemTimers, type Timers } from './timers.ts'

const cleanUp: (() => unknown)[] = []
afterEach(async () => {
  for (const clean of cleanUp.splice(0).reverse()) await clean()
})

const part = (changed: Partial<OutgoingPart> = {}): OutgoingPart => ({
  to: phone('+819001234567'),
  from: '0570000000',
  part: { text: 'あ', alphabet: 'ucs-2', number: 1, of: 1 },
  reference: 7,
  ...changed,
})

/** A carrier made of the package: binds everybody and leaves the rest to the test. */
async function carrier(onSubmit: (session: PackageSession, pdu: PackagePdu) => void = accept) {
  const sessions: PackageSession[] = []
  const submitted: PackagePdu[] = []
  const server = smpp.createServer((session) => {
    sessions.push(session)
    session.on('error', () => {})
    session.on('bind_transceiver', (pdu) => session.send(pdu.response()))
    session.on('enquire_link', (pdu) => session.send(pdu.response()))
    session.on('unbind', (pdu) => session.send(pdu.response()))
    session.on('submit_sm', (pdu) => {
      submitted.push(pdu)
      onSubmit(session, pdu)
    })
  })
  return { port: await listen(server), sessions, submitted, cut: () => sessions.at(-1)?.destroy() }
}

function accept(session: PackageSession, pdu: PackagePdu): void {
  session.send(pdu.response({ message_id: `id-${pdu.sequence_number}` }))
}

/** A carrier whose every octet the test decides; it is told of connections and of what they say. */
async function rawCarrier(onData: (socket: Socket, bytes: Buffer) => void) {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.on('data', (bytes) => onData(socket, bytes))
    cleanUp.push(() => socket.destroy())
  })
  return { port: await listen(server) }
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanUp.push(() => server.close())
  return (server.address() as AddressInfo).port
}

function open(port: number, changed: Partial<SmppOptions> = {}): Gateway {
  const session = openSmppSession({
    host: '127.0.0.1',
    port,
    systemId: 'annai',
    password: 'secret',
    responseTimeoutMs: 2_000,
    backOffMinMs: 5,
    backOffMaxMs: 20,
    drainMs: 50,
    ...changed,
  })
  cleanUp.push(() => session.close())
  return session
}

async function until(holds: () => boolean): Promise<void> {
  const end = Date.now() + 5_000
  while (!holds()) {
    if (Date.now() > end) throw new Error('it did not come to hold')
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

describe('submitting', () => {
  test('hands a part over as the carrier expects it', async () => {
    const { port, submitted } = await carrier()
    const session = open(port)
    await session.whenReady()
    const validUntil = new Date('2026-11-24T20:00:00+09:00')
    const first = { text: 'あ', alphabet: 'ucs-2', number: 1, of: 2 } as const
    expect(await session.submit(part({ validUntil, part: first }))).toEqual({ kind: 'submitted', carrierId: 'id-2' })
    expect(submitted[0]).toMatchObject({
      source_addr: '0570000000',
      source_addr_ton: 2,
      source_addr_npi: 1,
      destination_addr: '819001234567',
      dest_addr_ton: 1,
      dest_addr_npi: 1,
      esm_class: 0x40,
      registered_delivery: 1,
      data_coding: 8,
      validity_period: validUntil,
      user_message_reference: 7,
      short_message: { udh: [Buffer.from('0003070201', 'hex')], message: 'あ' },
    })
  })

  test('names a sender in letters as such', async () => {
    const { port, submitted } = await carrier()
    const session = open(port)
    await session.whenReady()
    await session.submit(part({ from: 'JACCS' }))
    expect(submitted[0]).toMatchObject({ source_addr: 'JACCS', source_addr_ton: 5, source_addr_npi: 0 })
  })

  test('says the validity as a span where the carrier wants that', async () => {
    const answers: Buffer[] = []
    const { port } = await rawCarrier((socket, bytes) => {
      answers.push(bytes)
      if (answers.length === 1) socket.write(encodePdu('bind_transceiver_resp', bytes.readUInt32BE(12), {}))
    })
    const now = new Date('2026-11-24T10:00:00+09:00')
    const session = open(port, { validityFrom: () => now })
    await session.whenReady()
    await session.submit(part({ validUntil: new Date('2026-11-24T10:05:00+09:00') }))
    expect(answers[1]?.includes('000000000500000R\0')).toBe(true)
  })

  test.each([
    [0x58, { kind: 'throttled', status: 'ESME_RTHROTTLED' }],
    [0x14, { kind: 'throttled', status: 'ESME_RMSGQFUL' }],
    [0x0b, { kind: 'refused', status: 'ESME_RINVDSTADR', retry: 'never', blame: 'message' }],
    [0x08, { kind: 'refused', status: 'ESME_RSYSERR', retry: 'later', blame: 'gateway' }],
    [0x0a, { kind: 'refused', status: 'ESME_RINVSRCADR', retry: 'later', blame: 'gateway' }],
    [0x4a1, { kind: 'refused', status: '0x000004a1', retry: 'later', blame: 'message' }],
  ])('answered with %i has its outcome', async (command_status, outcome) => {
    const { port } = await carrier((session, pdu) => session.send(pdu.response({ command_status })))
    const session = open(port)
    await session.whenReady()
    expect(await session.submit(part())).toMatchObject(outcome)
  })

  test('answered by generic_nack is refused', async () => {
    const { port } = await carrier((session, pdu) =>
      session.send(new smpp.PDU('generic_nack', { command_status: 3, sequence_number: pdu.sequence_number })),
    )
    const session = open(port)
    await session.whenReady()
    expect(await session.submit(part())).toMatchObject({ kind: 'refused', status: 'ESME_RINVCMDID', blame: 'gateway' })
  })

  test('keeps to the window and says that no byte left beyond it', async () => {
    const held: (() => void)[] = []
    const { port, submitted } = await carrier((session, pdu) => held.push(() => accept(session, pdu)))
    const session = open(port, { windowMax: 3 })
    await session.whenReady()
    const first = Array.from({ length: 3 }, () => session.submit(part()))
    expect(await session.submit(part())).toEqual({ kind: 'not-sent', because: 'window-full' })
    await until(() => held.length === 3)
    expect(session.health()).toMatchObject({ outstanding: 3 })
    held.pop()?.()
    await Promise.race(first)
    const next = session.submit(part())
    await until(() => held.length === 3)
    for (const answer of held) answer()
    expect((await Promise.all([...first, next])).map(({ kind }) => kind)).toEqual(Array(4).fill('submitted'))
    expect(submitted).toHaveLength(4)
  })

  test.each([
    [{}, 161, ['gsm-7', 2]],
    [{ long: 'sar' }, 161, ['gsm-7', 2]],
    [{ gsm7: 'off' }, 135, ['ucs-2', 3]],
    [{ long: 'payload' }, 660, ['gsm-7', 1]],
    [{ long: 'payload', gsm7: 'off' }, 660, ['ucs-2', 1]],
  ] as const)('with %j cuts a text of %i letters as the carrier takes it', async (options, letters, [alphabet, of]) => {
    const { port, submitted } = await carrier()
    const session = open(port, { windowMax: 3, ...options })
    await session.whenReady()
    const parts = session.split('a'.repeat(letters))
    expect(parts).toHaveLength(of)
    expect(parts[0]).toMatchObject({ alphabet, number: 1, of })
    const outcomes = await Promise.all(parts.map((piece) => session.submit(part({ part: piece }))))
    expect(outcomes.every(({ kind }) => kind === 'submitted')).toBe(true)
    expect(submitted.every(({ data_coding }) => data_coding === (alphabet === 'gsm-7' ? 0 : 8))).toBe(true)
    expect(submitted.every((pdu) => 'message_payload' in pdu === letters > 200)).toBe(true)
    expect(
      submitted.every((pdu) => 'sar_total_segments' in pdu === ('long' in options && options.long === 'sar')),
    ).toBe(true)
  })

  test('before the bind sends nothing', async () => {
    const { port, submitted } = await carrier()
    const session = open(port)
    expect(await session.submit(part())).toEqual({ kind: 'not-sent', because: 'no-bind' })
    expect(submitted).toHaveLength(0)
  })
})

describe('an answer that does not come', () => {
  test('makes the part doubtful, and nothing more is risked until the carrier shows that it lives', async () => {
    let isAlive = false
    const enquiries: (() => void)[] = []
    const { port, sessions } = await carrier((session, pdu) => {
      if (isAlive) accept(session, pdu)
    })
    const session = open(port, { responseTimeoutMs: 200 })
    await session.whenReady()
    sessions[0]?.on('enquire_link', () => enquiries.push(() => {}))
    const outcome = session.submit(part())
    expect(await outcome).toEqual({ kind: 'doubtful', because: 'timeout' })
    expect(await session.submit(part())).toEqual({ kind: 'not-sent', because: 'link-in-doubt' })
    isAlive = true
    await session.whenReady()
    expect(enquiries).toHaveLength(1)
    expect(await session.submit(part())).toMatchObject({ kind: 'submitted' })
  })

  test('but comes late is handed on like a receipt, with our reference', async () => {
    const late: (() => void)[] = []
    const { port } = await carrier((session, pdu) => late.push(() => accept(session, pdu)))
    const session = open(port, { responseTimeoutMs: 100 })
    const receipts: Receipt[] = []
    session.onReceipt(async (receipt) => void receipts.push(receipt))
    await session.whenReady()
    expect(await session.submit(part({ reference: 99 }))).toEqual({ kind: 'doubtful', because: 'timeout' })
    late[0]?.()
    await until(() => receipts.length === 1)
    expect(receipts[0]).toMatchObject({ carrierId: 'id-2', state: 'accepted', reference: 99, to: '+819001234567' })
  })

  test.each([
    ['ESME_RTHROTTLED', 0x58, 0],
    ['ESME_RMSGQFUL', 0x14, 0],
    ['ESME_RSYSERR', 0x08, 0],
    ['ESME_RINVPASWD', 0x0e, 0],
    ['ESME_RINVDSTADR', 0x0b, 1],
  ])('but comes late with %s settles the part only if it will never be taken', async (word, code, count) => {
    const late: (() => void)[] = []
    const { port } = await carrier((session, pdu) =>
      late.push(() => session.send(pdu.response({ command_status: code }))),
    )
    const session = open(port, { responseTimeoutMs: 100 })
    const receipts: Receipt[] = []
    session.onReceipt(async (receipt) => void receipts.push(receipt))
    await session.whenReady()
    expect(await session.submit(part({ reference: 99 }))).toEqual({ kind: 'doubtful', because: 'timeout' })
    late[0]?.()
    await session.whenReady()
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(receipts).toHaveLength(count)
    if (count > 0) expect(receipts[0]).toMatchObject({ state: 'failed', errorCode: word, reference: 99 })
  })

  test('from a carrier that is dead ends the connection', async () => {
    let connections = 0
    const { port } = await rawCarrier((socket, bytes) => {
      if (bytes.readUInt32BE(4) !== 0x00000009) return
      connections += 1
      socket.write(encodePdu('bind_transceiver_resp', 1, {}))
    })
    const session = open(port, { responseTimeoutMs: 100, enquireEveryMs: 20 })
    await session.whenReady()
    await until(() => connections === 2)
    expect(session.health().lastProblem).toBe('no answer to enquire_link')
  })
})

describe('a connection that drops', () => {
  test('leaves all parts under way doubtful, and later ones unsent until it is back', async () => {
    const { port, submitted, cut } = await carrier(() => {})
    const session = open(port, { backOffMinMs: 200, backOffMaxMs: 200 })
    await session.whenReady()
    const outcomes = Array.from({ length: 10 }, () => session.submit(part()))
    await until(() => submitted.length === 10)
    cut()
    expect(await Promise.all(outcomes)).toEqual(Array(10).fill({ kind: 'doubtful', because: 'dropped' }))
    expect(await session.submit(part())).toEqual({ kind: 'not-sent', because: 'no-bind' })
    await session.whenReady()
    const afterwards = session.submit(part())
    await until(() => submitted.length === 11)
    cut()
    expect(await afterwards).toEqual({ kind: 'doubtful', because: 'dropped' })
  })

  test('in the middle of an answer leaves the part doubtful, never submitted under half an id', async () => {
    const { port } = await rawCarrier((socket, bytes) => {
      if (bytes.readUInt32BE(4) === 9) return void socket.write(encodePdu('bind_transceiver_resp', 1, {}))
      const answer = encodePdu('submit_sm_resp', bytes.readUInt32BE(12), { message_id: '1234567890' })
      socket.end(answer.subarray(0, answer.length - 4))
    })
    const session = open(port)
    await session.whenReady()
    expect(await session.submit(part())).toEqual({ kind: 'doubtful', because: 'dropped' })
  })

  test('is tried again after twice the time, with jitter, up to the most', async () => {
    const waits: number[] = []
    const timers = {
      after(ms: number, run: () => void) {
        if (ms <= 1_000) waits.push(ms)
        return systemTimers.after(ms <= 1_000 ? 0 : ms, run)
      },
    }
    const server = createServer((socket) => socket.destroy())
    const session = open(await listen(server), {
      timers,
      responseTimeoutMs: 100_000,
      enquireEveryMs: 100_000,
      backOffMinMs: 100,
      backOffMaxMs: 1_000,
      chance: { int: (max) => max - 1 },
    })
    await until(() => waits.length >= 6)
    expect(waits.slice(0, 6)).toEqual([99, 199, 399, 799, 999, 999])
    expect(session.health()).toMatchObject({ state: 'connecting' })
  })

  test('after it has carried a message is made anew as quickly as the first time', async () => {
    const waits: number[] = []
    const timers: Timers = {
      after(ms, run) {
        if (ms < 10_000) waits.push(ms)
        return systemTimers.after(Math.min(ms, 20_000), run)
      },
    }
    const { port, sessions } = await carrier()
    const session = open(port, {
      timers,
      responseTimeoutMs: 100_000,
      enquireEveryMs: 100_000,
      stableAfterMs: 100_000,
      backOffMinMs: 20,
      backOffMaxMs: 9_000,
      chance: { int: (max) => max - 1 },
    })
    for (let times = 0; times < 5; times++) {
      await session.whenReady()
      expect(await session.submit(part())).toMatchObject({ kind: 'submitted' })
      sessions.at(-1)?.destroy()
      await until(() => session.health().state === 'connecting')
    }
    expect(waits).toEqual([19, 19, 19, 19, 19])
  })

  test('because the password is wrong says so', async () => {
    const { port } = await rawCarrier((socket, bytes) => {
      socket.write(encodePdu('bind_transceiver_resp', bytes.readUInt32BE(12), {}, 0x0e))
    })
    const session = open(port)
    await until(() => session.health().failedTries > 0)
    expect(session.health().lastProblem).toContain('ESME_RINVPASWD')
  })

  test('or cannot be made at all is no fault of ours', async () => {
    const server = createServer()
    const port = await listen(server)
    await new Promise((resolve) => server.close(resolve))
    const session = open(port)
    await until(() => session.health().failedTries > 1)
    expect(session.health().lastProblem).toContain('ECONNREFUSED')
  })

  test('after the carrier said good-bye is made anew', async () => {
    const { port, sessions } = await carrier()
    const session = open(port, { responseTimeoutMs: 100 })
    await session.whenReady()
    await new Promise((resolve) => sessions[0]?.unbind(resolve))
    expect(await session.submit(part())).toEqual({ kind: 'not-sent', because: 'no-bind' })
    await session.whenReady()
    expect(await session.submit(part())).toMatchObject({ kind: 'submitted' })
  })
})

describe('what the carrier sends', () => {
  const receipt = {
    source_addr: '819001234567',
    esm_class: 4,
    short_message: Buffer.from('id:7 sub:001 dlvrd:001 stat:DELIVRD err:000 text:'),
  }

  test('is acknowledged only once the receipt has been stored', async () => {
    const { port, sessions } = await carrier()
    const session = open(port)
    const steps: string[] = []
    session.onReceipt(async ({ carrierId }) => {
      await new Promise((resolve) => setTimeout(resolve, 20))
      steps.push(`stored ${carrierId}`)
    })
    await session.whenReady()
    sessions[0]?.deliver_sm(receipt, ({ command_status }) => steps.push(`answered ${command_status}`))
    await until(() => steps.length === 2)
    expect(steps).toEqual(['stored 7', 'answered 0'])
  })

  test.each([
    ['a receipt that could not be stored', receipt, 0x64],
    ['a receipt that names no message', { ...receipt, short_message: Buffer.from('?') }, 0x65],
    ['a message written on a phone', { ...receipt, esm_class: 0 }, 0x66],
  ])('%s is answered with an error', async (_, fields, status) => {
    const { port, sessions } = await carrier()
    const session = open(port)
    session.onReceipt(() => Promise.reject(new Error('the store is down')))
    await session.whenReady()
    const answer = await new Promise<PackagePdu>((resolve) => sessions[0]?.deliver_sm(fields, resolve))
    expect(answer.command_status).toBe(status)
  })

  test('by data_sm is acknowledged by data_sm_resp', async () => {
    const other = await startSmppCarrier()
    cleanUp.push(() => other.close())
    const session = open(other.port)
    const receipts: Receipt[] = []
    session.onReceipt(async (heard) => void receipts.push(heard))
    await session.whenReady()
    const { short_message: message_payload, ...fields } = receipt
    const answer = await other.connection('bind_transceiver').deliver({ ...fields, message_payload }, 'data_sm')
    expect(answer).toMatchObject({ command: 'data_sm_resp', status: 0 })
    expect(receipts).toMatchObject([{ carrierId: '7', state: 'delivered' }])
  })

  test.each([
    ['hex-to-decimal', '59113978', '038601FA'],
    ['decimal-to-hex', '038601FA', '0059113978'],
  ] as const)(
    'with an id in another base, read %s, is the receipt of that submit',
    async (receiptIds, ofSubmit, id) => {
      const late: (() => void)[] = []
      const { port, sessions } = await carrier((session, pdu) => {
        const answer = () => session.send(pdu.response({ message_id: ofSubmit }))
        if (pdu.user_message_reference === 8) late.push(answer)
        else answer()
      })
      const session = open(port, { receiptIds, responseTimeoutMs: 100 })
      const ids: string[] = []
      session.onReceipt(async ({ carrierId }) => void ids.push(carrierId))
      await session.whenReady()
      const outcome = await session.submit(part())
      sessions[0]?.deliver_sm({ ...receipt, short_message: Buffer.from(`id:${id} stat:DELIVRD`) })
      await until(() => ids.length === 1)
      await session.submit(part({ reference: 8 }))
      late[0]?.()
      await until(() => ids.length === 2)
      expect(outcome).toEqual({ kind: 'submitted', carrierId: ids[0] })
      expect(ids[1]).toBe(ids[0])
    },
  )

  test('while nobody takes receipts is kept by the carrier', async () => {
    const { port, sessions } = await carrier()
    await open(port).whenReady()
    const answer = await new Promise<PackagePdu>((resolve) => sessions[0]?.deliver_sm(receipt, resolve))
    expect(answer.command_status).toBe(0x64)
  })

  test.each([
    ['a length below the header', Buffer.from('00000003ffffffff', 'hex')],
    ['a length beyond all limits', Buffer.from('7fffffff00000004', 'hex')],
    ['an answer that cannot be read', Buffer.from('000000148000000400000000000000026162ffff', 'hex')],
    ['a nack for nothing', encodePdu('generic_nack', 0, {}, 2)],
  ])('as %s ends the connection, and the next one works', async (_, bytes) => {
    const { port, sessions } = await carrier()
    const session = open(port)
    await session.whenReady()
    sessions[0]?.socket.write(bytes)
    await until(() => sessions.length === 2)
    await session.whenReady()
    expect(await session.submit(part())).toMatchObject({ kind: 'submitted' })
  })

  test.each([
    ['a command that ends early', Buffer.from('0000001400000005000000000000000961626364', 'hex'), 2],
    ['a command that nobody knows', Buffer.from('00000010000001020000000000000009', 'hex'), 3],
    [
      'a command that is not for us',
      Buffer.concat([encodePdu('submit_sm', 9, { short_message: Buffer.from('x') })]),
      3,
    ],
  ])('as %s is answered by generic_nack, and the connection goes on', async (_, bytes, status) => {
    const { port, sessions } = await carrier()
    const session = open(port)
    await session.whenReady()
    const nack = new Promise<PackagePdu>((resolve) => sessions[0]?.on('generic_nack', resolve))
    sessions[0]?.socket.write(bytes)
    expect(await nack).toMatchObject({ command_status: status, sequence_number: 9 })
    expect(await session.submit(part())).toMatchObject({ kind: 'submitted' })
    expect(sessions).toHaveLength(1)
  })

  test('octet by octet is understood all the same', async () => {
    const { port } = await rawCarrier(async (socket, bytes) => {
      const command = bytes.readUInt32BE(4)
      const answer =
        command === 9
          ? encodePdu('bind_transceiver_resp', 1, {})
          : encodePdu('submit_sm_resp', 2, { message_id: 'slow' })
      for (const octet of answer) {
        socket.write(Buffer.from([octet]))
        await new Promise(setImmediate)
      }
    })
    const session = open(port, { responseTimeoutMs: 2_000 })
    await session.whenReady()
    expect(await session.submit(part())).toEqual({ kind: 'submitted', carrierId: 'slow' })
  })
})

describe('closing', () => {
  test('waits for answers under way, says good-bye and takes nothing new', async () => {
    const { port, sessions } = await carrier((session, pdu) => setTimeout(() => accept(session, pdu), 30))
    const session = open(port)
    await session.whenReady()
    const isUnbound = new Promise((resolve) => sessions[0]?.on('unbind', resolve))
    const outcome = session.submit(part())
    const closed = session.close()
    expect(await session.submit(part())).toEqual({ kind: 'not-sent', because: 'closing' })
    expect(await outcome).toMatchObject({ kind: 'submitted' })
    await closed
    await isUnbound
    expect(session.health()).toMatchObject({ state: 'closed', outstanding: 0 })
    await expect(session.whenReady()).rejects.toThrow()
  })

  test('makes no new connection when the carrier cuts the last one meanwhile', async () => {
    const { port, sessions, cut } = await carrier(() => {})
    const session = open(port, { backOffMinMs: 1, backOffMaxMs: 1, drainMs: 2_000 })
    session.onReceipt(() => new Promise((resolve) => setTimeout(resolve, 50)))
    await session.whenReady()
    sessions[0]?.deliver_sm({ esm_class: 4, short_message: Buffer.from('id:7 stat:DELIVRD') })
    const outcome = session.submit(part())
    await new Promise((resolve) => setTimeout(resolve, 20))
    const closed = session.close()
    cut()
    expect(await outcome).toEqual({ kind: 'doubtful', because: 'dropped' })
    await closed
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(sessions).toHaveLength(1)
  })

  test('does not wait for ever', async () => {
    const { port } = await rawCarrier((socket, bytes) => {
      if (bytes.readUInt32BE(4) === 9) socket.write(encodePdu('bind_transceiver_resp', 1, {}))
    })
    const session = open(port, { responseTimeoutMs: 60_000, drainMs: 20 })
    await session.whenReady()
    const outcome = session.submit(part())
    await session.close()
    expect(await outcome).toEqual({ kind: 'doubtful', because: 'dropped' })
  })

  test('before it was ever bound is at once', async () => {
    const { port } = await rawCarrier(() => {})
    const session = open(port, { responseTimeoutMs: 60_000 })
    await session.close()
    await expect(session.whenReady()).rejects.toThrow()
    expect(session.health().state).toBe('closed')
  })
})
