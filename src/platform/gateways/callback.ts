import { timingSafeEqual } from 'node:crypto'
import { type Phone, phone } from '#values/phone'
import type { Receipt } from './gateway.ts'

/**
 * Where an HTTP carrier brings its receipts. Each carrier signs in a way of its own; what it cannot show to be its own
 * is handed to nobody. A receipt that comes twice is fine.
 */
export type ReceiptCallback = {
  handle(request: CallbackRequest): Promise<CallbackAnswer>
}

export type CallbackRequest = {
  readonly method: string
  /** Whole and public, as the carrier called it: 'https://sms.example.jp/callbacks/twilio?reference=7'. */
  readonly url: string
  /** By lower-case names, as node:http gives them. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** As received, before anything parsed it: signatures are over bytes. */
  readonly rawBody: Buffer
}

/** For the carrier's eyes: nothing in it but a word. */
export type CallbackAnswer = { readonly status: number; readonly body: string }

/** @returns whether the receipt is stored. */
export type HandOn = (receipt: Receipt) => Promise<boolean>

/** A receipt has less than two kilobytes; whoever listens for callbacks should read no more than this either. */
export const callbackBytesMax = 65_536

export const answers = {
  received: { status: 200, body: 'received' },
  unsigned: { status: 403, body: 'signature refused' },
  unreadable: { status: 400, body: 'unreadable' },
  wrongMethod: { status: 405, body: 'method refused' },
  tooLong: { status: 413, body: 'too long' },
  /** The carrier keeps the receipt and brings it again. */
  later: { status: 503, body: 'come again' },
} as const satisfies Readonly<Record<string, CallbackAnswer>>

/** What all callbacks refuse before they look at a signature. */
export function refusalOf({ method, rawBody }: CallbackRequest, expected: 'GET' | 'POST'): CallbackAnswer | undefined {
  if (method !== expected) return answers.wrongMethod
  if (rawBody.length > callbackBytesMax) return answers.tooLong
  return undefined
}

/** The carrier is told "received" only after the receipt is stored. */
export async function answerOf(receipt: Receipt, handOn: HandOn): Promise<CallbackAnswer> {
  return (await handOn(receipt)) ? answers.received : answers.later
}

export function headerOf({ headers }: CallbackRequest, name: string): string | undefined {
  const value = headers[name]
  return typeof value === 'string' ? value : undefined
}

/** In a time that says nothing about where the two differ. */
export function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}

/** An object of JSON, or nothing. */
export function jsonOf(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return recordOf(value)
  } catch {
    return undefined
  }
}

export function recordOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined
}

export function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

/** Japanese mobiles only, with or without the plus. */
export function phoneOf(value: unknown): Phone | undefined {
  const text = textOf(value).replace(/^\+?/, '+')
  return /^\+81[6-9]0\d{8}$/.test(text) ? phone(text) : undefined
}

/** Our 16-bit reference as it came back. */
export function referenceOf(value: unknown): number | undefined {
  const text = textOf(value)
  const reference = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  return reference <= 0xffff ? reference : undefined
}

export function momentOf(value: unknown): Date | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined
  const moment = new Date(value)
  return Number.isNaN(moment.getTime()) ? undefined : moment
}

/** What is kept of a receipt as it was received: named fields, never a phone number or a text. */
export function rawOf(fields: Readonly<Record<string, unknown>>): string {
  return Object.entries(fields)
    .filter(([, value]) => textOf(value) !== '')
    .map(([name, value]) => `${name}:${textOf(value).slice(0, 100)}`)
    .join(' ')
}

/** Leaves out what is not there. */
export function given<Fields extends Readonly<Record<string, unknown>>>(fields: Fields): Given<Fields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Given<Fields>
}

type Given<Fields> = { readonly [Name in keyof Fields]?: Exclude<Fields[Name], undefined> }
