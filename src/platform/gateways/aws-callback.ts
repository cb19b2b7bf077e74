import { receiptOfEvent } from './aws-event.ts'
import { isFromSns, isSnsAddress, type SnsMessage } from './aws-sns.ts'
import {
  answerOf,
  answers,
  type CallbackAnswer,
  type CallbackRequest,
  type HandOn,
  jsonOf,
  type ReceiptCallback,
  refusalOf,
  textOf,
} from './callback.ts'
import { type Http, openHttp } from './http-exchange.ts'

/**
 * AWS brings its events through an SNS topic that is subscribed to our address. A signature of SNS alone means little,
 * for anybody may own a topic: only ours is heard, and only its subscription is confirmed.
 */
export function awsCallback(options: AwsCallbackOptions, handOn: HandOn): ReceiptCallback {
  const certificates = new Map<string, string>()
  const fetchText = options.fetchText ?? fetchOverHttps()
  const fetchCertificate = async (address: string): Promise<string> => {
    const known = certificates.get(address)
    if (known !== undefined) return known
    const fetched = await fetchText(address)
    // SNS renews its certificate about once a year; whoever makes us fetch more than these makes us forget them.
    if (certificates.size >= 10) certificates.clear()
    certificates.set(address, fetched)
    return fetched
  }
  return { handle: (request) => handle(request, { ...options, fetchText, fetchCertificate }, handOn) }
}

export type AwsCallbackOptions = {
  /** 'arn:aws:sns:ap-northeast-1:123456789012:sms-events' */
  readonly topicArn: string
  /** Whether TEXT_SUCCESSFUL counts as delivered; AWS uses the two interchangeably in some countries. No by default. */
  readonly successIsDelivery?: boolean
  /** Reads one of SNS's own addresses over HTTPS; rejects unless the answer is 200. */
  readonly fetchText?: (address: string) => Promise<string>
  readonly now?: () => Date
}

type Callback = AwsCallbackOptions & {
  readonly fetchText: (address: string) => Promise<string>
  readonly fetchCertificate: (address: string) => Promise<string>
}

async function handle(request: CallbackRequest, callback: Callback, handOn: HandOn): Promise<CallbackAnswer> {
  const refusal = refusalOf(request, 'POST')
  if (refusal) return refusal
  const message = jsonOf(request.rawBody.toString('utf8'))
  if (message === undefined) return answers.unreadable
  if (textOf(message.TopicArn) !== callback.topicArn) return answers.unsigned
  try {
    const now = callback.now?.() ?? new Date()
    const { fetchCertificate } = callback
    if (!(await isFromSns(message, { fetchCertificate, now }))) return answers.unsigned
    return await take(message, callback, handOn)
  } catch {
    // SNS's own addresses did not answer us; it will bring the message again.
    return answers.later
  }
}

async function take(message: SnsMessage, callback: Callback, handOn: HandOn): Promise<CallbackAnswer> {
  switch (message.Type) {
    case 'Notification': {
      const receipt = receiptOfEvent(textOf(message.Message), {
        successIsDelivery: callback.successIsDelivery === true,
      })
      // Other events of the account may come by the same topic; they are not for us to keep.
      return receipt === undefined ? answers.received : answerOf(receipt, handOn)
    }
    case 'SubscriptionConfirmation':
      return confirm(textOf(message.SubscribeURL), callback)
    default:
      return answers.received
  }
}

/** The address is signed, and still only one that confirms just this topic is called. */
async function confirm(address: string, { topicArn, fetchText }: Callback): Promise<CallbackAnswer> {
  if (!isSnsAddress(address)) return answers.unsigned
  const { searchParams } = new URL(address)
  if (searchParams.get('Action') !== 'ConfirmSubscription') return answers.unsigned
  if (searchParams.get('TopicArn') !== topicArn) return answers.unsigned
  await fetchText(address)
  return answers.received
}

function fetchOverHttps(): (address: string) => Promise<string> {
  let http: Http | undefined
  return async (url) => {
    http ??= openHttp({ timeoutMs: 5_000, connectionsMax: 2, answerBytesMax: 16_384 })
    const exchange = await http.exchange({ url, method: 'GET', headers: {} })
    if (exchange.kind !== 'answered' || exchange.status !== 200) throw new Error('SNS did not answer.')
    return exchange.body.toString('utf8')
  }
}
