import { rejectionColumns } from './customer-columns.format.ts'

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
