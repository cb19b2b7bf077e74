import { copyRows, firstAfter, lastBefore } from './copy-rows.format.ts'
import { layout91 } from './zengin-91.format.ts'

/** Rows of the staging table, written from the record's bytes. */
export interface DebitRows {
  add(bytes: Buffer, recordAt: number, record: number, header: number): void
  /** What was added since the last time. */
  take(): Buffer
}

export const stagedColumns = ['record', 'header', 'came', 'bare', 'amount', 'code'] as const

export function debitRows(): DebitRows {
  const rows = copyRows()
  return {
    add(bytes, recordAt, record, header) {
      rows.begin(rowBytesMax)
      rows.number(record)
      rows.tab()
      rows.number(header)
      rows.tab()
      const [from, to] = [recordAt + number.at - 1, recordAt + number.at - 1 + number.length]
      rows.signs(bytes, from, to)
      rows.tab()
      const [first, last] = barePart(bytes, from, to)
      rows.signs(bytes, first, last)
      rows.tab()
      const amountAt = recordAt + amount.at - 1
      rows.signs(bytes, firstAfter(bytes, zero, amountAt, amountAt + amount.length - 1), amountAt + amount.length)
      rows.tab()
      const codeAt = recordAt + code.at - 1
      rows.signs(bytes, codeAt, codeAt + 1)
      rows.end()
    },
    take: rows.take,
  }
}

const { customerNumber: number, amount, resultCode: code } = layout91.data

const [space, zero] = [0x20, 0x30]

/** Two numbers of ten digits, a customer number twice in UTF-8, and the separators. */
const rowBytesMax = 192

/** Without outer spaces and leading zeros, of which one stays when there is nothing else: as `bareNumber` has it. */
function barePart(bytes: Buffer, from: number, to: number): readonly [number, number] {
  const last = lastBefore(bytes, from, to)
  const first = firstAfter(bytes, space, from, last)
  return [firstAfter(bytes, zero, first, last - 1), last]
}
