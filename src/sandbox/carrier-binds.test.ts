import { connect } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { packSeptets } from '#platform/gateways/gsm-7-packing'
import type { PduFields } from '#platform/gateways/smpp-pdu'
import { openSmppSession } from '#platform/gateways/smpp-session'
import { encodeGsm7 } from '#values/gsm-7'
import { phone } from '#values/phone'
import { encodeUcs2 } from '#values/ucs-2'
import { type ClientOptions, connectClient } from '../../test/carrier-client.ts'
import { selfSigned } from '../../test/self-signed.ts'
import { type CarrierOptions, startCarrier } from './carrier.ts'

const start = new Date('2026-11-24T10:00:00+09:00')
const someone = '09001234567'

const cleanUp: (() => unknown)[] = []
afterEach(async () => {
  for (const clean of cleanUp.splice(0).reverse()) await clean()
})

async function openCarrier(options: Partial<CarrierOptions> = {}) {
  const carrier = await startCarrier({ now: () => start, runId: 'r', receiptRetryMs: 5, ...options })
  cleanUp.push(() => carrier.close())
  const bind = async (options: ClientOptions) => {
    const client = await connectClient(carrier.port, options)
    cleanUp.push(() => client.destroy())
    return client
  }
  const deliver = () => carrier.runDue(new Date(start.getTime() + 60_000))
  return { carrier, bind, deliver }
}

describe('receipts', () => {
  test('go to a receiver of the account that submitted, not to a transmitter', async () => {
    const { bind, deliver } = await openCarrier()
    const transmitter = await bind({ as: 'bind_transmitter' })
    const receiver = await bind({ as: 'bind_receiver' })
    expect(await transmitter.submit(someone)).toMatchObject({ status: 0 })
    await deliver()
    expect([transmitter.receipts.length, receiver.receipts.length]).toEqual([0, 1])
  })

  test('never go to another account, and wait until their own is bound', async () => {
    const { carrier, bind, deliver } = await openCarrier()
    const transmitter = await bind({ as: 'bind_transmitter', systemId: 'one' })
    const other = await bind({ systemId: 'other' })
    await transmitter.submit(someone)
    await deliver()
    expect([other.receipts.length, carrier.unacknowledgedReceipts]).toEqual([0, 1])
    const own = await bind({ as: 'bind_receiver', systemId: 'one' })
    await expect.poll(() => own.receipts.length).toBe(1)
    expect(other.receipts).toEqual([])
  })

  test('go on over another bind of the account when one is gone', async () => {
    const { carrier, bind, deliver } = await openCarrier()
    const first = await bind({})
    const second = await bind({})
    await first.submit(someone)
    first.destroy()
    await expect.poll(() => carrier.counts().accounts.annai?.binds).toBe(1)
    await deliver()
    await expect.poll(() => second.receipts.length).toBe(1)
  })
})

test('a receiver may not submit', async () => {
  const { bind } = await openCarrier()
  const receiver = await bind({ as: 'bind_receiver' })
  expect(await receiver.submit(someone)).toMatchObject({ status: 0x04 })
})

describe('over TLS', () => {
  test('everything goes as in the clear, with a certificate that is checked', async () => {
    const tls = selfSigned()
    const { carrier, bind, deliver } = await openCarrier({ tls })
    const client = await bind({ ca: tls.cert })
    expect(await client.submit(someone)).toMatchObject({ status: 0 })
    await deliver()
    expect(client.receipts).toHaveLength(1)
    await expect(bind({ ca: selfSigned().cert })).rejects.toThrow()
    carrier.cutConnections()
    await client.closed
  })

  test('a handshake that nobody finishes does not keep the carrier from closing', async () => {
    const { carrier } = await openCarrier({ tls: selfSigned() })
    const silent = connect({ port: carrier.port, host: '127.0.0.1' })
    silent.on('error', () => {})
    await expect.poll(() => carrier.counts().connections).toEqual({ now: 1, ever: 0 })
    await carrier.close()
    await new Promise((resolve) => (silent.destroyed ? resolve(undefined) : silent.on('close', resolve)))
  })
})

describe('a text arrives', () => {
  test.each<[string, PduFields, string | undefined]>([
    ['in GSM-7', { data_coding: 0, short_message: Buffer.from([0x48, 0x69, 0x20, 0x1b, 0x65, 0x00]) }, 'Hi €@'],
    ['in UCS-2', { data_coding: 8, short_message: Buffer.from('30423044', 'hex') }, 'あい'],
    [
      'as a payload',
      { data_coding: 8, short_message: Buffer.alloc(0), message_payload: Buffer.from('3042'.repeat(300), 'hex') },
      'あ'.repeat(300),
    ],
    ['not in an alphabet that is not known', { data_coding: 3, short_message: Buffer.from('Hi') }, undefined],
    ['not, if its octets are no septets', { data_coding: 0, short_message: Buffer.from([0x80]) }, undefined],
  ])('%s', async (_, fields, text) => {
    const { carrier, bind, deliver } = await openCarrier()
    const client = await bind({})
    expect(await client.submit(someone, fields)).toMatchObject({ status: text === undefined ? 0x01 : 0 })
    await deliver()
    expect(carrier.messages()[0]?.text).toBe(text)
  })
  test('in packed septets, where the carrier wants them so', async () => {
    const { carrier, bind, deliver } = await openCarrier({ isGsm7Packed: true })
    await (await bind({})).submit(someone, { data_coding: 0, short_message: packSeptets(encodeGsm7('Größe €')) })
    await deliver()
    expect(carrier.messages()[0]?.text).toBe('Größe €')
  })

  test('from parts that sar_ fields describe, whatever their order', async () => {
    const { carrier, bind, deliver } = await openCarrier()
    const client = await bind({})
    for (const [number, text] of [
      [3, 'い'],
      [1, 'あ'],
      [2, '、'],
    ] as const) {
      const segment = { sar_msg_ref_num: 40_000, sar_total_segments: 3, sar_segment_seqnum: number }
      await client.submit(someone, { ...segment, data_coding: 8, short_message: encodeUcs2(text) })
    }
    await deliver()
    expect(carrier.messages().map(({ text }) => text)).toEqual(['あ、い'])
  })
})

describe('a text as our own gateway writes it', () => {
  test.each([
    ['in parts with a header', { long: 'udh' }],
    ['in parts with sar_ fields', { long: 'sar' }],
    ['whole in a payload', { long: 'payload' }],
    ['in packed septets with a header', { long: 'udh', gsm7: 'packed' }],
    ['in packed septets with sar_ fields', { long: 'sar', gsm7: 'packed' }],
    ['in UCS-2 alone', { long: 'udh', gsm7: 'off' }],
  ] as const)('%s is on the phone as it was', async (_, writing) => {
    const isGsm7Packed = 'gsm7' in writing && writing.gsm7 === 'packed'
    const { carrier, deliver } = await openCarrier({ isGsm7Packed })
    const account = { host: '127.0.0.1', port: carrier.port, systemId: 'annai', password: '' }
    const session = openSmppSession({ ...account, ...writing })
    cleanUp.push(() => session.close())
    session.onReceipt(async () => {})
    await session.whenReady()
    const texts = ['Hi €', 'Hi [€] '.repeat(50), 'お知らせ', 'お知らせ𠮷'.repeat(40)]
    for (const [reference, text] of texts.entries()) {
      for (const part of session.split(text)) {
        const outcome = await session.submit({ to: phone('+819001234567'), from: '0570000000', part, reference })
        expect(outcome.kind).toBe('submitted')
      }
    }
    await deliver()
    expect(carrier.messages().map(({ text }) => text)).toEqual(texts.toReversed())
  })
})
