import type { Creditor } from '#creditor'
import { readSlipBarcode } from '#payments'
import { addDays, type Day, dayOf, daysBetween, day as knownDay } from '#values/day'
import type { CsvColumns, CsvHeader } from './csv-header.format.ts'
import { type CsvProblem, rowProblems, WrongCell } from './csv-problem.format.ts'

/** The columns of an agent's report of convenience-store payments. */
export const storeColumns = {
  kind: { english: 'kind', japanese: '種別' },
  paidAt: { english: 'paid_at', japanese: '収納日時' },
  slip: { english: 'slip_number', japanese: '払込票番号' },
  amount: { english: 'amount', japanese: '金額' },
  chain: { english: 'chain', japanese: 'チェーン', optional: true },
  store: { english: 'store', japanese: '店舗', optional: true },
} as const satisfies CsvColumns<string>

export type StoreColumn = keyof typeof storeColumns

/** One payment at a till, or what became of one. */
export interface StorePayment {
  readonly act: 'provisional' | 'final' | 'reversal'
  readonly onDay: Day
  /** The free part of the barcode, 21 digits. */
  readonly slipNumber: string
  readonly amount: number
  /** What 速報, 確報 and 取消 of one payment share: the slip and the minute in which it was paid. */
  readonly key: string
}

export type StorePaymentRead =
  | { readonly kind: 'payment'; readonly payment: StorePayment }
  | { readonly kind: 'wrong'; readonly problems: readonly CsvProblem[] }

export interface StoreContext {
  readonly convenienceStore: NonNullable<Creditor['convenienceStore']>
  /** The day the file came. */
  readonly received: Day
}

export function readStorePayment(
  { cells, line }: { readonly cells: readonly string[]; readonly line: number },
  { at, width }: Extract<CsvHeader<StoreColumn>, { readonly kind: 'header' }>,
  context: StoreContext,
): StorePaymentRead {
  const row = rowProblems(line)
  const checked = <T>(column: StoreColumn, read: (cell: string) => T | WrongCell): T | undefined => {
    const cell = (cells[at.get(column) ?? -1] ?? '').normalize('NFKC').trim()
    return row.check(storeColumns[column].japanese, cell, read)
  }
  const act = checked('kind', (cell) => acts.get(cell.toLowerCase()) ?? new WrongCell('not 速報, 確報 or 取消'))
  const paidAt = checked('paidAt', (cell) => readMinute(cell, context.received))
  const slip = checked('slip', (cell) => readSlip(cell, context))
  const amount = checked('amount', readAmount)
  if (cells.length !== width) row.add(`the row has ${cells.length} cells and the header ${width}`)
  if (slip?.amount !== undefined && amount !== undefined && slip.amount !== amount) {
    row.add('not the amount of the barcode', storeColumns.amount.japanese)
  }
  if (row.problems.length > 0) return { kind: 'wrong', problems: row.problems }
  return { kind: 'payment', payment: paymentOf({ act, paidAt, slip, amount } as Cells) }
}

interface Cells {
  readonly act: StorePayment['act']
  readonly paidAt: Minute
  readonly slip: Slip
  readonly amount: number
}

interface Minute {
  readonly day: Day
  readonly minuteOfDay: number
}

interface Slip {
  readonly number: string
  /** Known when the whole barcode was given. */
  readonly amount?: number
}

function paymentOf({ act, paidAt: { day, minuteOfDay }, slip, amount }: Cells): StorePayment {
  const minute = daysBetween(firstDay, day) * 1_440 + minuteOfDay
  return {
    act,
    onDay: day,
    slipNumber: slip.number,
    amount,
    key: `c${minute.toString(36)}.${BigInt(slip.number).toString(36)}`,
  }
}

const firstDay = knownDay('2000-01-01')

const acts: ReadonlyMap<string, StorePayment['act']> = new Map([
  ['速報', 'provisional'],
  ['確報', 'final'],
  ['取消', 'reversal'],
  ['速報取消', 'reversal'],
  ['provisional', 'provisional'],
  ['final', 'final'],
  ['reversal', 'reversal'],
])

/** Without the minute two payments of one slip on one day could not be told apart. */
function readMinute(cell: string, received: Day): Minute | WrongCell {
  const parts = compact.exec(cell) ?? separated.exec(cell)
  if (parts === null) return new WrongCell('no day with hour and minute, as 2026-11-24 10:15 or 20261124101500')
  const [year = 0, month = 0, dayOfMonth = 0, hour = 0, minute = 0, second = 0] = parts.slice(1).map(Number)
  const day = dayOf(year, month, dayOfMonth)
  const isTime = hour < 24 && minute < 60 && (Number.isNaN(second) || second < 60)
  if (day === undefined || !isTime) return new WrongCell('there is no such day or time')
  if (day > received) return new WrongCell(`after the day the file came, ${received}`)
  if (day < addDays(received, -daysBackMax)) return new WrongCell('longer ago than five years')
  return { day, minuteOfDay: hour * 60 + minute }
}

const compact = /^(\d{4})(\d{2})(\d{2})[ T]?(\d{2})(\d{2})(\d{2})?$/
/** With +09:00 or without: tills are in Japan. */
const separated = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})[ T](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(?:\+09:?00)?$/

/** Claims lapse after five years (民法166条): nobody reports older money. */
const daysBackMax = 5 * 366

/** The slip's number, or all 44 digits of its barcode. */
function readSlip(cell: string, { convenienceStore: { makerCode, padding } }: StoreContext): Slip | WrongCell {
  const digits = cell.replace(/[-() ]/g, '')
  if (/^\d{44}$/.test(digits)) {
    const barcode = readSlipBarcode(digits)
    if (barcode === undefined) return new WrongCell('44 digits that are no barcode of a slip: the check digit differs')
    if (barcode.makerCode !== makerCode) return new WrongCell('the slip of another 請求書発行企業コード')
    return { number: barcode.freePart, amount: barcode.amount }
  }
  if (!/^\d{1,21}$/.test(digits))
    return new WrongCell('neither a slip number of up to 21 digits nor the 44 of a barcode')
  return { number: padding === 'left' ? digits.padStart(21, '0') : digits.padEnd(21, '0') }
}

function readAmount(cell: string): number | WrongCell {
  const digits = cell.replace(/^[¥\\]/, '').replace(/円$/, '')
  if (!/^(\d{1,9}|\d{1,3}(,\d{3}){1,2})$/.test(digits)) return new WrongCell('no amount in whole yen')
  const amount = Number(digits.replaceAll(',', ''))
  return amount > 0 ? amount : new WrongCell('no amount')
}
