import { connect } from 'node:net'
import fc from 'fast-check'
import smpp, { type PackagePdu } from 'smpp'
import { afterEach, describe, expect, test } from 'vitest'
import type { Gateway, OutgoingPart, Receipt } from '#platform/gateways/gateway'
import { openSmppSession } from '#platform/gateways/smpp-session'
import { phone } from '#values/phone'
import { type Carrier, type CarrierOptions, startCarrier } from './carrier.ts'
import type { CarrierJournal, JournalEntry } from './carrier-journal.ts'
import type { SandboxMessage } from './carrier-phone.ts'

const start = new Date('2026-11-24T10:00:00+09:00')
const minute = 60_000

const cleanUp: (() => unknown)[] = []
afterEach(async () => {
  for (const clean of cleanUp.splice(0).reverse()) await clean()
})

/** The demo's clock, which stands still until it is moved. */
function clockAt(at: Date) {
  let now = at
  return {
    now: () => now,
    advance: (ms: number) => {
      now = new Date(now.getTime() + ms)
      return now
    },
  }
}

async function demo(options: Partial<CarrierOptions> = {}) {
  const clock = clockAt(start)
  const carrier = await startCarrier({ now: clock.now, runId: 'r', tickMs: 5, receiptRetryMs: 10, ...options })
  cleanUp.push(() => carrier.close())
  const session = openSmppSession({
    host: '127.0.0.1',
    port: carrier.port,
    systemId: 'annai',
    password: 'secret',
    responseTimeoutMs: 3_000,
    backOffMinMs: 5,
    backOffMaxMs: 20,
    drainMs: 50,
  })
  cleanUp.push(() => session.close())
  const receipts: Receipt[] = []
  session.onReceipt(async (receipt) => void receipts.push(receipt))
  await session.whenReady()
  return { clock, carrier, session, receipts, pass: (ms: number) => carrier.runDue(clock.advance(ms)) }
}

function rememberingJournal(): CarrierJournal & { entries(): readonly JournalEntry[] } {
  const entries = new Map<string, JournalEntry>()
  const change = (id: string, changed: Partial<JournalEntry>) => {
    const entry = entries.get(id)
    if (entry) entries.set(id, { ...entry, ...changed })
  }
  return {
    taken: async (message) => void entries.set(message.id, { message, isAcknowledged: false }),
    ended: async (id, endedAt) => change(id, { endedAt }),
    acknowledged: async (id) => change(id, { isAcknowledged: true }),
    entries: () => [...entries.values()],
  }
}

let references = 0
function part(to: string, changed: Partial<OutgoingPart> = {}): OutgoingPart {
  references += 1
  return {
    to: phone(`+81${to.slice(1)}`),
    from: '0570000000',
    part: { text: 'お知らせ', alphabet: 'ucs-2', number: 1, of: 1 },
    reference: references,
    ...changed,
  }
}

async function send(session: Gateway, to: string, text: string) {
  const { reference } = part(to)
  return Promise.all(session.split(text).map((piece) => session.submit(part(to, { part: piece, reference }))))
}

async function until(holds: () => boolean): Promise<void> {
  const end = Date.now() + 5_000
  while (!holds()) {
    if (Date.now() > end) throw new Error('it did not come to hold')
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

describe('an ordinary number', () => {
  test('gets its message after a short moment, and we the receipt', async () => {
    const { carrier, session, receipts, pass } = await demo()
    expect(await session.submit(part('09001234567', { reference: 321 }))).toEqual({
      kind: 'submitted',
      carrierId: 'r1',
    })
    expect(carrier.messages()).toEqual([])
    await pass(300)
    const arrivedAt = new Date(start.getTime() + 300)
    expect(carrier.messages()).toEqual([
      { id: 'r1', to: '09001234567', from: '0570000000', text: 'お知らせ', receivedAt: arrivedAt },
    ])
    expect(receipts).toMatchObject([
      { carrierId: 'r1', state: 'delivered', errorCode: '000', reference: 321, to: '+819001234567', doneAt: start },
    ])
  })

  test('gets it by itself while the clock runs', async () => {
    const begun = Date.now()
    const { carrier, session } = await demo({
      now: () => new Date(start.getTime() + Date.now() - begun),
      deliveryMs: 20,
    })
    const heard: SandboxMessage[] = []
    carrier.onMessage((message) => heard.push(message))
    await session.submit(part('09001234567'))
    await until(() => heard.length === 1)
    expect(carrier.messages()).toEqual(heard)
  })

  test('gets a text of any length and script as it was written, as one message', async () => {
    const { carrier, session, pass } = await demo({ deliveryMs: 0 })
    const text = fc
      .array(
        fc.oneof(
          fc.string({ unit: 'binary', minLength: 1, maxLength: 3 }),
          fc.constantFrom('𠮷', '\ufeff', '\n', 'あ'),
        ),
        {
          minLength: 1,
          maxLength: 300,
        },
      )
      .map((pieces) => pieces.join(''))
      .filter((whole) => whole.isWellFormed() && whole.length <= 660 && !whole.includes('\r'))
    await fc.assert(
      fc.asyncProperty(text, async (whole) => {
        const outcomes = await send(session, '09001234567', whole)
        expect(outcomes.every(({ kind }) => kind === 'submitted')).toBe(true)
        await pass(1)
        expect(carrier.messages({ limit: 1 })[0]?.text).toBe(whole)
      }),
      { numRuns: 60 },
    )
  })
})

describe('the magic number', () => {
  test('…000 is delivered', async () => {
    const { carrier, session, receipts, pass } = await demo()
    await session.submit(part('09000000000'))
    await pass(300)
    expect(carrier.messages()).toHaveLength(1)
    expect(receipts.map(({ state }) => state)).toEqual(['delivered'])
  })

  test('…001 fails for good', async () => {
    const { carrier, session, receipts, pass } = await demo()
    await session.submit(part('09000000001'))
    await pass(300)
    expect(carrier.messages()).toEqual([])
    expect(receipts).toMatchObject([{ state: 'failed', errorCode: '001' }])
  })

  test('…002 fails once and then is delivered, each message anew', async () => {
    const { carrier, session, receipts, pass } = await demo()
    for (const message of [part('09000000002'), part('09000000002')]) {
      expect(await session.submit(message)).toMatchObject({ kind: 'refused', status: 'ESME_RSYSERR', retry: 'later' })
      expect(await session.submit(message)).toMatchObject({ kind: 'submitted' })
    }
    await pass(300)
    expect(carrier.messages()).toHaveLength(2)
    expect(receipts.map(({ state }) => state)).toEqual(['delivered', 'delivered'])
  })

  test('…003 is delivered without a receipt', async () => {
    const { carrier, session, receipts, pass } = await demo()
    await session.submit(part('09000000003'))
    await pass(300)
    expect(carrier.messages()).toHaveLength(1)
    expect(receipts).toEqual([])
  })

  test('…004 has its receipt before the response', async () => {
    const { session, receipts } = await demo()
    const steps: string[] = []
    session.onReceipt(async (receipt) => {
      receipts.push(receipt)
      steps.push('receipt')
    })
    await session.submit(part('09000000004')).then(() => steps.push('response'))
    expect(steps).toEqual(['receipt', 'response'])
    expect(receipts[0]?.state).toBe('delivered')
  })

  test('…005 is six minutes late by the demo clock', async () => {
    const { carrier, session, receipts, pass } = await demo()
    await session.submit(part('09000000005'))
    await pass(6 * minute)
    expect([carrier.messages(), receipts]).toEqual([[], []])
    await pass(300)
    expect(carrier.messages()).toHaveLength(1)
    expect(receipts).toMatchObject([{ state: 'delivered', doneAt: new Date(start.getTime() + 6 * minute) }])
  })

  test('…006 has two receipts', async () => {
    const { session, receipts, pass } = await demo()
    await session.submit(part('09000000006'))
    await pass(300)
    expect(receipts).toHaveLength(2)
    expect(receipts[0]).toEqual(receipts[1])
  })

  test('…008 is throttled three times', async () => {
    const { carrier, session, pass } = await demo()
    const message = part('09000000008')
    const kinds: string[] = []
    for (let tries = 0; tries < 4; tries++) kinds.push((await session.submit(message)).kind)
    expect(kinds).toEqual(['throttled', 'throttled', 'throttled', 'submitted'])
    await pass(300)
    expect(carrier.messages()).toHaveLength(1)
  })
})

describe('a validity', () => {
  test('that ends before the message arrives lets it expire at its end', async () => {
    const { carrier, session, receipts, pass } = await demo()
    await session.submit(part('09000000005', { validUntil: new Date(start.getTime() + 5 * minute) }))
    await pass(5 * minute - 1)
    expect(receipts).toEqual([])
    await pass(1)
    expect(receipts).toMatchObject([{ state: 'expired', doneAt: new Date(start.getTime() + 5 * minute) }])
    await pass(60 * minute)
    expect(carrier.messages()).toEqual([])
    expect(receipts).toHaveLength(1)
  })

  test('that ends later changes nothing', async () => {
    const { carrier, session, pass } = await demo()
    await session.submit(part('09000000005', { validUntil: new Date(start.getTime() + 7 * minute) }))
    await pass(7 * minute)
    expect(carrier.messages()).toHaveLength(1)
  })
})

describe('a mood', () => {
  test('throttled takes nothing', async () => {
    const { carrier, session } = await demo()
    carrier.setMood('throttled')
    expect(await session.submit(part('09001234567'))).toMatchObject({ kind: 'throttled' })
  })

  test('slow answers late and delivers later', async () => {
    const { carrier, session, pass } = await demo({ slowAnswerMs: 30, slowDeliveryMs: 10_000 })
    carrier.setMood('slow')
    const begun = performance.now()
    expect(await session.submit(part('09001234567'))).toMatchObject({ kind: 'submitted' })
    expect(performance.now() - begun).toBeGreaterThan(25)
    await pass(9_999)
    expect(carrier.messages()).toEqual([])
    await pass(1)
    expect(carrier.messages()).toHaveLength(1)
  })

  test('silent takes the message without saying so: doubtful for us, and the receipt settles it', async () => {
    const { carrier, receipts, pass, clock } = await demo()
    const impatient = openSmppSession({
      host: '127.0.0.1',
      port: carrier.port,
      systemId: 'annai',
      password: 'secret',
      responseTimeoutMs: 100,
    })
    cleanUp.push(() => impatient.close())
    impatient.onReceipt(async (receipt) => void receipts.push(receipt))
    await impatient.whenReady()
    carrier.setMood('silent')
    expect(await impatient.submit(part('09001234567', { reference: 55 }))).toEqual({
      kind: 'doubtful',
      because: 'timeout',
    })
    await pass(300)
    expect(clock.now()).toEqual(new Date(start.getTime() + 300))
    expect(receipts).toMatchObject([{ state: 'delivered', reference: 55 }])
  })

  test('down holds no connection until it is normal again', async () => {
    const { carrier, session } = await demo()
    carrier.setMood('down')
    await until(() => session.health().failedTries > 1)
    expect(await session.submit(part('09001234567'))).toEqual({ kind: 'not-sent', because: 'no-bind' })
    carrier.setMood('normal')
    await session.whenReady()
    expect(await session.submit(part('09001234567'))).toMatchObject({ kind: 'submitted' })
  })
})

describe('a receipt', () => {
  test('that we could not store comes again', async () => {
    const { carrier, session, pass } = await demo()
    let tries = 0
    session.onReceipt(async () => {
      tries += 1
      if (tries < 3) throw new Error('the store is down')
    })
    await session.submit(part('09001234567'))
    await pass(300)
    expect(tries).toBe(1)
    await until(() => tries === 3 && carrier.unacknowledgedReceipts === 0)
  })

  test('that fell due while nobody was bound comes with the next bind', async () => {
    const { carrier, session, receipts, pass } = await demo()
    await session.submit(part('09001234567'))
    carrier.setMood('down')
    await until(() => session.health().state === 'connecting')
    await pass(300)
    expect(carrier.messages()).toHaveLength(1)
    expect(receipts).toEqual([])
    carrier.setMood('normal')
    await until(() => receipts.length === 1)
  })

  test('that was under way when the connection was cut comes again', async () => {
    const { carrier, session, pass } = await demo()
    let tries = 0
    session.onReceipt(async () => {
      tries += 1
      if (tries === 1) carrier.cutConnections()
    })
    await session.submit(part('09001234567'))
    await pass(300)
    await until(() => tries === 2 && carrier.unacknowledgedReceipts === 0)
  })

  test('of a thousand messages comes once each', async () => {
    const { session, receipts, pass } = await demo()
    const submitMany = async () => {
      for (let at = 0; at < 100; at++) await session.submit(part('09001234567'))
    }
    await Promise.all(Array.from({ length: 10 }, submitMany))
    await pass(300)
    expect(new Set(receipts.map(({ carrierId }) => carrierId)).size).toBe(1_000)
    expect(receipts).toHaveLength(1_000)
  })
})

describe('the simulator', () => {
  test('after a crash keeps what had arrived, and brings to its end what it had taken', async () => {
    const journal = rememberingJournal()
    const first = await demo({ journal })
    await first.session.submit(part('09001234567'))
    await first.pass(300)
    await first.session.submit(part('09007654321'))
    await first.carrier.close()

    const second = await demo({ journal, runId: 's', earlier: journal.entries() })
    expect(second.carrier.messages().map(({ to }) => to)).toEqual(['09001234567'])
    await second.pass(1_000)
    expect(second.carrier.messages().map(({ to }) => to)).toEqual(['09007654321', '09001234567'])
    await expect.poll(() => second.receipts.map(({ carrierId }) => carrierId)).toEqual(['r2'])
  })

  test('does not say that it took what it could not write down', async () => {
    const journal = { ...rememberingJournal(), taken: () => Promise.reject(new Error('disk full')) }
    const { carrier, session, pass } = await demo({ journal })
    expect(await session.submit(part('09001234567'))).toMatchObject({ kind: 'refused', retry: 'later' })
    await pass(300)
    expect(carrier.messages()).toEqual([])
  })

  test('lets only the account in that it knows', async () => {
    const carrier = await startCarrier({
      now: () => start,
      runId: 'r',
      account: { systemId: 'annai', password: 'right' },
    })
    cleanUp.push(() => carrier.close())
    const statuses = await Promise.all(['wrong', 'right'].map((password) => bindStatus(carrier, password)))
    expect(statuses).toEqual([0x0e, 0])
  })

  test('speaks with another implementation of the protocol', async () => {
    const { carrier, session, pass } = await demo()
    const client = clientOf(carrier)
    const bound = await new Promise<PackagePdu>((resolve) =>
      client.bind_transceiver({ system_id: 'a', password: 'b' }, resolve),
    )
    expect(bound).toMatchObject({ command: 'bind_transceiver_resp', command_status: 0, system_id: 'annai-sandbox' })
    const fields = { destination_addr: '09001234567', short_message: 'hello', data_coding: 0, registered_delivery: 2 }
    const answer = await new Promise<PackagePdu>((resolve) => client.submit_sm(fields, resolve))
    expect(answer).toMatchObject({ command_status: 0, message_id: 'r1' })
    const receipts: PackagePdu[] = []
    client.on('deliver_sm', (pdu) => {
      receipts.push(pdu)
      client.send(pdu.response())
    })
    const failing = { ...fields, destination_addr: '09000000001' }
    await new Promise<PackagePdu>((resolve) => client.submit_sm(failing, resolve))
    await session.close()
    await pass(300)
    expect(carrier.messages()[0]?.text).toBe('hello')
    expect(receipts).toMatchObject([{ receipted_message_id: 'r2', message_state: 5 }])
    const farewell = await new Promise<PackagePdu>((resolve) => client.unbind(resolve))
    expect(farewell.command).toBe('unbind_resp')
  })

  test.each([
    ['before the bind', { destination_addr: '09001234567' }, false, 4],
    ['to no phone', { destination_addr: '0312345' }, true, 0x0b],
    [
      'with a broken header',
      { destination_addr: '09001234567', esm_class: 0x40, short_message: Buffer.from([9]) },
      true,
      1,
    ],
  ])('refuses a message %s', async (_, fields, isBound, status) => {
    const { carrier } = await demo()
    const client = clientOf(carrier)
    if (isBound) await new Promise<PackagePdu>((resolve) => client.bind_transceiver({ system_id: 'a' }, resolve))
    const answer = await new Promise<PackagePdu>((resolve) => client.submit_sm(fields, resolve))
    expect(answer.command_status).toBe(status)
  })

  test('survives whatever it is sent', async () => {
    const { carrier, session } = await demo()
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 200 }), fc.boolean(), async (bytes, hasHeader) => {
        const body = Buffer.from(bytes)
        const header = Buffer.alloc(16)
        header.writeUInt32BE(16 + body.length, 0)
        header.writeUInt32BE([4, 9, 5, 0x80000005][body.length % 4] ?? 4, 4)
        await talk(carrier, hasHeader ? Buffer.concat([header, body]) : body)
      }),
      { numRuns: 50 },
    )
    expect(await session.submit(part('09001234567'))).toMatchObject({ kind: 'submitted' })
  })
})

function clientOf(carrier: Carrier) {
  const client = smpp.connect({ host: '127.0.0.1', port: carrier.port })
  client.on('error', () => {})
  cleanUp.push(() => client.destroy())
  return client
}

async function bindStatus(carrier: Carrier, password: string): Promise<number> {
  const client = clientOf(carrier)
  const answer = await new Promise<PackagePdu>((resolve) =>
    client.bind_transceiver({ system_id: 'annai', password }, resolve),
  )
  return answer.command_status
}

/** Says something and hangs up. */
function talk(carrier: Carrier, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port: carrier.port })
    socket.on('error', () => {})
    socket.on('close', () => resolve())
    socket.on('data', () => {})
    socket.end(bytes)
  })
}
