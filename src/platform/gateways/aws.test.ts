import { afterEach, describe, expect, test } from 'vitest'
import { phone } from '#values/phone'
import { type Reply, startHttpCarrier } from '../../../test/http-carrier.ts'
import { type AwsOptions, openAws } from './aws.ts'
import { awsStatuses, outcomeOfAws } from './aws-status.ts'

const now = new Date('2026-11-24T10:00:00Z')
const messageId = '0193a1b2-0000-7000-8000-000000000001'

const cleanUp: (() => unknown)[] = []
afterEach(async () => {
  for (const clean of cleanUp.splice(0).reverse()) await clean()
})

const accepted: Reply = { status: 200, body: { MessageId: 'aws-1' } }
const refusal = (status: number, type: string, more: object = {}): Reply => ({
  status,
  headers: { 'content-type': 'application/x-amz-json-1.0' },
  body: { __type: `com.amazonaws.pinpointsmsvoicev2#${type}`, Message: 'about +819001234567', ...more },
})

async function awsThat(reply: Reply, options: Partial<AwsOptions> = {}) {
  const carrier = await startHttpCarrier(reply)
  cleanUp.push(() => carrier.close())
  const gateway = openAws({
    region: 'ap-northeast-1',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'an example' },
    topicArn: 'arn:aws:sns:ap-northeast-1:123456789012:sms-events',
    configurationSetName: 'annai',
    endpoint: carrier.base,
    now: () => now,
    responseTimeoutMs: 10_000,
    ...options,
  })
  cleanUp.push(() => gateway.close())
  await gateway.whenReady()
  const submit = (validUntil?: Date) => {
    const [part] = gateway.split('【案内】お知らせ')
    if (part === undefined) throw new Error('a text has a part')
    const to = phone('+819001234567')
    return gateway.submit({ to, from: 'ANNAI', part, reference: 513, messageId, ...(validUntil ? { validUntil } : {}) })
  }
  return { carrier, submit }
}

describe('a message', () => {
  test('is sent as the reference of SendTextMessage says, signed', async () => {
    const { carrier, submit } = await awsThat(accepted)
    expect(await submit(new Date(now.getTime() + 300_999))).toEqual({ kind: 'submitted', carrierId: 'aws-1' })
    const [asked] = carrier.asked
    expect(asked).toMatchObject({
      method: 'POST',
      path: '/',
      headers: {
        'x-amz-target': 'PinpointSMSVoiceV2.SendTextMessage',
        authorization: expect.stringMatching(
          /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/ap-northeast-1\/sms-voice\//,
        ),
      },
    })
    expect(JSON.parse(asked?.body ?? '')).toEqual({
      DestinationPhoneNumber: '+819001234567',
      OriginationIdentity: 'ANNAI',
      MessageBody: '【案内】お知らせ',
      MessageType: 'TRANSACTIONAL',
      ConfigurationSetName: 'annai',
      Context: { reference: '513', messageId },
      TimeToLive: 300,
    })
  })

  test('that has less than five seconds is not sent', async () => {
    const { carrier, submit } = await awsThat(accepted)
    expect(await submit(new Date(now.getTime() + 4_999))).toMatchObject({ status: 'EXPIRED' })
    expect(carrier.asked).toEqual([])
  })
})

describe('AWS answers', () => {
  const optedOut = { Reason: 'DESTINATION_PHONE_NUMBER_OPTED_OUT' }
  const noMoney = { Reason: 'MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT' }
  const field = (Name: string) => ({ Reason: 'FIELD_VALIDATION_FAILED', Fields: [{ Name, Message: 'wrong' }] })

  test.each<readonly [string, Reply, object]>([
    [
      'that the person opted out',
      refusal(400, 'ConflictException', optedOut),
      { status: 'ConflictException DESTINATION_PHONE_NUMBER_OPTED_OUT', retry: 'never', blame: 'message' },
    ],
    [
      'that the money is spent',
      refusal(400, 'ServiceQuotaExceededException', noMoney),
      {
        status: 'ServiceQuotaExceededException MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT',
        retry: 'later',
        blame: 'gateway',
      },
    ],
    [
      'a wrong number',
      refusal(400, 'ValidationException', field('DestinationPhoneNumber')),
      { retry: 'never', blame: 'message' },
    ],
    [
      'a wrong sender',
      refusal(400, 'ValidationException', field('OriginationIdentity')),
      { retry: 'later', blame: 'gateway' },
    ],
    ['a wrong key', refusal(400, 'UnrecognizedClientException'), { retry: 'later', blame: 'gateway' }],
    ['too fast', refusal(400, 'ThrottlingException'), { kind: 'throttled', status: 'ThrottlingException' }],
    ['too fast, without a word', { status: 429 }, { kind: 'throttled', status: 'HTTP 429' }],
    ['what nobody knows', refusal(400, 'NewException'), { kind: 'refused', status: 'HTTP 400', retry: 'later' }],
    ['an internal error', refusal(500, 'InternalServerException'), { kind: 'doubtful', because: 'dropped' }],
    ['that it takes nothing', { status: 503 }, { kind: 'refused', status: 'HTTP 503', blame: 'gateway' }],
    [
      'a page of some proxy',
      { status: 403, body: '<html>' },
      { kind: 'refused', status: 'HTTP 403', blame: 'gateway' },
    ],
    ['an acceptance nobody can read', { status: 200, body: '<html>' }, { kind: 'doubtful' }],
    ['nothing, and hangs up', 'reset', { kind: 'doubtful', because: 'dropped' }],
  ])('%s', async (_, reply, outcome) => {
    const { carrier, submit } = await awsThat(reply)
    expect(await submit()).toMatchObject(outcome)
    // The library was told to try once: with its own three tries a doubtful message would be sent again.
    expect(carrier.asked.map(({ headers }) => headers['amz-sdk-request'])).toEqual(['attempt=1; max=1'])
  })

  test('words of its own that are not kept: they quote the phone number', async () => {
    const { submit } = await awsThat(refusal(400, 'ConflictException', optedOut))
    expect(JSON.stringify(await submit())).not.toContain('9001234567')
  })
})

test('without credentials nothing is sent', async () => {
  const credentials = (() => Promise.reject(new Error('none here'))) as unknown as NonNullable<
    AwsOptions['credentials']
  >
  const { carrier, submit } = await awsThat(accepted, { credentials })
  expect(await submit()).toEqual({ kind: 'not-sent', because: 'no-bind' })
  expect(carrier.asked).toEqual([])
})

test.each(awsStatuses.map((status) => [status.code, status] as const))(
  '%s is in its table',
  (code, { next, meaning }) => {
    const [name = '', reason] = code.split(' ')
    const outcome = outcomeOfAws({ status: 400, name, fields: [], ...(reason === undefined ? {} : { reason }) })
    expect(outcome).toMatchObject(
      next === 'slow-down' ? { kind: 'throttled' } : { kind: 'refused', status: code, meaning },
    )
  },
)

test('an exception that the table has leaves in doubt what a failing AWS did', () => {
  const outcome = outcomeOfAws({ status: 500, name: 'ConflictException', fields: [] })
  expect(outcome).toEqual({ kind: 'doubtful', because: 'dropped' })
})

test('a reason that is new goes by its exception', () => {
  const outcome = outcomeOfAws({ status: 400, name: 'ConflictException', reason: 'NEW', fields: [] })
  expect(outcome).toMatchObject({ kind: 'refused', status: 'ConflictException NEW', retry: 'later', blame: 'gateway' })
})
