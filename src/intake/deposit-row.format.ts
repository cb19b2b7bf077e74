import { daysBetween, day as knownDay } from '#values/day'
import { copyRows, firstAfter, lastBefore } from './copy-rows.format.ts'
import type { DepositLine } from './deposit-line.format.ts'
import type { Field } from './zengin.format.ts'

/** Where a line's texts stand in its record. */
export interface DepositTexts {
  readonly inquiryNumber: Field
  readonly payerCode: Field
  readonly payerName: Field
}

/** Rows of `arriving_deposits` in the order of `arrivingColumns`, written from the records' bytes. */
export interface DepositRows {
  add(line: DepositLine): void
  /** What was added since the last time. */
  take(): Buffer
  /** Whether two lines may have the same key, which then has to be looked for. Seldom so: banks number their lines. */
  mayRepeat(): boolean
}

/**
 * A line is known again by its account, 起算日, 照会番号, amount and payer: everything about it that no later file tells
 * otherwise. A reversal repeats them, so the key of what it takes back is its own without the `r`. Keys of one account
 * and day begin alike and grow with 照会番号, so that their index is appended to.
 */
export function depositRows({ inquiryNumber, payerCode, payerName }: DepositTexts): DepositRows {
  const rows = copyRows()
  const numbers = seenNumbers(inquiryNumber)
  let last: Pick<DepositLine, 'header' | 'onDay'> | undefined
  let keyStart = ''
  let hasReversal = false

  const text = (bytes: Buffer, from: number, to: number) => {
    if (from === to) rows.nothing()
    else rows.signs(bytes, from, to)
  }
  const key = (bytes: Buffer, recordAt: number, amount: number, hash: number) => {
    const from = recordAt + inquiryNumber.at - 1
    rows.ascii(keyStart)
    rows.signs(bytes, from, from + inquiryNumber.length)
    rows.ascii('.')
    rows.base36(amount)
    rows.ascii('.')
    rows.base36(hash)
  }

  return {
    add({ bytes, at, record, header, amount, isReversal, onDay }) {
      if (last?.header !== header || last.onDay !== onDay) {
        last = { header, onDay }
        const account = Number(header.account.replaceAll('-', '')).toString(36)
        keyStart = `t${account}.${daysBetween(firstDay, onDay).toString(36)}.`
        numbers.turnTo(`${header.account} ${onDay}`)
      }
      if (isReversal) hasReversal = true
      else numbers.see(bytes, at)
      const [codeTo, payerTo] = [endOf(bytes, at, payerCode), endOf(bytes, at, payerName)]
      const codeFrom = firstAfter(bytes, space, at + payerCode.at - 1, codeTo)
      const payerFrom = firstAfter(bytes, space, at + payerName.at - 1, payerTo)
      const hash = hashOf(bytes, payerFrom, payerTo, hashOf(bytes, codeFrom, codeTo, fnvBasis))
      rows.begin(rowBytesMax)
      rows.number(record)
      rows.tab()
      rows.ascii('transfer')
      rows.tab()
      rows.ascii(isReversal ? 'reversal' : 'arrival')
      rows.tab()
      rows.number(amount)
      rows.tab()
      rows.ascii(onDay)
      rows.tab()
      rows.ascii(header.account)
      rows.tab()
      text(bytes, codeFrom, codeTo)
      rows.tab()
      text(bytes, payerFrom, payerTo)
      rows.tab()
      key(bytes, at, amount, hash)
      if (isReversal) rows.ascii('r')
      rows.tab()
      if (isReversal) key(bytes, at, amount, hash)
      else rows.nothing()
      rows.end()
    },
    take: rows.take,
    mayRepeat: () => hasReversal || numbers.haveRepeated(),
  }
}

/** Numbers, days and words with less than 120 bytes, two keys of at most 60, and 58 bytes of a record in UTF-8. */
const rowBytesMax = 512

const space = 0x20

const firstDay = knownDay('2000-01-01')

/**
 * Which 照会番号 an account and day has had: a bit for each of the six digits of 01, exactly; the eight of 03 share
 * them, which may only make us look for nothing.
 */
function seenNumbers({ at, length }: Field) {
  const byDay = new Map<string, Uint8Array>()
  let bits: Uint8Array = new Uint8Array(bitBytes)
  let haveRepeated = false
  return {
    turnTo(accountAndDay: string) {
      const known = byDay.get(accountAndDay)
      bits = known ?? new Uint8Array(bitBytes)
      if (known !== undefined) return
      // Whoever sends so many accounts and days in one file has their keys compared.
      if (byDay.size === daysRememberedMax) {
        byDay.clear()
        haveRepeated = true
      }
      byDay.set(accountAndDay, bits)
    },
    see(bytes: Buffer, recordAt: number) {
      let number = 0
      const from = recordAt + at - 1
      for (let index = from; index < from + length; index++) number = number * 10 + ((bytes[index] as number) & 15)
      const bit = number & (bitBytes * 8 - 1)
      const seen = bits[bit >> 3] as number
      if ((seen & (1 << (bit & 7))) !== 0) haveRepeated = true
      bits[bit >> 3] = seen | (1 << (bit & 7))
    },
    haveRepeated: () => haveRepeated,
  }
}

/** 2^20 bits: more than six digits have. */
const bitBytes = 131_072

/** 8 MB of bits. */
const daysRememberedMax = 64

/** FNV-1a over a text and its length. It only tells apart what has the same account, day, number and amount already. */
function hashOf(bytes: Buffer, from: number, to: number, basis: number): number {
  let hash = Math.imul(basis ^ (to - from), fnvPrime)
  for (let index = from; index < to; index++) hash = Math.imul(hash ^ (bytes[index] as number), fnvPrime)
  return hash >>> 0
}

const [fnvBasis, fnvPrime] = [0x811c9dc5, 0x01000193]

function endOf(bytes: Buffer, recordAt: number, { at, length }: Field): number {
  return lastBefore(bytes, recordAt + at - 1, recordAt + at - 1 + length)
}
