import { assert } from './assert.ts'
import { compact, dashes } from './typed-text.ts'

declare const phoneBrand: unique symbol

/** A Japanese mobile number in E.164: '+819012345678'. */
export type Phone = string & { readonly [phoneBrand]: 'Phone' }

export type MobileRules = {
  /** Three digits each, '090'. The digit after them is never 0: 0800 is toll-free. */
  readonly prefixes: readonly string[]
  /** 0900 numbers belong to nobody, so the demo's invented people have them. */
  readonly allowDemo0900: boolean
}

export type TypedMobile =
  | { readonly kind: 'mobile'; readonly phone: Phone }
  | { readonly kind: 'not-digits' | 'not-mobile' | 'wrong-length' }

const e164 = /^\+81[6-9]0\d{8}$/

/** +81, 0081 and 81 as people write them, also with the (0) that does not belong there; 010 is Japan's own way out. */
const countryCode = /^(?:\+|00|010)?81(?=[1-9]|0[1-9])0?/

/** Besides spaces and dashes: (090) 1234 5678, 090.1234.5678. */
const punctuation = /[()[\]{}〔〕【】「」.]/g

export function parseMobile(text: string, rules: MobileRules): TypedMobile {
  const digits = compact(text).replace(dashes, '').replace(punctuation, '').replace(countryCode, '0')
  if (!/^\+?\d+$/.test(digits)) return { kind: 'not-digits' }
  if (!isMobilePrefix(digits, rules)) return { kind: isWholeNumber(digits) ? 'not-mobile' : 'wrong-length' }
  return digits.length === 11 ? { kind: 'mobile', phone: toE164(digits) } : { kind: 'wrong-length' }
}

/** A number known to be good, from our own columns. */
export function phone(text: string): Phone {
  assert(e164.test(text), 'a phone is a Japanese number in E.164')
  return text as Phone
}

/** '09012345678' */
export function domestic(of: Phone): string {
  return `0${of.slice(3)}`
}

/** '090-1234-5678' */
export function grouped(of: Phone): string {
  const digits = domestic(of)
  return `${digits.slice(0, 3)}-${digits.slice(3, 7)}-${digits.slice(7)}`
}

/** '090-****-5678' */
export function maskPhone(of: Phone): string {
  const digits = domestic(of)
  return `${digits.slice(0, 3)}-****-${digits.slice(7)}`
}

function isMobilePrefix(digits: string, { prefixes, allowDemo0900 }: MobileRules): boolean {
  if (allowDemo0900 && digits.startsWith('0900')) return true
  return prefixes.includes(digits.slice(0, 3)) && digits.charAt(3) !== '0'
}

/** A number complete in its own way: a landline, 050, 0800, another country. Anything else is a slip in length. */
function isWholeNumber(digits: string): boolean {
  return /^(?:\+\d+|0\d{9}|\d{11})$/.test(digits)
}

function toE164(digits: string): Phone {
  return `+81${digits.slice(1)}` as Phone
}
