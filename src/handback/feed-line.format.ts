import { type CsvCell, csvLine } from '#platform/text/csv-line'

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
  asCsvLine: (row) => csvLine(columns.map(({ key }) => asCell(row[key]))),
})

const asCell = (value: unknown): CsvCell =>
  typeof value === 'number' || Array.isArray(value) ? value : String(value ?? '')
