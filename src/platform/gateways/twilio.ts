import type RequestClient from 'twilio/lib/base/RequestClient.js'
import { given, jsonOf, type ReceiptCallback } from './callback.ts'
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
import { twilioCallback, twilioCallbackUrl } from './twilio-callback.ts'
import { outcomeOfTwilio } from './twilio-status.ts'

/** A gateway over Twilio's Messages resource (https://www.twilio.com/docs/messaging/api/message-resource). */
export function openTwilio(options: TwilioOptions): Gateway & { readonly callback: ReceiptCallback } {
  const gateway = new HttpGateway(carrierOf(options), options)
  return Object.assign(gateway, { callback: twilioCallback(options, gateway.handOn) })
}

export type TwilioOptions = HttpGatewayOptions & {
  /** 'AC…' */
  readonly accountSid: string
  /** Also signs the callbacks. */
  readonly authToken: string
  /** Sends with a key of its own, which can be withdrawn alone. */
  readonly apiKey?: { readonly sid: string; readonly secret: string }
  /** Whole and public; without it receipts come only where the messaging service says, and without our reference. */
  readonly callbackUrl?: string
  /** Where Twilio processes the message: region 'jp1', edge 'tokyo'. */
  readonly region?: string
  readonly edge?: string
  /** Instead of Twilio's own: 'http://127.0.0.1:8080'. */
  readonly apiBase?: string
}

/** Seconds, 1 to 36,000 (https://www.twilio.com/docs/api/errors/90007). It bounds Twilio's own queue, not the carrier's. */
const validity = { unitMs: 1_000, min: 1, max: 36_000 }

function carrierOf(options: TwilioOptions): HttpCarrier {
  return { validity, load: (http) => load(options, http) }
}

async function load(options: TwilioOptions, http: Http): Promise<Sending> {
  const { default: twilio } = await import('twilio')
  const { accountSid, authToken, apiKey, region, edge } = options

  /** In place of the library's own transport, and of its retries with it. */
  class Transport extends twilio.RequestClient {
    override async request<Data>({ method, uri, headers, username, password, data }: Asked): Promise<Answer<Data>> {
      const { status, body, ...answer } = await askInFlight(http, {
        url: addressOf(uri, options.apiBase),
        method: method.toUpperCase(),
        headers: { ...textsOf(headers), authorization: basicOf(username, password) },
        body: new URLSearchParams(textsOf(data)).toString(),
      })
      const text = body.toString('utf8')
      return {
        statusCode: status,
        body: jsonOf(text) as Data,
        headers: answer.headers,
        toString: () => `HTTP ${status}`,
      }
    }
  }

  const client = twilio(apiKey?.sid ?? accountSid, apiKey?.secret ?? authToken, {
    accountSid,
    httpClient: new Transport(),
    ...given({ region, edge }),
  })
  return async (part, life) => {
    try {
      const { sid } = await client.messages.create(messageOf(part, life, options))
      return sid ? { kind: 'submitted', carrierId: sid } : { kind: 'doubtful', because: 'dropped' }
    } catch (error) {
      if (!(error instanceof twilio.RestException)) throw error
      return outcomeOfTwilio(error.status, error.code)
    }
  }
}

type Asked = RequestClient.RequestOptions
type Answer<Data> = Awaited<ReturnType<typeof RequestClient.prototype.request<Data>>>

function messageOf({ to, from, part, reference }: OutgoingPart, life: LivingValidity, { callbackUrl }: TwilioOptions) {
  return {
    to,
    body: part.text,
    ...(from.startsWith('MG') ? { messagingServiceSid: from } : { from }),
    ...(life.kind === 'limited' ? { validityPeriod: life.units } : {}),
    ...(callbackUrl === undefined ? {} : { statusCallback: twilioCallbackUrl(callbackUrl, reference) }),
  }
}

function addressOf(uri: string, apiBase: string | undefined): string {
  const { pathname, search } = new URL(uri)
  return apiBase === undefined ? uri : new URL(pathname + search, apiBase).href
}

function basicOf(username = '', password = ''): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}

function textsOf(fields: object | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(fields ?? {}).map(([name, value]) => [name, String(value)]))
}
