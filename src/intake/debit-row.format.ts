import { layout91 } from './zengin-91.format.ts'

/** Rows of the staging table in the text format of COPY, written from the record's bytes without a string between. */
export interface DebitRows {
  add(bytes: Buffer, recordAt: number, record: number, header: number): void
  /** What was added since the last time. */
  take(): Buffer
}

export const stagedColumns = ['record', 'header', 'came', 'bare', 'amount', 'code'] as const

export function debitRows(): DebitRows {
  let rows = Buffer.allocUnsafe(256 * 1024)
  let length = 0

  const digits = (value: number) => {
    let place = 1
    while (place * 10 <= value) place *= 10
    for (; place >= 1; place /= 10) rows[length++] = zero + (Math.floor(value / place) % 10)
  }
  const sign = (byte: number) => {
    if (byte >= firstKana) length = kanaInUtf8(rows, length, byte)
    else if (byte === backslash) {
      rows[length++] = backslash
      rows[length++] = backslash
    } else rows[length++] = byte
  }
  const signs = (bytes: Buffer, from: number, to: number) => {
    for (let at = from; at < to; at++) sign(bytes[at] as number)
  }

  return {
    add(bytes, recordAt, record, header) {
      if (length + rowBytesMax > rows.length) rows = Buffer.concat([rows.subarray(0, length)], rows.length * 2)
      digits(record)
      rows[length++] = tab
      digits(header)
      rows[length++] = tab
      const [from, to] = [recordAt + number.at - 1, recordAt + number.at - 1 + number.length]
      signs(bytes, from, to)
      rows[length++] = tab
      const [first, last] = barePart(bytes, from, to)
      signs(bytes, first, last)
      rows[length++] = tab
      const amountAt = recordAt + amount.at - 1
      signs(bytes, firstAfter(bytes, zero, amountAt, amountAt + amount.length - 1), amountAt + amount.length)
      rows[length++] = tab
      rows[length++] = bytes[recordAt + code.at - 1] as number
      rows[length++] = newline
    },
    take() {
      const taken = Buffer.from(rows.subarray(0, length))
      length = 0
      return taken
    },
  }
}

const { customerNumber: number, amount, resultCode: code } = layout91.data

const [tab, newline, space, zero, backslash] = [0x09, 0x0a, 0x20, 0x30, 0x5c]

/** Two numbers of ten digits, a customer number twice in UTF-8, and the separators. */
const rowBytesMax = 192

const firstKana = 0xa1

/** A1-DF are U+FF61-U+FF9F, three bytes each. */
function kanaInUtf8(into: Buffer, at: number, byte: number): number {
  const point = byte - firstKana + 0xff61
  into[at] = 0xef
  into[at + 1] = 0x80 | ((point >> 6) & 0x3f)
  into[at + 2] = 0x80 | (point & 0x3f)
  return at + 3
}

/** Without outer spaces and leading zeros, of which one stays when there is nothing else: as `bareNumber` has it. */
function barePart(bytes: Buffer, from: number, to: number): readonly [number, number] {
  let last = to
  while (last > from && bytes[last - 1] === space) last--
  const first = firstAfter(bytes, space, from, last)
  return [firstAfter(bytes, zero, first, last - 1), last]
}

function firstAfter(bytes: Buffer, skipped: number, from: number, to: number): number {
  let at = from
  while (at < to && bytes[at] === skipped) at++
  return at
}
