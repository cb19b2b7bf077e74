import { assert } from './assert.ts'
import { compact, dashes } from './typed-text.ts'

declare const receiptNumberBrand: unique symbol

/** Nine digits, the last a check digit. */
export type ReceiptNumber = string & { readonly [receiptNumberBrand]: 'ReceiptNumber' }

/**
 * H. M. Damm's quasigroup of order 10 (thesis, Marburg 2004). Receipt numbers are read aloud on the phone, where people
 * mishear one digit or swap two neighbours; this check finds every such slip with one decimal digit. ISO 7064
 * MOD 11-10 misses some swaps, MOD 11-2 and MOD 97-10 need an X or a second digit, and Verhoeff needs more tables.
 */
const quasigroup = [
  '0317598642',
  '7092154863',
  '4206871359',
  '1750983426',
  '6123045978',
  '3674209581',
  '5869720134',
  '8945362017',
  '9438617205',
  '2581436790',
] as const

export function makeReceiptNumber(eightDigits: string): ReceiptNumber {
  assert(/^\d{8}$/.test(eightDigits), 'a receipt number is made of eight digits')
  return (eightDigits + checkDigit(eightDigits)) as ReceiptNumber
}

/** As somebody types or dictates it: hyphens, spaces, full-width digits. Undefined when it is none of ours. */
export function parseReceiptNumber(text: string): ReceiptNumber | undefined {
  const digits = compact(text).replace(dashes, '')
  if (!/^\d{9}$/.test(digits) || checkDigit(digits) !== '0') return undefined
  return digits as ReceiptNumber
}

/** '482-715-306' */
export function formatReceiptNumber(number: ReceiptNumber): string {
  return `${number.slice(0, 3)}-${number.slice(3, 6)}-${number.slice(6)}`
}

/** The digit that leads back to 0, which is what a number with its right check digit yields. */
function checkDigit(digits: string): string {
  let interim = '0'
  for (const digit of digits) interim = quasigroup[Number(interim)]?.[Number(digit)] ?? ''
  return interim
}
