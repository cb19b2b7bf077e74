import type { Day } from '#values/day'
import { feedFormat } from './feed-line.format.ts'

/** A line of the ledger as the core system reads it: what a deposit has paid, or does not pay any more. */
export type ExportedDeposit = {
  readonly depositId: string
  readonly channel: string
  /** The day from which the money counts. */
  readonly onDay: Day
  readonly customerNumber: string
  /** Null for what no bill needed, and for a bill whose contract could not be told. */
  readonly contractNumber: string | null
  readonly billId: string | null
  readonly dueDay: Day | null
  readonly account: 'bill' | 'surplus' | 'refund'
  readonly fee: number
  readonly lateCharge: number
  readonly principal: number
  /** Of the line, and below zero when it takes back what an earlier one told. */
  readonly amount: number
  /** How the bill stands with everything that was known when the line got its place; null when it is about none. */
  readonly billSettled: boolean | null
  /** RFC 3339, JST. */
  readonly writtenAt: string
  /** Where the reader goes on: `--after` this. */
  readonly cursor: number
}

export const depositFormat = feedFormat<ExportedDeposit>([
  { key: 'depositId', header: 'deposit_id' },
  { key: 'channel', header: 'channel' },
  { key: 'onDay', header: 'on_day' },
  { key: 'customerNumber', header: 'customer_number' },
  { key: 'contractNumber', header: 'contract_number' },
  { key: 'billId', header: 'bill_id' },
  { key: 'dueDay', header: 'due_day' },
  { key: 'account', header: 'account' },
  { key: 'fee', header: 'fee' },
  { key: 'lateCharge', header: 'late_charge' },
  { key: 'principal', header: 'principal' },
  { key: 'amount', header: 'amount' },
  { key: 'billSettled', header: 'bill_settled' },
  { key: 'writtenAt', header: 'written_at' },
  { key: 'cursor', header: 'cursor' },
])
