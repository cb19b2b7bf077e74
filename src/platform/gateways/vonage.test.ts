import { createHash, createHmac, createPublicKey, generateKeyPairSync, verify } from 'node:crypto'
import { afterEach, describe, expect, test } from 'vitest'
import { phone } from '#values/phone'
import { type Reply, startHttpCarrier } from '../../../test/http-carrier.ts'
import type { Receipt, ReceiptState } from './gateway.ts'
import { openVonage, type VonageOptions } from './vonage.ts'
import { vonageCallback } from './vonage-callback.ts'
import { outcomeOfVonage, vonageStatuses } from './vonage-status.ts'

const now = new Date('2026-11-24T10:00:00Z')
const messageId = '0193a1b2-0000-7000-8000-000000000001'
const applicationId = 'aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab'
const signatureSecret = 'the account’s signature secret, of some length'
const privateKey = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString()

const cleanUp: (() => unknown)[] = []
afterEach(async () => {
  for (const clean of cleanUp.splice(0).reverse()) await clean()
})

const accepted: Reply = { status: 202, body: { message_uuid: 'vonage-1' } }
/** https://developer.vonage.com/api-errors: the form of RFC 9457. */
const refusal = (status: number, code: string, more: object = {}): Reply => ({
  status,
  body: {
    type: `https://developer.vonage.com/api-errors/messages#${code}`,
    title: 'No',
    detail: 'to 819001234567',
    ...more,
  },
})

async function vonageThat(reply: Reply, options: Partial<VonageOptions> = {}) {
  const carrier = await startHttpCarrier(reply)
  cleanUp.push(() => carrier.close())
  const account = { applicationId, privateKey, signatureSecret, apiHost: carrier.base }
  const gateway = openVonage({ ...account, now: () => now, responseTimeoutMs: 10_000, ...options })
  cleanUp.push(() => gateway.close())
  await gateway.whenReady()
  const submit = (text = '【案内】お知らせ', validUntil?: Date) => {
    const [part] = gateway.split(text)
    if (part === undefined) throw new Error('a text has a part')
    const to = phone('+819001234567')
    return gateway.submit({
      to,
      from: '+815000000000',
      part,
      reference: 513,
      messageId,
      ...(validUntil ? { validUntil } : {}),
    })
  }
  return { carrier, submit }
}

describe('a message', () => {
  test('is sent as the Messages API says, under a token of the application', async () => {
    const { carrier, submit } = await vonageThat(accepted, { callbackUrl: 'https://sms.example.jp/callbacks/vonage' })
    const outcome = await submit('【案内】お知らせ', new Date(now.getTime() + 300_999))
    expect(outcome).toEqual({ kind: 'submitted', carrierId: 'vonage-1' })
    const [asked] = carrier.asked
    expect(asked).toMatchObject({ method: 'POST', path: '/v1/messages' })
    expect(JSON.parse(asked?.body ?? '')).toEqual({
      message_type: 'text',
      channel: 'sms',
      to: '819001234567',
      from: '815000000000',
      text: '【案内】お知らせ',
      client_ref: `513.${messageId}`,
      ttl: 300,
      sms: { encoding_type: 'unicode' },
      webhook_url: 'https://sms.example.jp/callbacks/vonage',
      webhook_version: 'v1',
    })
    const [header = '', claims = '', signature = ''] = (asked?.headers.authorization ?? '')
      .replace('Bearer ', '')
      .split('.')
    expect(
      verify(
        'RSA-SHA256',
        Buffer.from(`${header}.${claims}`),
        createPublicKey(privateKey),
        Buffer.from(signature, 'base64url'),
      ),
    ).toBe(true)
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({ application_id: applicationId })
  })

  test('that GSM-7 has goes as text', async () => {
    const { carrier, submit } = await vonageThat(accepted)
    await submit('Hello')
    expect(JSON.parse(carrier.asked[0]?.body ?? '')).toMatchObject({ sms: { encoding_type: 'text' } })
  })

  test('that has less than twenty seconds is not sent', async () => {
    const { carrier, submit } = await vonageThat(accepted)
    expect(await submit('Hello', new Date(now.getTime() + 19_999))).toMatchObject({ status: 'EXPIRED' })
    expect(carrier.asked).toEqual([])
  })
})

describe('Vonage answers', () => {
  const field = (name: string) => ({ invalid_parameters: [{ name, reason: 'wrong' }] })

  test.each<readonly [string, Reply, object]>([
    [
      'a sender that is not allowed',
      refusal(422, '1120'),
      { kind: 'refused', status: '1120', retry: 'later', blame: 'gateway' },
    ],
    ['a barred number', refusal(422, '1050'), { kind: 'refused', status: '1050', retry: 'never', blame: 'message' }],
    ['a wrong number', refusal(422, '1020', field('to')), { kind: 'refused', retry: 'never', blame: 'message' }],
    ['a wrong sender', refusal(422, '1020', field('from')), { kind: 'refused', retry: 'later', blame: 'gateway' }],
    [
      'no money',
      { status: 402, body: { title: 'Low balance' } },
      { kind: 'refused', status: 'HTTP 402', blame: 'gateway' },
    ],
    [
      'a wrong key',
      { status: 401, body: { title: 'Unauthorized' } },
      { kind: 'refused', status: 'HTTP 401', blame: 'gateway' },
    ],
    ['too fast', refusal(429, '1000'), { kind: 'throttled', status: '1000' }],
    ['too fast, in words of the platform', refusal(429, 'rate-limit'), { kind: 'throttled', status: 'rate-limit' }],
    [
      'a code nobody knows',
      refusal(422, '1999'),
      { kind: 'refused', status: '1999', retry: 'later', blame: 'message' },
    ],
    ['an internal error', refusal(500, '1030'), { kind: 'doubtful', because: 'dropped' }],
    ['that it takes nothing', { status: 503 }, { kind: 'refused', status: 'HTTP 503', blame: 'gateway' }],
    ['a page of some proxy', { status: 200, body: '<html>' }, { kind: 'doubtful' }],
    ['nothing, and hangs up', 'reset', { kind: 'doubtful', because: 'dropped' }],
  ])('%s', async (_, reply, outcome) => {
    const { carrier, submit } = await vonageThat(reply)
    expect(await submit()).toMatchObject(outcome)
    expect(carrier.asked).toHaveLength(1)
  })

  test('words of its own that are not kept: they quote the phone number', async () => {
    const { submit } = await vonageThat(refusal(422, '1050'))
    expect(JSON.stringify(await submit())).not.toContain('9001234567')
  })
})

test.each(vonageStatuses.map((status) => [status.code, status] as const))(
  'error %s is in its table',
  (code, { next, meaning }) => {
    const outcome = outcomeOfVonage(422, { type: `https://developer.vonage.com/api-errors/messages#${code}` })
    if (next === 'slow-down') expect(outcome).toMatchObject({ kind: 'throttled', status: code })
    else if (next === 'in-doubt') expect(outcome).toMatchObject({ kind: 'doubtful' })
    else expect(outcome).toMatchObject({ kind: 'refused', status: code, meaning })
  },
)

test('a code that the table has leaves in doubt what a failing Vonage did', () => {
  const problem = { type: 'https://developer.vonage.com/api-errors/messages#1050' }
  expect(outcomeOfVonage(500, problem)).toEqual({ kind: 'doubtful', because: 'dropped' })
})

describe('a message status', () => {
  const delivered = {
    message_uuid: 'vonage-1',
    to: '819001234567',
    from: '815000000000',
    timestamp: '2026-11-24T10:00:05.000Z',
    status: 'delivered',
    client_ref: `513.${messageId}`,
    channel: 'sms',
  }
  const hashOf = (body: string) => createHash('sha256').update(body).digest('hex')
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

  /** A token as "signed webhooks" describes it. */
  const tokenFor = (
    body: string,
    { secret = signatureSecret, claims = {}, header = { alg: 'HS256', typ: 'JWT' } } = {},
  ) => {
    const told = {
      iat: 1,
      jti: 'one',
      iss: 'Vonage',
      api_key: 'abcd1234',
      application_id: applicationId,
      payload_hash: hashOf(body),
    }
    const text = `${part(header)}.${part({ ...told, ...claims })}`
    return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
  }
  const call = (status: object | string, token?: string, method = 'POST') => {
    const body = typeof status === 'string' ? status : JSON.stringify(status)
    return {
      method,
      url: 'https://sms.example.jp/callbacks/vonage',
      headers: { authorization: `Bearer ${token ?? tokenFor(body)}` },
      rawBody: Buffer.from(body),
    }
  }
  const listening = (isStored = true) => {
    const receipts: Receipt[] = []
    const callback = vonageCallback({ applicationId, signatureSecret }, async (receipt) => {
      receipts.push(receipt)
      return isStored
    })
    return { receipts, handle: callback.handle }
  }

  test('that is vouched for is handed on, also twice', async () => {
    const { receipts, handle } = listening()
    expect(await handle(call(delivered))).toEqual({ status: 200, body: 'received' })
    await handle(call(delivered))
    const receipt = {
      carrierId: 'vonage-1',
      state: 'delivered',
      doneAt: new Date('2026-11-24T10:00:05Z'),
      reference: 513,
      to: '+819001234567',
      raw: 'message_uuid:vonage-1 status:delivered timestamp:2026-11-24T10:00:05.000Z',
    }
    expect(receipts).toEqual([receipt, receipt])
  })

  const body = JSON.stringify(delivered)
  test.each([
    ['under another secret', tokenFor(body, { secret: 'another' })],
    ['for another body', tokenFor(JSON.stringify({ ...delivered, status: 'rejected' }))],
    ['with no hash of the body', tokenFor(body, { claims: { payload_hash: undefined } })],
    ['for another application', tokenFor(body, { claims: { application_id: 'bbbbbbbb-bbbb-4ccc-8ddd-0123456789ab' } })],
    ['that has run out', tokenFor(body, { claims: { exp: 1 } })],
    ['that says it needs no signature', tokenFor(body, { header: { alg: 'none', typ: 'JWT' } }).replace(/[^.]*$/, '')],
    ['that says it needs none, and has one', tokenFor(body, { header: { alg: 'none', typ: 'JWT' } })],
    ['that is none', 'not-a-token'],
  ])('with a token %s is handed to nobody', async (_, token) => {
    const { receipts, handle } = listening()
    expect(await handle(call(delivered, token))).toMatchObject({ status: 403 })
    expect(receipts).toEqual([])
  })

  test('without a token is handed to nobody', async () => {
    const { receipts, handle } = listening()
    expect(await handle({ ...call(delivered), headers: {} })).toMatchObject({ status: 403 })
    expect(receipts).toEqual([])
  })

  test.each([
    ['could not be stored', false, call(delivered), 503],
    ['is no status', true, call('{}'), 400],
    ['is longer than any receipt', true, call('x'.repeat(65_537)), 413],
    ['comes by another method', true, call(delivered, undefined, 'GET'), 405],
  ])('that %s', async (_, isStored, request, status) => {
    expect(await listening(isStored).handle(request)).toMatchObject({ status })
  })

  test.each<readonly [string, object, ReceiptState, string | undefined]>([
    ['submitted', {}, 'accepted', undefined],
    ['delivered', {}, 'delivered', undefined],
    ['read', {}, 'delivered', undefined],
    [
      'rejected',
      { error: { type: 'https://developer.vonage.com/api-errors/messages#1190', title: 1190 } },
      'failed',
      '1190',
    ],
    ['rejected', { error: { title: '1210' } }, 'failed', '1210'],
    ['rejected', { error: { title: 1360 } }, 'expired', '1360'],
    ['undeliverable', { error: { title: 1260 } }, 'failed', '1260'],
    ['undeliverable', {}, 'failed', undefined],
    ['something new', {}, 'unknown', undefined],
  ])('%s %o', async (status, more, state, errorCode) => {
    const { receipts, handle } = listening()
    await handle(call({ ...delivered, status, ...more }))
    expect(receipts).toMatchObject([{ state, ...(errorCode === undefined ? {} : { errorCode }) }])
    expect(receipts[0]?.errorCode).toBe(errorCode)
  })
})
