import type { Creditor } from '#creditor'
import { parseBirthDate } from '#values/birth-date'
import type { Day } from '#values/day'
import { parseKanaName } from '#values/kana'
import { type Phone, parseMobile } from '#values/phone'
import { type Yen, yen } from '#values/yen'

/** Why a cell was refused, in the words of whoever corrects the file. */
export class Wrong {
  readonly because: string

  constructor(because: string) {
    this.because = because
  }
}

export function wrong(text: string, because: string): Wrong {
  return new Wrong(text === '' ? '入力がありません' : because)
}

/** A number as a bank's file may carry it, in whatever single-byte characters. */
export function readNumber(text: string): string | Wrong {
  const isNumber = /^[\x20-\x7e\uff61-\uff9f]+$/.test(text)
  if (!isNumber) return wrong(text, '半角の文字で入力してください')
  return text.length > numberLengthMax ? wrong(text, `${numberLengthMax}文字までです`) : text
}

export function readKana(text: string): string | Wrong {
  if (text.length > nameLengthMax) return wrong(text, `${nameLengthMax}文字までです`)
  return parseKanaName(text) ?? wrong(text, 'カナではありません')
}

/** A day of the past, in any way of writing that a birth date may have. */
export function readPastDay(text: string, today: Day): Day | Wrong {
  const read = parseBirthDate(text, today)
  switch (read.kind) {
    case 'birth-date':
      return read.day
    case 'missing':
      return wrong(text, '')
    case 'future':
      return wrong(text, '未来の日付です')
    case 'year':
      return wrong(text, '年が正しくありません')
    case 'malformed':
    case 'month':
    case 'day':
    case 'no-such-day':
      return wrong(text, '実在する日付ではありません')
  }
}

export function readPhone(text: string, { policies, demo }: Creditor): Phone | Wrong {
  const rules = { prefixes: policies.identity.mobilePrefixes, allowDemo0900: demo }
  const read = parseMobile(text, rules)
  return read.kind === 'mobile' ? read.phone : wrong(text, '携帯電話番号ではありません')
}

export function readContractNumber(text: string): string | Wrong {
  if (text.length > contractLengthMax) return wrong(text, `${contractLengthMax}文字までです`)
  return text === '' || /\p{Cc}/u.test(text) ? wrong(text, '使えない文字があります') : text
}

export function readFlag(text: string): boolean | Wrong {
  if (text === '0' || text === '1') return text === '1'
  return wrong(text, '0か1を入力してください')
}

/** So many digits and no others: a number that lost its leading zeros in a spreadsheet may be somebody else's. */
export function readDigits(text: string, least: number, most = least): string | Wrong {
  const digits = text.normalize('NFKC')
  if (/^\d+$/.test(digits) && digits.length >= least && digits.length <= most) return digits
  return wrong(text, least === most ? `${most}桁の数字で入力してください` : `${most}桁までの数字で入力してください`)
}

/** 500000 · 500,000 · 500,000円 */
export function readAmount(text: string): Yen | Wrong {
  const digits = /^(\d{1,3}(?:,\d{3})+|\d+)円?$/.exec(text.normalize('NFKC'))?.[1]?.replaceAll(',', '')
  const amount = Number(digits)
  return amount > 0 && amount <= amountMax ? yen(amount) : wrong(text, '1円以上の金額を数字で入力してください')
}

/** 18 · 18.0 · 18.0% */
export function readPercent(text: string): string | Wrong {
  return (
    /^(\d{1,2}(?:\.\d{1,4})?)%?$/.exec(text.normalize('NFKC'))?.[1] ?? wrong(text, '年率を18.0のように入力してください')
  )
}

/** Names longer than this are no names, and a bank's field has 30 bytes. */
const nameLengthMax = 50
const contractLengthMax = 40
/** 顧客番号 has 20 bytes in the result file; a longer number could never be matched. */
const numberLengthMax = 20
/** Twelve digits, as in the files of the banks. */
const amountMax = 999_999_999_999
