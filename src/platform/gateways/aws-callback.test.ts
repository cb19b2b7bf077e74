import { createSign } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { selfSigned } from '../../../test/self-signed.ts'
import { awsCallback } from './aws-callback.ts'
import { isSnsAddress } from './aws-sns.ts'
import type { Receipt, ReceiptState } from './gateway.ts'

const now = new Date('2026-11-24T10:00:00Z')
const topicArn = 'arn:aws:sns:ap-northeast-1:123456789012:sms-events'
const sns = 'https://sns.ap-northeast-1.amazonaws.com'
const certificateAddress = `${sns}/SimpleNotificationService-7ff5318490ec183fbaddaa2a969abfda.pem`
const amazons = selfSigned({ name: 'sns.amazonaws.com' })
const somebodys = selfSigned({ name: 'sns.amazonaws.com' })

/** The example of the user guide, "Example SMS event data", with an invented person's number. */
const event = {
  eventType: 'TEXT_DELIVERED',
  eventVersion: '1.0',
  eventTimestamp: 1686975103470,
  isFinal: true,
  originationPhoneNumber: '+12065550152',
  destinationPhoneNumber: '+819001234567',
  isInternationalSend: false,
  messageId: '862a8790-60c0-4430-9b2b-658bdexample',
  messageRequestTimestamp: 1686975103170,
  messageEncoding: 'Unicode',
  messageType: 'TRANSACTIONAL',
  messageStatus: 'DELIVERED',
  messageStatusDescription: 'Message has been accepted by phone',
  context: { reference: '513' },
}

type Fields = Readonly<Record<string, string>>

const notification = (message: object | string = event): Fields => ({
  Type: 'Notification',
  MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
  TopicArn: topicArn,
  Message: typeof message === 'string' ? message : JSON.stringify(message),
  Timestamp: '2026-11-24T10:00:00.000Z',
})
const confirmation = (
  subscribe = `${sns}/?Action=ConfirmSubscription&TopicArn=${topicArn}&Token=2336412f37`,
): Fields => ({
  Type: 'SubscriptionConfirmation',
  MessageId: '165545c9-2a5c-472c-8df2-7ff2be2b3b1b',
  Token: '2336412f37',
  TopicArn: topicArn,
  Message: 'You have chosen to subscribe to the topic.\nTo confirm the subscription, visit the SubscribeURL.',
  SubscribeURL: subscribe,
  Timestamp: '2026-11-24T10:00:00.000Z',
})

/** As the developer guide says: some of the fields, sorted, name and value each on a line. */
function signed(fields: Fields, { version = '2', key = amazons.key, address = certificateAddress } = {}): Fields {
  const names = ['Message', 'MessageId', 'SubscribeURL', 'Subject', 'Timestamp', 'Token', 'TopicArn', 'Type']
  const text = names.flatMap((name) => (fields[name] === undefined ? [] : [`${name}\n${fields[name]}\n`])).join('')
  const signature = createSign(version === '1' ? 'RSA-SHA1' : 'RSA-SHA256')
    .update(text)
    .sign(key, 'base64')
  return { ...fields, SignatureVersion: version, Signature: signature, SigningCertURL: address }
}

const call = (fields: object | string, method = 'POST') => ({
  method,
  url: 'https://sms.example.jp/callbacks/aws',
  headers: { 'x-amz-sns-message-type': 'Notification' },
  rawBody: Buffer.from(typeof fields === 'string' ? fields : JSON.stringify(fields)),
})

function listening(
  options: { isStored?: boolean; certificate?: string; successIsDelivery?: boolean; unreachable?: boolean } = {},
) {
  const receipts: Receipt[] = []
  const fetched: string[] = []
  const callback = awsCallback(
    {
      topicArn,
      now: () => now,
      successIsDelivery: options.successIsDelivery ?? false,
      fetchText: async (address) => {
        fetched.push(address)
        if (options.unreachable) throw new Error('no way there')
        return options.certificate ?? amazons.cert
      },
    },
    async (receipt) => {
      receipts.push(receipt)
      return options.isStored ?? true
    },
  )
  return { receipts, fetched, handle: callback.handle }
}

describe('an event', () => {
  test.each(['1', '2'])('signed in version %s is handed on', async (version) => {
    const { receipts, handle } = listening()
    expect(await handle(call(signed(notification(), { version })))).toEqual({ status: 200, body: 'received' })
    expect(receipts).toEqual([
      {
        carrierId: '862a8790-60c0-4430-9b2b-658bdexample',
        state: 'delivered',
        doneAt: new Date(1686975103470),
        reference: 513,
        to: '+819001234567',
        raw: 'eventType:TEXT_DELIVERED messageStatus:DELIVERED isFinal:true',
      },
    ])
  })

  test('with a subject is signed with it', async () => {
    const { receipts, handle } = listening()
    await handle(call(signed({ ...notification(), Subject: 'sms' })))
    expect(receipts).toHaveLength(1)
  })

  test('is fine a second time, and its certificate is fetched once', async () => {
    const { receipts, fetched, handle } = listening()
    await handle(call(signed(notification())))
    expect(await handle(call(signed(notification())))).toMatchObject({ status: 200 })
    expect(receipts).toHaveLength(2)
    expect(fetched).toEqual([certificateAddress])
  })

  test('that could not be stored is to come again', async () => {
    expect(await listening({ isStored: false }).handle(call(signed(notification())))).toMatchObject({ status: 503 })
  })

  test('whose certificate cannot be fetched is to come again', async () => {
    const { receipts, handle } = listening({ unreachable: true })
    expect(await handle(call(signed(notification())))).toMatchObject({ status: 503 })
    expect(receipts).toEqual([])
  })
})

describe('is handed to nobody: an event', () => {
  const good = signed(notification())
  const othersTopic = 'arn:aws:sns:ap-northeast-1:999999999999:sms-events'

  test.each<readonly [string, object]>([
    ['without a signature', notification()],
    ['signed with another key', signed(notification(), { key: somebodys.key })],
    ['changed after it was signed', { ...good, Message: JSON.stringify({ ...event, eventType: 'TEXT_BLOCKED' }) }],
    ['with the signature of another moment', { ...good, Timestamp: '2026-11-24T10:00:01.000Z' }],
    ['of a signature version nobody knows', { ...good, SignatureVersion: '3' }],
    ['signed in version 1 and said to be 2', { ...signed(notification(), { version: '1' }), SignatureVersion: '2' }],
    ['of somebody else’s topic, however well signed', signed({ ...notification(), TopicArn: othersTopic })],
    ['whose certificate lies elsewhere', signed(notification(), { address: 'https://sns.example.com/a.pem' })],
    [
      'whose certificate comes without TLS',
      signed(notification(), { address: certificateAddress.replace('https', 'http') }),
    ],
    ['whose certificate’s address is no certificate’s', signed(notification(), { address: `${sns}/?Action=Publish` })],
  ])('%s', async (_, fields) => {
    const { receipts, handle } = listening()
    expect(await handle(call(fields))).toMatchObject({ status: 403 })
    expect(receipts).toEqual([])
  })

  test.each([
    ['has run out', selfSigned({ to: '2026-11-23' })],
    ['is not valid yet', selfSigned({ from: '2026-11-25' })],
  ])('whose certificate %s', async (_, { cert, key }) => {
    const { receipts, handle } = listening({ certificate: cert })
    expect(await handle(call(signed(notification(), { key })))).toMatchObject({ status: 403 })
    expect(receipts).toEqual([])
  })

  test('whose certificate is none', async () => {
    expect(await listening({ certificate: 'not one' }).handle(call(good))).toMatchObject({ status: 403 })
  })

  test.each([
    ['that is no JSON', 'Action=Publish', 400],
    ['longer than any receipt', 'x'.repeat(65_537), 413],
  ])('%s', async (_, body, status) => {
    expect(await listening().handle(call(body))).toMatchObject({ status })
  })

  test('by another method', async () => {
    expect(await listening().handle(call(good, 'GET'))).toMatchObject({ status: 405 })
  })
})

describe('a subscription', () => {
  test('of our topic is confirmed', async () => {
    const { fetched, handle } = listening()
    const fields = confirmation()
    expect(await handle(call(signed(fields)))).toMatchObject({ status: 200 })
    expect(fetched).toEqual([certificateAddress, fields.SubscribeURL])
  })

  test.each([
    ['elsewhere', 'https://attacker.example/?Action=ConfirmSubscription'],
    ['without TLS', `http://sns.ap-northeast-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=${topicArn}`],
    ['to do something else', `${sns}/?Action=DeleteTopic&TopicArn=${topicArn}`],
    ['for another topic', `${sns}/?Action=ConfirmSubscription&TopicArn=${topicArn}2`],
  ])('that leads %s is not visited', async (_, address) => {
    const { fetched, handle } = listening()
    expect(await handle(call(signed(confirmation(address))))).toMatchObject({ status: 403 })
    expect(fetched).toEqual([certificateAddress])
  })

  test('that is not signed is not visited', async () => {
    const { fetched, handle } = listening()
    expect(await handle(call(confirmation()))).toMatchObject({ status: 403 })
    expect(fetched).toEqual([])
  })

  test('whose end SNS tells of changes nothing', async () => {
    const { receipts, fetched, handle } = listening()
    const fields = { ...confirmation(), Type: 'UnsubscribeConfirmation' }
    expect(await handle(call(signed(fields)))).toMatchObject({ status: 200 })
    expect([receipts, fetched]).toEqual([[], [certificateAddress]])
  })
})

test.each([
  ['https://sns.ap-northeast-1.amazonaws.com/a.pem', true],
  ['https://sns.cn-north-1.amazonaws.com.cn/a.pem', true],
  ['http://sns.ap-northeast-1.amazonaws.com/a.pem', false],
  ['https://sns.ap-northeast-1.amazonaws.com:444/a.pem', false],
  ['https://sns.ap-northeast-1.amazonaws.com@evil.example/a.pem', false],
  ['https://me:secret@sns.ap-northeast-1.amazonaws.com/a.pem', false],
  ['https://sns.evil.example/sns.ap-northeast-1.amazonaws.com/a.pem', false],
  ['https://sns.a.b.amazonaws.com/a.pem', false],
  ['https://notsns.ap-northeast-1.amazonaws.com/a.pem', false],
  ['https://sns.ap-northeast-1.amazonaws.com.evil.example/a.pem', false],
  ['https://s3.amazonaws.com/sns.ap-northeast-1/a.pem', false],
  ['not an address', false],
])('%s: %s', (address, is) => {
  expect(isSnsAddress(address)).toBe(is)
})

describe('an event of type', () => {
  test.each<readonly [string, object, ReceiptState]>([
    ['TEXT_DELIVERED', {}, 'delivered'],
    ['TEXT_SUCCESSFUL', {}, 'enroute'],
    ['TEXT_QUEUED', { isFinal: false }, 'accepted'],
    ['TEXT_PENDING', { isFinal: false }, 'accepted'],
    ['TEXT_SENT', { isFinal: false }, 'enroute'],
    ['TEXT_BLOCKED', {}, 'failed'],
    ['TEXT_CARRIER_BLOCKED', {}, 'failed'],
    ['TEXT_CARRIER_UNREACHABLE', {}, 'failed'],
    ['TEXT_INVALID', {}, 'failed'],
    ['TEXT_INVALID_MESSAGE', {}, 'failed'],
    ['TEXT_PROTECT_BLOCKED', {}, 'failed'],
    ['TEXT_SPAM', {}, 'failed'],
    ['TEXT_UNREACHABLE', {}, 'failed'],
    ['TEXT_UNREACHABLE', { isFinal: false }, 'enroute'],
    ['TEXT_TTL_EXPIRED', {}, 'expired'],
    ['TEXT_UNKNOWN', {}, 'unknown'],
    ['TEXT_NEW', {}, 'unknown'],
  ])('%s %o', async (eventType, more, state) => {
    const { receipts, handle } = listening()
    await handle(call(signed(notification({ ...event, eventType, messageStatus: 'WORD', ...more }))))
    expect(receipts).toMatchObject([{ state }])
    const isBad = state === 'failed' || state === 'expired' || state === 'unknown'
    expect(receipts[0]?.errorCode).toBe(isBad ? 'WORD' : undefined)
  })

  test('TEXT_SUCCESSFUL, where that is the best news there is', async () => {
    const { receipts, handle } = listening({ successIsDelivery: true })
    await handle(call(signed(notification({ ...event, eventType: 'TEXT_SUCCESSFUL' }))))
    expect(receipts).toMatchObject([{ state: 'delivered' }])
  })

  test.each(['VOICE_COMPLETED', 'MEDIA_DELIVERED'])('%s is not ours', async (eventType) => {
    const { receipts, handle } = listening()
    expect(await handle(call(signed(notification({ ...event, eventType }))))).toMatchObject({ status: 200 })
    expect(receipts).toEqual([])
  })
})
