import { Readable } from 'node:stream'
import { CsvError, parse } from 'csv-parse'

/** A record of a CSV file, with the line it starts on. */
export interface CsvRecord {
  readonly cells: readonly string[]
  readonly line: number
}

/** The text breaks RFC 4180, so that nobody can say where its cells end. The message never quotes the text. */
export class CsvBroken extends Error {
  readonly line: number

  constructor(message: string, line: number) {
    super(message)
    this.name = 'CsvBroken'
    this.line = line
  }
}

/** An opening quote that is never closed makes one record of the rest of the file: it must not fill the memory. */
const recordBytesMax = 64 * 1024

/** The records of a text that comes in pieces, empty lines left out. Throws `CsvBroken`; what came before was handed out. */
export async function* readCsv(pieces: AsyncIterable<string>): AsyncIterable<CsvRecord> {
  let linesRead = 0
  const parser = parse({
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: recordBytesMax,
    // Records that were read and not yet taken are lost with an error, and with them where they stood.
    on_record: (record, { lines }) => {
      linesRead = lines
      return record
    },
  })
  const source = Readable.from(pieces)
  // A pipe does not hand errors on.
  source.on('error', (error) => parser.destroy(error))
  source.pipe(parser)
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      const breaks = record.reduce((count, cell) => count + (cell.includes('\n') ? cell.split('\n').length - 1 : 0), 0)
      yield { cells: record, line: info.lines - breaks }
    }
  } catch (error) {
    source.destroy()
    if (!(error instanceof CsvError)) throw error
    const { code, lines } = error as unknown as { readonly code: string; readonly lines?: number }
    // An open quote is told by the line it stands on, not by the one where the search for its end was given up.
    const line = openQuotes.has(code) ? linesRead + 1 : (lines ?? linesRead)
    throw new CsvBroken(words[code] ?? 'is not CSV as RFC 4180 has it', line)
  }
}

const words: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a cell opens with a quote that is never closed',
  INVALID_OPENING_QUOTE: 'a quote stands inside a cell that does not begin with one',
  CSV_INVALID_CLOSING_QUOTE: 'something follows the closing quote of a cell',
  CSV_MAX_RECORD_SIZE: 'a record is longer than 64 KB: a closing quote may be missing',
}

const openQuotes: ReadonlySet<string> = new Set(['CSV_QUOTE_NOT_CLOSED', 'CSV_MAX_RECORD_SIZE'])
