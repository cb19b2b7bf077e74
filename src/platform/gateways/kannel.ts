import { randomUUID } from 'node:crypto'
import type { ReceiptCallback } from './callback.ts'
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
import { type KannelCallbackOptions, kannelCallback, kannelCallbackUrl, kannelIdOf } from './kannel-callback.ts'
import { outcomeOfKannel } from './kannel-status.ts'

/** A gateway over Kannel's `sendsms` (user guide 1.4.5, chapter "Using HTTP interface to send SMS messages"). */
export function openKannel(options: KannelOptions): Gateway & { readonly callback: ReceiptCallback } {
  const gateway = new HttpGateway(carrierOf(options), options)
  return Object.assign(gateway, { callback: kannelCallback(options, gateway.handOn) })
}

export type KannelOptions = HttpGatewayOptions &
  KannelCallbackOptions & {
    /** 'http://127.0.0.1:13013/cgi-bin/sendsms' */
    readonly url: string
    readonly username: string
    readonly password: string
    /** Where Kannel finds us; without it there are no receipts. */
    readonly callbackUrl?: string
    /** Which of Kannel's carriers is to take it; Kannel decides otherwise. */
    readonly smsc?: string
  }

/** Minutes: codes live five of them, so a code that waited 30 seconds has four. A week is more than any carrier keeps. */
const validity = { unitMs: 60_000, min: 1, max: 10_080 }

function carrierOf(options: KannelOptions): HttpCarrier {
  return { validity, load: async (http) => sendingOver(http, options) }
}

/** By POST and its own headers: an address, with the phone number and the text in it, would end up in logs. */
function sendingOver(http: Http, options: KannelOptions): Sending {
  return async (part, life) => {
    const carrierId = kannelIdOf(part.messageId ?? randomUUID(), part.part.number, part.reference)
    const { status, body } = await askInFlight(http, {
      url: options.url,
      method: 'POST',
      headers: headersOf(part, carrierId, life, options),
      body: part.part.text,
    })
    // 202 says that bearerbox has it, on the way or in its store.
    return status === 202 ? { kind: 'submitted', carrierId } : outcomeOfKannel(status, body.toString('utf8'))
  }
}

function headersOf(
  { to, from, part }: OutgoingPart,
  carrierId: string,
  life: LivingValidity,
  { username, password, smsc, callbackUrl, callbackSecret }: KannelOptions,
): Record<string, string> {
  return {
    'Content-Type': 'text/plain; charset=UTF-8',
    'X-Kannel-Username': username,
    'X-Kannel-Password': password,
    'X-Kannel-To': to,
    'X-Kannel-From': from,
    'X-Kannel-Coding': part.alphabet === 'ucs-2' ? '2' : '0',
    ...(life.kind === 'limited' ? { 'X-Kannel-Validity': String(life.units) } : {}),
    ...(smsc === undefined ? {} : { 'X-Kannel-SMSC': smsc }),
    ...(callbackUrl === undefined
      ? {}
      : {
          'X-Kannel-DLR-Mask': String(allReports),
          'X-Kannel-DLR-Url': kannelCallbackUrl(callbackUrl, carrierId, callbackSecret),
        }),
  }
}

/** Delivered, failed, buffered, taken by the SMSC, refused by the SMSC. */
const allReports = 1 + 2 + 4 + 8 + 16
