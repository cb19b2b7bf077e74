import { CsvBroken, type CsvRecord, readCsv } from '#platform/text/csv'
import { type CsvColumns, type CsvHeader, readCsvHeader, type WrongHeader } from './csv-header.format.ts'
import type { CsvProblem } from './csv-problem.format.ts'
import { problemsMax } from './zengin-problem.format.ts'

/** How a file went that is taken whole or not at all. */
export type CsvRead = { readonly kind: 'read'; readonly rows: number } | CsvRefused

export type CsvRefused =
  | { readonly kind: 'empty' }
  | WrongHeader
  /** Cells cannot be told apart from that line on. */
  | { readonly kind: 'broken-csv'; readonly line: number; readonly because: string }
  | { readonly kind: 'wrong-rows'; readonly problems: readonly CsvProblem[]; readonly furtherProblems: number }

export interface CsvTaking<Column extends string> {
  readonly columns: CsvColumns<Column>
  /** The row as a line for COPY, or what is wrong with it. */
  readonly rowOf: (
    record: CsvRecord,
    header: Extract<CsvHeader<Column>, { readonly kind: 'header' }>,
  ) => string | readonly CsvProblem[]
}

/**
 * Lines for COPY while the text is read, and at the end how it went: what was handed out has to be thrown away unless
 * that is `read`. Every problem is collected.
 */
export async function* readCsvRows<Column extends string>(
  text: AsyncIterable<string>,
  { columns, rowOf }: CsvTaking<Column>,
): AsyncGenerator<string, CsvRead> {
  const problems: CsvProblem[] = []
  let problemCount = 0
  let rows = 0
  let header: Extract<CsvHeader<Column>, { readonly kind: 'header' }> | undefined
  let lines = ''
  try {
    for await (const record of readCsv(text)) {
      if (header === undefined) {
        const read = readCsvHeader(columns, record.cells)
        if (read.kind === 'wrong-header') return read
        header = read
        continue
      }
      rows++
      const row = rowOf(record, header)
      if (typeof row !== 'string') {
        problemCount += row.length
        problems.push(...row.slice(0, problemsMax - problems.length))
      } else if (problemCount === 0) lines += row
      if (lines.length < pieceLength) continue
      yield lines
      lines = ''
    }
  } catch (error) {
    if (error instanceof CsvBroken) return { kind: 'broken-csv', line: error.line, because: error.message }
    throw error
  }
  if (lines !== '') yield lines
  if (header === undefined) return { kind: 'empty' }
  if (problemCount > 0) return { kind: 'wrong-rows', problems, furtherProblems: problemCount - problems.length }
  return { kind: 'read', rows }
}

/** A call for each row would cost more than the row. */
const pieceLength = 64 * 1024
