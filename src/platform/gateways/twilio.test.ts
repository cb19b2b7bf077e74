import { createHmac } from 'node:crypto'
import { afterEach, describe, expect, test } from 'vitest'
import { phone } from '#values/phone'
import { type Asked, type Reply, startHttpCarrier } from '../../../test/http-carrier.ts'
import type { Receipt, ReceiptState } from './gateway.ts'
import { openTwilio, type TwilioOptions } from './twilio.ts'
import { twilioCallback, twilioCallbackUrl } from './twilio-callback.ts'
import { outcomeOfTwilio, twilioStatuses } from './twilio-status.ts'

const now = new Date('2026-11-24T10:00:00Z')
const account = { accountSid: `AC${'0'.repeat(32)}`, authToken: 'a token' }

const cleanUp: (() => unknown)[] = []
afterEach(async () => {
  for (const clean of cleanUp.splice(0).reverse()) await clean()
})

/** https://www.twilio.com/docs/messaging/api/message-resource: what Twilio answers when it has queued a message. */
const queued: Reply = {
  status: 201,
  body: { sid: 'SM0000000000000000000000000000000a', status: 'queued', error_code: null },
}
const refusal = (status: number, code: number): Reply => ({
  status,
  body: { code, message: `about +819001234567`, more_info: `https://www.twilio.com/docs/errors/${code}`, status },
})

async function twilioThat(first: Reply | ((asked: Asked) => Reply), options: Partial<TwilioOptions> = {}) {
  const carrier = await startHttpCarrier(first)
  cleanUp.push(() => carrier.close())
  const gateway = openTwilio({
    ...account,
    apiBase: carrier.base,
    now: () => now,
    responseTimeoutMs: 5_000,
    ...options,
  })
  cleanUp.push(() => gateway.close())
  await gateway.whenReady()
  const submit = (more: { readonly from?: string; readonly validUntil?: Date } = {}) => {
    const [part] = gateway.split('【案内】お知らせ')
    if (part === undefined) throw new Error('a text has a part')
    return gateway.submit({ to: phone('+819001234567'), from: '+815000000000', part, reference: 513, ...more })
  }
  return { carrier, gateway, submit }
}

describe('a message', () => {
  test('is created as Twilio’s reference says', async () => {
    const { carrier, submit } = await twilioThat(queued, { callbackUrl: 'https://sms.example.jp/callbacks/twilio' })
    const outcome = await submit({ validUntil: new Date(now.getTime() + 300_999) })
    expect(outcome).toEqual({ kind: 'submitted', carrierId: 'SM0000000000000000000000000000000a' })
    const [asked] = carrier.asked
    expect(asked).toMatchObject({ method: 'POST', path: `/2010-04-01/Accounts/${account.accountSid}/Messages.json` })
    expect(asked?.headers.authorization).toBe(`Basic ${btoa(`${account.accountSid}:a token`)}`)
    expect(Object.fromEntries(new URLSearchParams(asked?.body))).toEqual({
      To: '+819001234567',
      From: '+815000000000',
      Body: '【案内】お知らせ',
      ValidityPeriod: '300',
      StatusCallback: 'https://sms.example.jp/callbacks/twilio?reference=513',
    })
  })

  test('may be sent with an API key, through a messaging service', async () => {
    const apiKey = { sid: `SK${'1'.repeat(32)}`, secret: 'of the key' }
    const { carrier, submit } = await twilioThat(queued, { apiKey })
    await submit({ from: `MG${'2'.repeat(32)}` })
    expect(carrier.asked[0]?.path).toContain(account.accountSid)
    expect(carrier.asked[0]?.headers.authorization).toBe(`Basic ${btoa(`${apiKey.sid}:of the key`)}`)
    const body = new URLSearchParams(carrier.asked[0]?.body)
    expect([body.get('MessagingServiceSid'), body.get('From')]).toEqual([`MG${'2'.repeat(32)}`, null])
  })

  test('that has ten hours or more is kept ten hours', async () => {
    const { carrier, submit } = await twilioThat(queued)
    await submit({ validUntil: new Date(now.getTime() + 40_000_000) })
    expect(new URLSearchParams(carrier.asked[0]?.body).get('ValidityPeriod')).toBe('36000')
  })

  test('that has less than a second is not sent', async () => {
    const { carrier, submit } = await twilioThat(queued)
    expect(await submit({ validUntil: new Date(now.getTime() + 999) })).toMatchObject({ status: 'EXPIRED' })
    expect(carrier.asked).toEqual([])
  })
})

describe('Twilio answers', () => {
  test.each<readonly [string, Reply, object]>([
    [
      'an error of the message',
      refusal(400, 21211),
      { kind: 'refused', status: '21211', retry: 'never', blame: 'message' },
    ],
    [
      'an opted-out person',
      refusal(400, 21610),
      { kind: 'refused', status: '21610', retry: 'never', blame: 'message' },
    ],
    ['a wrong token', refusal(401, 20003), { kind: 'refused', status: '20003', retry: 'later', blame: 'gateway' }],
    ['too fast', refusal(429, 20429), { kind: 'throttled', status: '20429' }],
    ['too fast, without a code', { status: 429 }, { kind: 'throttled', status: 'HTTP 429' }],
    ['a full queue', refusal(400, 21611), { kind: 'throttled', status: '21611' }],
    [
      'a code nobody knows',
      refusal(400, 29999),
      { kind: 'refused', status: '29999', retry: 'later', blame: 'message' },
    ],
    ['an internal error', refusal(500, 20500), { kind: 'doubtful', because: 'dropped' }],
    ['that it takes nothing', { status: 503, body: 'busy' }, { kind: 'refused', status: 'HTTP 503', blame: 'gateway' }],
    ['a page of some proxy', { status: 200, body: '<html>' }, { kind: 'doubtful' }],
    ['an acceptance without an id', { status: 201, body: {} }, { kind: 'doubtful' }],
    ['nothing, and hangs up', 'reset', { kind: 'doubtful', because: 'dropped' }],
  ])('%s', async (_, reply, outcome) => {
    const { carrier, submit } = await twilioThat(reply)
    expect(await submit()).toMatchObject(outcome)
    // Not even "too fast" is tried again by the library: when to try again is the sender's to say.
    expect(carrier.asked).toHaveLength(1)
  })

  test('words of its own that are not kept: they quote the phone number', async () => {
    const { submit } = await twilioThat(refusal(400, 21211))
    expect(JSON.stringify(await submit())).not.toContain('9001234567')
  })
})

test.each(twilioStatuses.map((status) => [status.code, status] as const))(
  'error %s is in its table',
  (code, { next }) => {
    const kinds = { 'give-up': 'never', 'try-later': 'later', 'fix-gateway': 'later' } as Readonly<
      Record<string, string>
    >
    const outcome = outcomeOfTwilio(400, Number(code))
    expect(outcome).toMatchObject(
      next === 'slow-down' ? { kind: 'throttled' } : { kind: 'refused', retry: kinds[next] },
    )
  },
)

test('a code that the table has leaves in doubt what a failing Twilio did', () => {
  expect(outcomeOfTwilio(500, 21211)).toEqual({ kind: 'doubtful', because: 'dropped' })
})

describe('a status callback', () => {
  const url = twilioCallbackUrl('https://sms.example.jp/callbacks/twilio', 513)
  const delivered = {
    MessageSid: 'SM1',
    MessageStatus: 'delivered',
    To: '+819001234567',
    AccountSid: account.accountSid,
  }

  /** As Twilio's page on security says: the address, and every name and value after it, sorted by name. */
  const signatureOf = (fields: Readonly<Record<string, string>>, token = account.authToken, address = url) => {
    const text = Object.entries(fields)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flat()
      .join('')
    return createHmac('sha1', token)
      .update(address + text)
      .digest('base64')
  }
  const call = (
    fields: Readonly<Record<string, string>>,
    more: { signature?: string; method?: string; body?: string } = {},
  ) => ({
    method: more.method ?? 'POST',
    url,
    headers: { 'x-twilio-signature': more.signature ?? signatureOf(fields) },
    rawBody: Buffer.from(more.body ?? new URLSearchParams(fields).toString()),
  })
  const listening = (store: (receipt: Receipt) => Promise<boolean> = async () => true) => {
    const receipts: Receipt[] = []
    const callback = twilioCallback(account, (receipt) => {
      receipts.push(receipt)
      return store(receipt)
    })
    return { receipts, handle: callback.handle }
  }

  test('that is signed is handed on, with our reference out of the address', async () => {
    const { receipts, handle } = listening()
    expect(await handle(call(delivered))).toEqual({ status: 200, body: 'received' })
    expect(receipts).toEqual([
      {
        carrierId: 'SM1',
        state: 'delivered',
        reference: 513,
        to: '+819001234567',
        raw: 'MessageSid:SM1 MessageStatus:delivered',
      },
    ])
  })

  test('is fine a second time', async () => {
    const { receipts, handle } = listening()
    await handle(call(delivered))
    expect(await handle(call(delivered))).toMatchObject({ status: 200 })
    expect(receipts).toHaveLength(2)
  })

  test.each([
    ['signed with another token', { signature: signatureOf(delivered, 'another') }],
    ['signed for another address', { signature: signatureOf(delivered, account.authToken, `${url}4`) }],
    ['whose fields were changed', { body: new URLSearchParams({ ...delivered, MessageStatus: 'failed' }).toString() }],
    ['with an empty signature', { signature: '' }],
  ])('%s is handed to nobody', async (_, more) => {
    const { receipts, handle } = listening()
    expect(await handle(call(delivered, more))).toMatchObject({ status: 403 })
    expect(receipts).toEqual([])
  })

  test('without a signature is handed to nobody', async () => {
    const { receipts, handle } = listening()
    expect(await handle({ ...call(delivered), headers: {} })).toMatchObject({ status: 403 })
    expect(receipts).toEqual([])
  })

  test('is signed as the published example is', async () => {
    // The example of Twilio's libraries and of its page on security.
    const fields = {
      CallSid: 'CA1234567890ABCDE',
      Caller: '+14158675309',
      Digits: '1234',
      From: '+14158675309',
      To: '+18005551212',
    }
    const { handle } = listening()
    const example = {
      ...call(fields, { signature: 'RSOYDt4T1cUTdK1PDd93/VVr8B8=' }),
      url: 'https://mycompany.com/myapp.php?foo=1&bar=2',
    }
    const callback = twilioCallback({ authToken: '12345' }, async () => true)
    // It is signed, so it is read; and it is no message's status.
    expect(await callback.handle(example)).toMatchObject({ status: 400 })
    expect(await handle(example)).toMatchObject({ status: 403 })
  })

  test('that could not be stored is to come again', async () => {
    const { handle } = listening(async () => false)
    expect(await handle(call(delivered))).toMatchObject({ status: 503 })
  })

  test.each([
    ['is longer than any receipt', { body: 'x'.repeat(65_537) }, 413],
    ['comes by another method', { method: 'GET' }, 405],
  ])('that %s is refused unread', async (_, more, status) => {
    const { receipts, handle } = listening()
    expect(await handle(call(delivered, more))).toMatchObject({ status })
    expect(receipts).toEqual([])
  })

  test.each<readonly [string, string | undefined, ReceiptState]>([
    ['accepted', undefined, 'accepted'],
    ['queued', undefined, 'accepted'],
    ['sending', undefined, 'accepted'],
    ['sent', undefined, 'enroute'],
    ['delivered', undefined, 'delivered'],
    ['read', undefined, 'delivered'],
    ['undelivered', '30003', 'failed'],
    ['undelivered', '30036', 'expired'],
    ['failed', '30007', 'failed'],
    ['canceled', undefined, 'failed'],
    ['something new', undefined, 'unknown'],
  ])('%s %s is %s', async (word, code, state) => {
    const { receipts, handle } = listening()
    await handle(call({ MessageSid: 'SM1', MessageStatus: word, ...(code === undefined ? {} : { ErrorCode: code }) }))
    expect(receipts).toMatchObject([{ state, ...(code === undefined ? {} : { errorCode: code }) }])
  })

  test('reaches the gateway’s own handler, and a handler that throws asks for it again', async () => {
    const gateway = openTwilio({ ...account, apiBase: 'http://127.0.0.1:1' })
    cleanUp.push(() => gateway.close())
    expect(await gateway.callback.handle(call(delivered))).toMatchObject({ status: 503 })
    const receipts: Receipt[] = []
    gateway.onReceipt(async (receipt) => void receipts.push(receipt))
    expect(await gateway.callback.handle(call(delivered))).toMatchObject({ status: 200 })
    expect(receipts).toHaveLength(1)
    gateway.onReceipt(() => Promise.reject(new Error('the database is away')))
    expect(await gateway.callback.handle(call(delivered))).toMatchObject({ status: 503 })
  })
})
