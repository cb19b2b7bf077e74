import { type Day, resolveMonthDay } from '#values/day'
import { type Field, fieldText } from './zengin.format.ts'
import { format91, layout91 } from './zengin-91.format.ts'
import { masked, type ZenginProblem } from './zengin-problem.format.ts'
import {
  numberIn,
  placeOf,
  readZengin,
  reportMismatches,
  type ZenginRead,
  type ZenginRefused,
} from './zengin-reader.format.ts'

/** The header of one account's part. */
export interface DebitHeader {
  /** 1 for the first account of the file. */
  readonly number: number
  readonly originatorCode: string
  readonly bankCode: string
  readonly branchCode: string
  readonly accountType: string
  readonly accountNumber: string
  /** 引落日, its year found by the day the file was received. */
  readonly day: Day
}

export interface DebitsReader {
  push(chunk: Buffer): void
  end(): DebitsRead
}

export type DebitsRead =
  | (Omit<Extract<ZenginRead, { readonly kind: 'read' }>, 'dataCount'> & {
      readonly headers: readonly DebitHeader[]
      readonly debitCount: number
    })
  | ZenginRefused

/**
 * A debit without a copy: `bytes` holds its record at `at` only during the call. Called until the first problem; what
 * was handed out before then has to be thrown away when the file turns out to be refused.
 */
export type TakeDebit = (bytes: Buffer, at: number, record: number, header: number, amount: number) => void

/** Reads a result of 口座振替 (91) from its bytes as they come, and checks all of it. */
export function readDebits(received: Day, takeDebit: TakeDebit): DebitsReader {
  const headers: DebitHeader[] = []
  const reader = readZengin(format91, ({ report, problemCount }) => {
    let group = newGroup()
    let requestProblem: ZenginProblem | undefined
    return {
      begin() {
        group = newGroup()
      },
      header(bytes, at, where) {
        const { header } = layout91
        const text = (field: Field) => fieldText(bytes, at, field)
        const day = resolveMonthDay(text(header.debitDay), received)
        if (day === undefined) {
          const place = placeOf(where, 'header', header.debitDay)
          return report({ kind: 'no-such-day', ...place, found: masked(text(header.debitDay)), expected: 'MMDD' })
        }
        headers.push({
          number: headers.length + 1,
          originatorCode: text(header.originatorCode),
          bankCode: text(header.bankCode),
          branchCode: text(header.branchCode),
          accountType: text(header.accountType),
          accountNumber: text(header.accountNumber),
          day,
        })
      },
      data(bytes, at, { record }) {
        const amount = numberIn(bytes, at, amountField)
        const isPaid = bytes[at + resultCodeAt] === codeOfPaid
        group.totalCount++
        group.totalAmount += amount
        if (isPaid) {
          group.paidCount++
          group.paidAmount += amount
        }
        if (problemCount() === 0) takeDebit(bytes, at, record, headers.length, amount)
      },
      trailer(bytes, at, where) {
        const { trailer } = layout91
        if (isRequest(bytes, at, group)) {
          requestProblem ??= { kind: 'request-file', ...placeOf(where, 'trailer', trailer.paidCount) }
        } else reportMismatches(report, trailer, figuresOf(group), { bytes, at, where })
        group = newGroup()
      },
      end() {},
      conclude() {
        if (requestProblem !== undefined) report(requestProblem)
      },
    }
  })
  return {
    push: reader.push,
    end() {
      const read = reader.end()
      if (read.kind === 'refused') return read
      const { dataCount, ...rest } = read
      return { ...rest, headers, debitCount: dataCount }
    },
  }
}

/** What the records of an account come to, by the keys of its trailer. */
function figuresOf({ totalCount, totalAmount, paidCount, paidAmount }: Group) {
  const [failedCount, failedAmount] = [totalCount - paidCount, totalAmount - paidAmount]
  return { totalCount, totalAmount, paidCount, paidAmount, failedCount, failedAmount }
}

/** In a request every 振替結果コード is 0, and the counters of the result are left at zero. */
function isRequest(bytes: Buffer, at: number, { totalCount, paidCount }: Group): boolean {
  const { trailer } = layout91
  const counters = [trailer.paidCount, trailer.paidAmount, trailer.failedCount]
  return totalCount > 0 && paidCount === totalCount && counters.every((field) => numberIn(bytes, at, field) === 0)
}

const amountField = layout91.data.amount
const resultCodeAt = layout91.data.resultCode.at - 1
const codeOfPaid = 0x30

type Group = ReturnType<typeof newGroup>

function newGroup() {
  return { totalCount: 0, totalAmount: 0, paidCount: 0, paidAmount: 0 }
}
