import { assert } from '#values/assert'
import { type Day, parseDay } from '#values/day'
import { type Yen, yen } from '#values/yen'

/**
 * What the 44 digits of a convenience-store slip say (GS1 Japan, 標準料金代理収納ガイドライン): application identifier
 * 91, 請求書発行企業コード 6, free part 21, 再発行区分 1, 支払期限 YYMMDD, 印紙フラグ 1, 金額 6, check digit.
 */
export type SlipBarcode = {
  /** 請求書発行企業コード, six digits. */
  readonly makerCode: string
  /** The slip's number with the zeros that fill it up: 21 digits. */
  readonly freePart: string
  /** 再発行区分: how often a slip of this number was printed before. */
  readonly reissue: number
  /** Null is 999999: payable without end. */
  readonly expiresOn: Day | null
  /** A receipt for it needs a revenue stamp. */
  readonly needsStamp: boolean
  readonly amount: Yen
}

export const writeSlipBarcode = (slip: SlipBarcode): string => {
  assert(/^\d{6}$/.test(slip.makerCode) && /^\d{21}$/.test(slip.freePart), 'a slip has a maker of 6 and a number of 21')
  assert(
    Number.isInteger(slip.reissue) && slip.reissue >= 0 && slip.reissue <= 9,
    'a slip was printed at most ten times',
  )
  assert(slip.amount > 0 && slip.amount <= amountMax, 'a slip asks for 1 to 999,999 yen')
  const digits = [
    applicationIdentifier,
    slip.makerCode,
    slip.freePart,
    String(slip.reissue),
    slip.expiresOn === null ? withoutEnd : slip.expiresOn.replaceAll('-', '').slice(2),
    slip.needsStamp ? '1' : '0',
    String(slip.amount).padStart(6, '0'),
  ].join('')
  return digits + gs1CheckDigit(digits)
}

/** What a scanner at the till reads; undefined when it is no slip's. */
export const readSlipBarcode = (digits: string): SlipBarcode | undefined => {
  const parts = /^91(\d{6})(\d{21})(\d)(\d{6})([01])(\d{6})\d$/.exec(digits)
  if (parts === null || gs1CheckDigit(digits.slice(0, -1)) !== digits.at(-1)) return undefined
  const [, makerCode = '', freePart = '', reissue = '', expiry = '', stamp = '', amount = ''] = parts
  const expiresOn = expiry === withoutEnd ? null : parseDay(`20${expiry.replace(/(..)(..)(..)/, '$1-$2-$3')}`)
  if (expiresOn === undefined || Number(amount) === 0) return undefined
  const needsStamp = stamp === '1'
  return { makerCode, freePart, reissue: Number(reissue), expiresOn, needsStamp, amount: yen(Number(amount)) }
}

/** As people read it, in two lines: below the bars, and to whom the screen is read out. */
export const slipDigitLines = (digits: string): readonly [string, string] => {
  const part = (from: number, to: number) => digits.slice(from, to)
  return [
    `(${part(0, 2)})${part(2, 8)}-${part(8, 29)}${part(29, 30)}`,
    `${part(30, 36)}-${part(36, 37)}-${part(37, 43)}-${part(43, 44)}`,
  ]
}

/** Six digits hold no more. */
const amountMax = 999_999
const applicationIdentifier = '91'
const withoutEnd = '999999'

/** Modulus 10 with the weights 3 and 1 from the right (GS1 General Specifications, 7.9). */
const gs1CheckDigit = (digits: string): string => {
  let sum = 0
  for (const [index, digit] of [...digits].reverse().entries()) sum += Number(digit) * (index % 2 === 0 ? 3 : 1)
  return String((10 - (sum % 10)) % 10)
}
