import { readCsv } from '#platform/text/csv'
import { maskId } from '#values/mask'
import { customerColumns, rejectionColumns } from './customer-columns.format.ts'
import { decodeText } from './text-encoding.format.ts'

/** The file that goes back: the same columns, with the line it had and what is wrong. UTF-8 with a mark, for spreadsheets. */
export function rejectedHeader(cells: readonly string[]): string {
  return `\ufeff${csvLine([...cells, ...rejectionColumns])}`
}

export function rejectedLine(cells: readonly string[], line: number, reasons: string): string {
  return csvLine([...cells, String(line), reasons])
}

/** RFC 4180, as it came: a cell that was changed here could not be corrected there. */
function csvLine(cells: readonly string[]): string {
  const quoted = cells.map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
  return `${quoted.join(',')}\r\n`
}

/** A rejected row as a page may show it. */
export interface RejectedRow {
  readonly line: number
  /** Masked. */
  readonly customerNumber: string
  /** '携帯電話番号：携帯電話番号ではありません', one for each cell. */
  readonly reasons: readonly string[]
}

/** The first rows of the file that goes back. */
export async function readRejectedRows(bytes: AsyncIterable<Buffer>, max: number): Promise<readonly RejectedRow[]> {
  const rows: RejectedRow[] = []
  let numberAt: number | undefined
  for await (const { cells } of readCsv(decodeText(bytes, 'utf-8'))) {
    if (numberAt === undefined) {
      const { english, japanese } = customerColumns.customerNumber
      numberAt = cells.findIndex((cell) =>
        new Set<string>([english, japanese]).has(cell.normalize('NFKC').trim().toLowerCase()),
      )
      continue
    }
    const [line, reasons = ''] = cells.slice(-rejectionColumns.length)
    rows.push({ line: Number(line), customerNumber: maskId(cells[numberAt] ?? ''), reasons: reasons.split(' / ') })
    if (rows.length >= max) break
  }
  return rows
}
