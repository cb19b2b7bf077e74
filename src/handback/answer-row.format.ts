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

/** One JSON object per line, the keys always in this order. */
export const asJsonLine = (answer: ExportedAnswer): string =>
  `${JSON.stringify(Object.fromEntries(columns.map(({ key }) => [key, answer[key]])))}\n`

/** RFC 4180, with CRLF. Contract numbers are separated by a space. */
export const csvHeader = (): string => csvLine(columns.map(({ header }) => header))

export const asCsvLine = (answer: ExportedAnswer): string =>
  csvLine(
    columns.map(({ key }) => {
      const value = answer[key]
      return Array.isArray(value) ? value.join(' ') : String(value ?? '')
    }),
  )

const columns = [
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
] as const satisfies readonly { readonly key: keyof ExportedAnswer; readonly header: string }[]

const csvLine = (cells: readonly string[]): string => `${cells.map(csvCell).join(',')}\r\n`

/**
 * A cell that a spreadsheet would take for a formula is led by an apostrophe (OWASP, CSV Injection: Japanese ones read
 * the full-width signs too); then RFC 4180's quotes where needed.
 */
const csvCell = (text: string): string => {
  const harmless = /^[=+\-@\t\r\n＝＋－＠]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
