import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { phone } from '#values/phone'
import { type Kannel, kannelIsMissing, startKannel } from '../../../test/kannel-process.ts'
import { type Carrier, startCarrier } from '../../sandbox/carrier.ts'
import type { Receipt } from './gateway.ts'
import { openKannel } from './kannel.ts'

const missing = kannelIsMissing()

/** Kannel's own programs between our gateway and the sandbox's carrier; its receipts come over real HTTP. */
describe.skipIf(missing !== undefined)(missing ?? 'through Kannel itself', () => {
  const cleanUp: (() => unknown)[] = []
  const receipts: Receipt[] = []
  const called: string[] = []
  let carrier: Carrier
  let kannel: Kannel
  let gateway: ReturnType<typeof openKannel>

  beforeAll(async () => {
    carrier = await startCarrier({ now: () => new Date(), runId: 'k', deliveryMs: 10 })
    cleanUp.push(() => carrier.close())
    const account = { username: 'annai', password: 'a pass&word' }
    kannel = await startKannel({ carrierPort: carrier.port, ...account })
    cleanUp.push(() => kannel.close())

    const listener = createServer(async (request, response) => {
      const url = `http://127.0.0.1${request.url}`
      called.push(url)
      const { method = '', headers } = request
      const answer = await gateway.callback.handle({ method, url, headers, rawBody: Buffer.alloc(0) })
      response.writeHead(answer.status).end(answer.body)
    })
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
    cleanUp.push(() => listener.close())

    gateway = openKannel({
      ...account,
      url: kannel.url,
      callbackUrl: `http://127.0.0.1:${(listener.address() as AddressInfo).port}/callbacks/kannel`,
      callbackSecret: 'a secret of at least thirty-two characters',
    })
    cleanUp.push(() => gateway.close())
    gateway.onReceipt(store)
    await gateway.whenReady()
  })

  const store = async (receipt: Receipt) => void receipts.push(receipt)

  afterAll(async () => {
    for (const clean of cleanUp.splice(0).reverse()) await clean()
  })

  const submit = async (to: string, text: string, reference: number): Promise<string> => {
    const [part] = gateway.split(text)
    if (part === undefined) throw new Error('a text has a part')
    const validUntil = new Date(Date.now() + 600_000)
    const outcome = await gateway.submit({ to: phone(to), from: '0570000000', part, reference, validUntil })
    if (outcome.kind !== 'submitted') throw new Error(`Kannel did not take it: ${JSON.stringify(outcome)}`)
    return outcome.carrierId
  }
  const receiptsFor = (carrierId: string) => receipts.filter((receipt) => receipt.carrierId === carrierId)
  const untilState = (carrierId: string, state: string) =>
    expect.poll(() => receiptsFor(carrierId).map((receipt) => receipt.state), { timeout: 15_000 }).toContain(state)

  test('a Japanese text of several parts arrives whole on the phone, and its receipts come back', async () => {
    const text = `【案内】お支払いの件。①「ジャックス」〜髙﨑様 𠮷野\n${'あ'.repeat(80)}`
    const id = await submit('+819000000000', text, 7)
    await untilState(id, 'delivered')
    expect(carrier.messages({ to: '09000000000' })).toMatchObject([{ from: '0570000000', text }])
    expect(receiptsFor(id).map(({ state, reference }) => [state, reference])).toEqual([
      ['accepted', 7],
      ['delivered', 7],
    ])
  })

  test('a text that GSM-7 has goes in GSM-7', async () => {
    const text = 'Code 0417 @ {Annai} £5 [Ä]'
    const id = await submit('+819000000000', text, 8)
    await untilState(id, 'delivered')
    expect(carrier.messages({ to: '09000000000' })[0]).toMatchObject({ text })
  })

  test('a phone that cannot be reached is told, with the carrier’s number for why', async () => {
    const id = await submit('+819000000001', 'お知らせ', 9)
    await untilState(id, 'failed')
    expect(receiptsFor(id).at(-1)).toMatchObject({ state: 'failed', errorCode: '1', reference: 9 })
  })

  test('a receipt that could not be stored comes again', async () => {
    let refusals = 0
    gateway.onReceipt(async (receipt) => {
      if (receipt.state === 'delivered' && refusals === 0) {
        refusals += 1
        throw new Error('the database is away')
      }
      await store(receipt)
    })
    const id = await submit('+819000000000', 'お知らせ', 10)
    await untilState(id, 'delivered')
    expect(refusals).toBe(1)
    gateway.onReceipt(store)
  })

  test('a wrong password is the gateway’s trouble', async () => {
    const other = openKannel({ url: kannel.url, username: 'annai', password: 'wrong', callbackSecret: 'unused' })
    cleanUp.push(() => other.close())
    await other.whenReady()
    const [part] = other.split('お知らせ')
    if (part === undefined) throw new Error('a text has a part')
    expect(await other.submit({ to: phone('+819000000000'), from: '0570', part, reference: 1 })).toMatchObject({
      kind: 'refused',
      status: 'Authorization failed',
      blame: 'gateway',
    })
  })

  test('nothing of the person or the text stands in what Kannel calls', () => {
    expect(called.length).toBeGreaterThan(4)
    expect(called.filter((url) => /0900|9000|Code|%E3%81/.test(url.replace(/id=[^&]*&token=[^&]*/, '')))).toEqual([])
  })
})
