import { afterEach, describe, expect, test } from 'vitest'
import { phone } from '#values/phone'
import { type Reply, startHttpCarrier } from '../../../test/http-carrier.ts'
import type { Receipt } from './gateway.ts'
import { type KannelOptions, openKannel } from './kannel.ts'
import { kannelCallback, kannelCallbackUrl, kannelIdOf } from './kannel-callback.ts'
import { kannelStatuses, outcomeOfKannel } from './kannel-status.ts'

const now = new Date('2026-11-24T10:00:00Z')
const callbackSecret = 'a secret of at least thirty-two characters'
const messageId = '0193a1b2-0000-7000-8000-000000000001'

const cleanUp: (() => unknown)[] = []
afterEach(async () => {
  for (const clean of cleanUp.splice(0).reverse()) await clean()
})

async function kannelThat(reply: Reply, options: Partial<KannelOptions> = {}) {
  const carrier = await startHttpCarrier(reply)
  cleanUp.push(() => carrier.close())
  const account = { url: `${carrier.base}/cgi-bin/sendsms`, username: 'annai', password: 'pass' }
  const gateway = openKannel({ ...account, callbackSecret, now: () => now, responseTimeoutMs: 5_000, ...options })
  cleanUp.push(() => gateway.close())
  await gateway.whenReady()
  const submit = (text = '【案内】お知らせ', validUntil?: Date) => {
    const [part] = gateway.split(text)
    if (part === undefined) throw new Error('a text has a part')
    const to = phone('+819001234567')
    return gateway.submit({
      to,
      from: '0570000000',
      part,
      reference: 513,
      messageId,
      ...(validUntil ? { validUntil } : {}),
    })
  }
  return { carrier, submit }
}

const accepted: Reply = { status: 202, body: '0: Accepted for delivery' }

describe('a message', () => {
  test('goes in the body and the headers, so that no address holds a number or a text', async () => {
    const callbackUrl = 'http://10.0.0.5/callbacks/kannel'
    const { carrier, submit } = await kannelThat(accepted, { callbackUrl, smsc: 'docomo' })
    const carrierId = `${messageId}.1.513`
    expect(await submit('【案内】お知らせ', new Date(now.getTime() + 299_000))).toEqual({
      kind: 'submitted',
      carrierId,
    })
    expect(carrier.asked).toMatchObject([
      {
        method: 'POST',
        path: '/cgi-bin/sendsms',
        body: '【案内】お知らせ',
        headers: {
          'content-type': 'text/plain; charset=UTF-8',
          'x-kannel-username': 'annai',
          'x-kannel-password': 'pass',
          'x-kannel-to': '+819001234567',
          'x-kannel-from': '0570000000',
          'x-kannel-coding': '2',
          'x-kannel-validity': '4',
          'x-kannel-smsc': 'docomo',
          'x-kannel-dlr-mask': '31',
          'x-kannel-dlr-url': kannelCallbackUrl(callbackUrl, carrierId, callbackSecret),
        },
      },
    ])
  })

  test('that GSM-7 has goes in GSM-7, and asks for no receipts where nobody hears them', async () => {
    const { carrier, submit } = await kannelThat(accepted)
    await submit('Hello')
    expect(carrier.asked[0]?.headers).toMatchObject({ 'x-kannel-coding': '0' })
    expect(Object.keys(carrier.asked[0]?.headers ?? {}).filter((name) => /dlr|validity|smsc/.test(name))).toEqual([])
  })

  test('that has less than a minute is not sent', async () => {
    const { carrier, submit } = await kannelThat(accepted)
    expect(await submit('Hello', new Date(now.getTime() + 59_999))).toMatchObject({ status: 'EXPIRED' })
    expect(carrier.asked).toEqual([])
  })
})

describe('Kannel answers', () => {
  test.each<readonly [string, Reply, object]>([
    ['that it has it in its store', { status: 202, body: '3: Queued for later delivery' }, { kind: 'submitted' }],
    [
      'a wrong password',
      { status: 403, body: 'Authorization failed for sendsms' },
      { status: 'Authorization failed', blame: 'gateway' },
    ],
    [
      'a number on a list',
      { status: 403, body: 'Number(s) has/have been denied by white- and/or black-lists.' },
      { retry: 'never' },
    ],
    ['no route', { status: 403, body: 'Not routable. Do not try again.' }, { retry: 'later', blame: 'gateway' }],
    [
      'a field it cannot read',
      { status: 400, body: 'Validity field misformed, rejected' },
      { status: 'rejected', blame: 'gateway' },
    ],
    [
      'later',
      { status: 503, body: 'Temporal failure, try again later.' },
      { status: 'Temporal failure', retry: 'later' },
    ],
    ['an error of its own', { status: 500, body: 'oops' }, { kind: 'doubtful' }],
    ['as some other server does', { status: 200, body: 'It works!' }, { kind: 'doubtful' }],
    ['nothing, and hangs up', 'reset', { kind: 'doubtful', because: 'dropped' }],
  ])('%s', async (_, reply, outcome) => {
    const { carrier, submit } = await kannelThat(reply)
    expect(await submit()).toMatchObject(outcome)
    expect(carrier.asked).toHaveLength(1)
  })
})

test.each(kannelStatuses.map((status) => [status.code, status.meaning] as const))(
  '"%s" is in its table',
  (code, meaning) => {
    expect(outcomeOfKannel(403, `${code}, says Kannel`)).toMatchObject({ kind: 'refused', status: code, meaning })
  },
)

describe('a delivery report', () => {
  const carrierId = kannelIdOf(messageId, 1, 513)
  const asked = kannelCallbackUrl('http://10.0.0.5/callbacks/kannel', carrierId, callbackSecret)
  /** Kannel puts what it knows in the places of %d and %D. */
  const filled = (type: string, meta = '') => asked.replace('%d', type).replace('%D', encodeURIComponent(meta))
  const call = (url: string, method = 'GET') => ({ method, url, headers: {}, rawBody: Buffer.alloc(0) })
  const listening = (isStored = true) => {
    const receipts: Receipt[] = []
    const callback = kannelCallback({ callbackSecret }, async (receipt) => {
      receipts.push(receipt)
      return isStored
    })
    return { receipts, handle: callback.handle }
  }

  test('with its token is handed on, also twice', async () => {
    const { receipts, handle } = listening()
    expect(await handle(call(filled('1')))).toEqual({ status: 200, body: 'received' })
    expect(await handle(call(filled('1')))).toMatchObject({ status: 200 })
    const receipt = { carrierId, state: 'delivered', reference: 513, raw: 'type:1' }
    expect(receipts).toEqual([receipt, receipt])
  })

  test.each([
    ['with no token', filled('1').replace(/token=[^&]*/, '')],
    ['with a token cut short', filled('1').replace(/(token=[^&]{10})[^&]*/, '$1')],
    ['with the token of another message', filled('1').replace('.1.513', '.1.514')],
    [
      'with the token of another secret',
      kannelCallbackUrl('http://10.0.0.5/', carrierId, 'another').replace('%d', '1'),
    ],
  ])('%s is handed to nobody', async (_, url) => {
    const { receipts, handle } = listening()
    expect(await handle(call(url))).toMatchObject({ status: 403 })
    expect(receipts).toEqual([])
  })

  test('that could not be stored is to come again', async () => {
    expect(await listening(false).handle(call(filled('1')))).toMatchObject({ status: 503 })
  })

  test('by another method is refused', async () => {
    const { receipts, handle } = listening()
    expect(await handle(call(filled('1'), 'POST'))).toMatchObject({ status: 405 })
    expect(receipts).toEqual([])
  })

  test.each([
    ['1', '', { state: 'delivered' }],
    ['2', '?smpp?dlr_err=%03%00%01&', { state: 'failed', errorCode: '1' }],
    ['2', '?orig_msg?dlr_mask=31&?smpp?dlr_err=%03%01%02&', { state: 'failed', errorCode: '258' }],
    ['2', '?smpp?dlr_err=027&', { state: 'failed', errorCode: '027' }],
    ['4', '', { state: 'enroute' }],
    ['8', '', { state: 'accepted' }],
    ['16', '', { state: 'failed' }],
    ['34', '', { state: 'expired' }],
    ['66', '', { state: 'unknown' }],
    ['%d', '', { state: 'unknown' }],
  ])('of type %s %s', async (type, meta, receipt) => {
    const { receipts, handle } = listening()
    await handle(call(filled(type, meta)))
    expect(receipts).toMatchObject([receipt])
  })
})
