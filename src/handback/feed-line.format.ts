/** A column of a feed, under its name in JSON and in CSV. */
export type Column<Row> = { readonly key: keyof Row & string; readonly header: string }

export type FeedFormat<Row> = {
  /** One JSON object per line, the keys always in this order. */
  asJsonLine(row: Row): string
  /** RFC 4180, with CRLF. */
  csvHeader(): string
  asCsvLine(row: Row): string
}

export const feedFormat = <Row>(columns: readonly Column<Row>[]): FeedFormat<Row> => ({
  asJsonLine: (row) => `${JSON.stringify(Object.fromEntries(columns.map(({ key }) => [key, row[key]])))}\n`,
  csvHeader: () => csvLine(columns.map(({ header }) => header)),
  asCsvLine: (row) => csvLine(columns.map(({ key }) => row[key])),
})

const csvLine = (cells: readonly unknown[]): string => `${cells.map(csvCell).join(',')}\r\n`

/** What is empty is an empty cell, and several are separated by a space. A number of ours is no formula, also below zero. */
const csvCell = (value: unknown): string => {
  if (typeof value === 'number') return String(value)
  return csvText(Array.isArray(value) ? value.join(' ') : String(value ?? ''))
}

/**
 * A cell that a spreadsheet would take for a formula is led by an apostrophe (OWASP, CSV Injection: Japanese ones read
 * the full-width signs too); then RFC 4180's quotes where needed.
 */
const csvText = (text: string): string => {
  const harmless = /^[=+\-@\t\r\n＝＋－＠]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
