import { feedFormat } from './feed-line.format.ts'

/** An answer version as the core system reads it. */
export type ExportedAnswer = {
  readonly answerId: string
  readonly version: number
  /** The version of the same answer that this one replaces. */
  readonly supersedes: number | null
  readonly customerNumber: string
  readonly contractNumbers: readonly string[]
  readonly kind: string
  readonly promisedDay: string | null
  /** RFC 3339, JST. */
  readonly answeredAt: string
  readonly receiptNumber: string
  /** Where the reader goes on: `--after` this. */
  readonly cursor: number
}

export const answerFormat = feedFormat<ExportedAnswer>([
  { key: 'answerId', header: 'answer_id' },
  { key: 'version', header: 'version' },
  { key: 'supersedes', header: 'supersedes' },
  { key: 'customerNumber', header: 'customer_number' },
  { key: 'contractNumbers', header: 'contract_numbers' },
  { key: 'kind', header: 'kind' },
  { key: 'promisedDay', header: 'promised_day' },
  { key: 'answeredAt', header: 'answered_at' },
  { key: 'receiptNumber', header: 'receipt_number' },
  { key: 'cursor', header: 'cursor' },
])
