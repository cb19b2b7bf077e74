import { assert } from './assert.ts'
import { checkDigit, endsInCheckDigit } from './check-digit.ts'
import { compact, dashes } from './typed-text.ts'

declare const receiptNumberBrand: unique symbol

/** Nine digits, the last a check digit. */
export type ReceiptNumber = string & { readonly [receiptNumberBrand]: 'ReceiptNumber' }

export function makeReceiptNumber(eightDigits: string): ReceiptNumber {
  assert(/^\d{8}$/.test(eightDigits), 'a receipt number is made of eight digits')
  return (eightDigits + checkDigit(eightDigits)) as ReceiptNumber
}

/** As somebody types or dictates it: hyphens, spaces, full-width digits. Undefined when it is none of ours. */
export function parseReceiptNumber(text: string): ReceiptNumber | undefined {
  const digits = compact(text).replace(dashes, '')
  if (digits.length !== 9 || !endsInCheckDigit(digits)) return undefined
  return digits as ReceiptNumber
}

/** '482-715-306' */
export function formatReceiptNumber(number: ReceiptNumber): string {
  return `${number.slice(0, 3)}-${number.slice(3, 6)}-${number.slice(6)}`
}
