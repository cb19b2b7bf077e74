import { jsonOf, type ReceiptCallback } from './callback.ts'
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
import { type VonageCallbackOptions, vonageCallback } from './vonage-callback.ts'
import { outcomeOfVonage, type VonageProblem } from './vonage-status.ts'

/** A gateway over Vonage's Messages API (https://developer.vonage.com/en/api/messages). */
export function openVonage(options: VonageOptions): Gateway & { readonly callback: ReceiptCallback } {
  const gateway = new HttpGateway(carrierOf(options), options)
  return Object.assign(gateway, { callback: vonageCallback(options, gateway.handOn) })
}

export type VonageOptions = HttpGatewayOptions &
  VonageCallbackOptions & {
    /** The application's private key, as PEM text. */
    readonly privateKey: string
    /** Whole and public; without it receipts come where the application says. */
    readonly callbackUrl?: string
    /** Instead of 'https://api.nexmo.com'. */
    readonly apiHost?: string
  }

/** Seconds. The Messages API names no bounds of its own: those of the SMS API, 20 seconds to 7 days, are kept to. */
const validity = { unitMs: 1_000, min: 20, max: 604_800 }

function carrierOf(options: VonageOptions): HttpCarrier {
  return { validity, load: (http) => load(options, http) }
}

async function load(options: VonageOptions, http: Http): Promise<Sending> {
  const [{ Messages }, { Auth }] = await Promise.all([import('@vonage/messages'), import('@vonage/auth')])
  type Asked = Parameters<InstanceType<typeof Messages>['sendRequest']>[0]

  /** The library's own way out is `fetch`, which does not tell whether a request left. */
  class OverOurTransport extends Messages {
    override async sendRequest<Data>(asked: Asked) {
      const request = await this.prepareRequest(asked)
      const body = this.prepareBody(request)
      const answer = await askInFlight(http, {
        url: request.url,
        method: request.method,
        headers: request.headers ?? {},
        ...(body === undefined ? {} : { body }),
      })
      const data = jsonOf(answer.body.toString('utf8'))
      if (answer.status < 200 || answer.status >= 300) throw new Refusal(answer.status, data)
      const status = { status: answer.status, statusText: '', headers: answer.headers }
      return { ...status, data: (data ?? {}) as Data, config: request, request }
    }
  }

  const auth = new Auth({ applicationId: options.applicationId, privateKey: options.privateKey })
  const client = new OverOurTransport(auth, options.apiHost === undefined ? {} : { apiHost: options.apiHost })
  return async (part, life) => {
    try {
      const { messageUUID } = await client.send(messageOf(part, life, options))
      return messageUUID ? { kind: 'submitted', carrierId: messageUUID } : { kind: 'doubtful', because: 'dropped' }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return outcomeOfVonage(error.status, error.problem)
    }
  }
}

class Refusal extends Error {
  readonly status: number
  readonly problem: VonageProblem | undefined

  constructor(status: number, problem: VonageProblem | undefined) {
    super('Vonage refused a message.')
    this.status = status
    this.problem = problem
  }
}

function messageOf(
  { to, from, part, reference, messageId }: OutgoingPart,
  life: LivingValidity,
  { callbackUrl }: VonageOptions,
) {
  return {
    messageType: 'text',
    channel: 'sms',
    to: to.slice(1),
    from: from.replace(/^\+/, ''),
    text: part.text,
    clientRef: messageId === undefined ? String(reference) : `${reference}.${messageId}`,
    sms: { encodingType: part.alphabet === 'ucs-2' ? ('unicode' as const) : ('text' as const) },
    ...(life.kind === 'limited' ? { ttl: life.units } : {}),
    ...(callbackUrl === undefined ? {} : { webhookUrl: callbackUrl, webhookVersion: 'v1' as const }),
  }
}
