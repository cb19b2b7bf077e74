import { assert } from '#values/assert'
import { addDays, type Day, dayOfMonthOf, monthOf } from '#values/day'
import { eraYearOf } from '#values/era'
import { toHalfWidthZengin } from '#values/kana'

/** One transfer as the sandbox's bank tells of it. */
export type Transfer = {
  readonly inquiryNumber: number
  readonly onDay: Day
  readonly amount: number
  /** Full-width or half-width kana, as the payer has it at their bank. */
  readonly payer: string
}

export type CreditedAccount = {
  readonly bankCode: string
  readonly branchCode: string
  readonly type: '普通' | '当座' | '貯蓄'
  readonly number: string
  readonly holderKana: string
}

/** 振込入金通知 (Zengin 01, A) of one account: 200 bytes a record, CRLF. */
export const bankNotice = (account: CreditedAccount, transfers: readonly Transfer[]): string => {
  const days = transfers.map(({ onDay }) => onDay).sort()
  const [from, to] = [days[0], days.at(-1)]
  assert(from !== undefined && to !== undefined, 'a notice tells of at least one transfer')
  const sum = transfers.reduce((total, { amount }) => total + amount, 0)
  const header = [
    '1010',
    ...[addDays(to, 1), from, to].map(inEra),
    digits(account.bankCode, 4),
    text('ミホン', 15),
    digits(account.branchCode, 3),
    text('ホンテン', 15),
    accountTypes[account.type],
    digits(account.number, 7),
    text(account.holderKana, 40),
  ]
  const trailer = ['8', digits(transfers.length, 6), digits(sum, 12), digits(0, 6), digits(0, 12)]
  const records = [header, ...transfers.map(record), trailer, ['9']]
  return records.map((fields) => `${fields.join('').padEnd(recordLength)}\r\n`).join('')
}

const recordLength = 200
const accountTypes = { 普通: '1', 当座: '2', 貯蓄: '4' } as const

const record = ({ inquiryNumber, onDay, amount, payer }: Transfer): readonly string[] => [
  '2',
  digits(inquiryNumber, 6),
  inEra(onDay),
  inEra(onDay),
  digits(amount, 10),
  digits(0, 10),
  digits(0, 10),
  text(payer, 48),
  text('ミホン', 15),
  text('シンジュク', 15),
]

/** 和暦 YYMMDD: 2026-11-24 is 081124. */
const inEra = (day: Day): string =>
  `${digits(eraYearOf(day)?.year ?? 0, 2)}${digits(monthOf(day), 2)}${digits(dayOfMonthOf(day), 2)}`

const digits = (value: number | string, width: number): string => {
  const written = String(value).padStart(width, '0')
  assert(written.length === width, 'a number fits its field')
  return written
}

const text = (value: string, width: number): string => toHalfWidthZengin(value).slice(0, width).padEnd(width)
