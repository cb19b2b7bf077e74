import type { Day } from '#values/day'
import { type DepositHeader, eraDay, eraDays, isDay, readDepositHeader } from './deposit-header.format.ts'
import { type Field, fieldText } from './zengin.format.ts'
import { masked } from './zengin-problem.format.ts'
import { placeOf, type Where, type ZenginChecks, type ZenginRead, type ZenginRefused } from './zengin-reader.format.ts'

/**
 * One line of money, without a copy: `bytes` holds its record at `at` only during the call, and the line itself is
 * used again for the next one.
 */
export interface DepositLine {
  readonly bytes: Buffer
  readonly at: number
  readonly record: number
  readonly header: DepositHeader
  readonly amount: number
  /** Takes an earlier line back. */
  readonly isReversal: boolean
  /** 起算日: from when the money counts. */
  readonly onDay: Day
}

/** Called until the first problem; what came before has to be thrown away when the file turns out to be refused. */
export type TakeDepositLine = (line: DepositLine) => void

/** Records that are no money that came for us, and why. */
export interface NotTaken {
  readonly because: 'withdrawal' | 'other-kind'
  readonly count: number
  readonly amount: number
}

export interface DepositsReader {
  push(chunk: Buffer): void
  end(): DepositsRead
}

export type DepositsRead =
  | (Extract<ZenginRead, { readonly kind: 'read' }> & {
      readonly headers: readonly DepositHeader[]
      readonly notTaken: readonly NotTaken[]
    })
  | ZenginRefused

/** Where the facts of a line stand, in every form that has them. */
interface LineFields {
  readonly accountDay: Field
  readonly valueDay: Field
}

/** What the readers of 01 and 03 have in common: the account that the records are of, and the days of a line. */
export function depositLines(
  layout: { readonly header: Parameters<typeof readDepositHeader>[0]; readonly data: LineFields },
  { received, take }: { readonly received: Day; readonly take: TakeDepositLine },
  { report, problemCount }: ZenginChecks,
) {
  const days = eraDays(received)
  const headers: DepositHeader[] = []
  let header: DepositHeader | undefined
  // One object for all lines: a million would be collected one by one.
  const line = { bytes: none, at: 0, record: 0, header: undefined as unknown as DepositHeader } as Mutable<DepositLine>

  /** 起算日, or 勘定日 where the bank leaves it blank. Undefined when a day is none; that has been reported. */
  const dayOf = (bytes: Buffer, at: number, where: Where): Day | undefined => {
    const { accountDay, valueDay } = layout.data
    const refuse = (field: Field) => {
      const found = masked(fieldText(bytes, at, field))
      report({ kind: 'no-such-day', ...placeOf(where, 'data', field), found, expected: eraDay })
      return undefined
    }
    const posted = days.at(bytes, at, accountDay)
    if (!isDay(posted)) return refuse(accountDay)
    if (header !== undefined && (posted < header.from || posted > header.to)) {
      const expected = `${header.from} to ${header.to}`
      report({ kind: 'outside-period', ...placeOf(where, 'data', accountDay), found: posted, expected })
      return undefined
    }
    const counted = days.at(bytes, at, valueDay)
    if (counted === 'blank') return posted
    return counted === 'no-day' ? refuse(valueDay) : counted
  }

  return {
    headers,
    begin() {
      header = undefined
    },
    header(bytes: Buffer, at: number, where: Where) {
      header = readDepositHeader(layout.header, { bytes, at, where }, { number: headers.length + 1, received, report })
      if (header !== undefined) headers.push(header)
    },
    take(bytes: Buffer, at: number, where: Where, amount: number, isReversal: boolean) {
      const onDay = dayOf(bytes, at, where)
      if (onDay === undefined || header === undefined || problemCount() > 0) return
      line.bytes = bytes
      line.at = at
      line.record = where.record
      line.header = header
      line.amount = amount
      line.isReversal = isReversal
      line.onDay = onDay
      take(line)
    },
  }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

const none = Buffer.alloc(0)
