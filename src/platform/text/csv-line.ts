export type CsvCell = string | number | null | undefined | readonly string[]

/**
 * A line as RFC 4180 has it, with CRLF. What is empty is an empty cell, and several are separated by a space. A number of
 * ours is no formula, also below zero.
 */
export const csvLine = (cells: readonly CsvCell[]): string => `${cells.map(csvCell).join(',')}\r\n`

const csvCell = (value: CsvCell): string => {
  if (typeof value === 'number') return String(value)
  return csvText(typeof value === 'string' ? value : (value ?? []).join(' '))
}

/**
 * A cell that a spreadsheet would take for a formula is led by an apostrophe (OWASP, CSV Injection: Japanese ones read
 * the full-width signs too); then RFC 4180's quotes where needed.
 */
const csvText = (text: string): string => {
  const harmless = /^[=+\-@\t\r\n＝＋－＠]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
