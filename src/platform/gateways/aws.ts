import type { PinpointSMSVoiceV2ClientConfig } from '@aws-sdk/client-pinpoint-sms-voice-v2'
import { type AwsCallbackOptions, awsCallback } from './aws-callback.ts'
import { referenceKey } from './aws-event.ts'
import { type AwsError, outcomeOfAws } from './aws-status.ts'
import { given, type ReceiptCallback, recordOf, textOf } from './callback.ts'
import type { Gateway, OutgoingPart } from './gateway.ts'
import type { Http } from './http-exchange.ts'
import { askInFlight } from './http-flight.ts'
import {
  type HttpCarrier,
  HttpGateway,
  type HttpGatewayOptions,
  type LivingValidity,
  type Sending,
} from './http-gateway.ts'

/**
 * A gateway over AWS End User Messaging SMS
 * (https://docs.aws.amazon.com/pinpoint/latest/apireference_smsvoicev2/API_SendTextMessage.html).
 */
export function openAws(options: AwsOptions): Gateway & { readonly callback: ReceiptCallback } {
  const gateway = new HttpGateway(carrierOf(options), options)
  return Object.assign(gateway, { callback: awsCallback(options, gateway.handOn) })
}

export type AwsOptions = HttpGatewayOptions &
  Omit<AwsCallbackOptions, 'now'> & {
    /** 'ap-northeast-1' */
    readonly region: string
    /** Without them the machine's own are found as every AWS program does: role, profile, environment. */
    readonly credentials?: {
      readonly accessKeyId: string
      readonly secretAccessKey: string
      readonly sessionToken?: string
    }
    /** Sends the events of its messages to the topic; without it there are no receipts. */
    readonly configurationSetName?: string
    /** Instead of AWS's own: 'http://127.0.0.1:8080'. */
    readonly endpoint?: string
  }

/** Seconds, 5 to 259,200: 72 hours (the reference of SendTextMessage). It bounds AWS's own queue. */
const validity = { unitMs: 1_000, min: 5, max: 259_200 }

function carrierOf(options: AwsOptions): HttpCarrier {
  return { validity, load: (http) => load(options, http) }
}

async function load(options: AwsOptions, http: Http): Promise<Sending> {
  const { PinpointSMSVoiceV2Client, PinpointSMSVoiceV2ServiceException, SendTextMessageCommand } = await import(
    '@aws-sdk/client-pinpoint-sms-voice-v2'
  )
  const client = new PinpointSMSVoiceV2Client({
    region: options.region,
    // The library tries three times of its own accord, which would send a message twice that was taken and not answered.
    maxAttempts: 1,
    requestHandler: transportOver(http),
    ...given({ credentials: options.credentials, endpoint: options.endpoint }),
  })
  return async (part, life) => {
    try {
      const { MessageId } = await client.send(new SendTextMessageCommand(messageOf(part, life, options)))
      return MessageId ? { kind: 'submitted', carrierId: MessageId } : { kind: 'doubtful', because: 'dropped' }
    } catch (error) {
      if (!(error instanceof PinpointSMSVoiceV2ServiceException)) throw error
      return outcomeOfAws(readError(error))
    }
  }
}

function messageOf({ to, from, part, reference, messageId }: OutgoingPart, life: LivingValidity, options: AwsOptions) {
  return {
    DestinationPhoneNumber: to,
    OriginationIdentity: from,
    MessageBody: part.text,
    MessageType: 'TRANSACTIONAL' as const,
    Context: { [referenceKey]: String(reference), ...given({ messageId }) },
    ...(life.kind === 'limited' ? { TimeToLive: life.units } : {}),
    ...given({ ConfigurationSetName: options.configurationSetName }),
  }
}

type Transport = Exclude<PinpointSMSVoiceV2ClientConfig['requestHandler'], undefined>

/** Puts our own transport under the library. */
function transportOver(http: Http): Transport {
  return {
    async handle(request: TransportRequest) {
      const { protocol, hostname, port, path, method, headers, body } = request
      const { status, ...answer } = await askInFlight(http, {
        url: `${protocol}//${hostname}${port === undefined ? '' : `:${port}`}${path}`,
        method,
        headers,
        ...(typeof body === 'string' || body instanceof Uint8Array ? { body } : {}),
      })
      return { response: { statusCode: status, headers: answer.headers, body: new Uint8Array(answer.body) } }
    },
  } as Transport
}

type TransportRequest = {
  readonly protocol: string
  readonly hostname: string
  readonly port?: number
  readonly path: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: unknown
}

function readError(error: {
  readonly name: string
  readonly $metadata: { readonly httpStatusCode?: number | undefined }
}): AwsError {
  const told = recordOf(error) ?? {}
  const fields = Array.isArray(told.Fields) ? told.Fields : []
  return {
    status: error.$metadata.httpStatusCode ?? 0,
    name: error.name,
    ...given({ reason: typeof told.Reason === 'string' ? told.Reason : undefined }),
    fields: fields.map((field) => textOf(recordOf(field)?.Name)),
  }
}
