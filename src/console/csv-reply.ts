import { type Html, html } from '#platform/html/html'
import type { Reply } from '#platform/http/http'
import { type CsvCell, csvLine } from '#platform/text/csv-line'
import { type TextEncoding, textEncoder } from '#platform/text/encode'

/** Excel takes a file for UTF-8 only when it begins with the mark; older programs in Japan want CP932. */
const encodings: Readonly<Record<TextEncoding, { readonly label: string; readonly charset: string }>> = {
  'utf8-bom': { label: 'Excel', charset: 'utf-8' },
  utf8: { label: 'UTF-8', charset: 'utf-8' },
  cp932: { label: 'Shift_JIS', charset: 'shift_jis' },
}

export type CsvTable = {
  /** Without '.csv'. Whoever has the file in a folder knows by it what it is and of when. */
  readonly name: string
  readonly encoding: TextEncoding
  readonly header: readonly string[]
  readonly rows: AsyncIterable<readonly CsvCell[]>
}

/** A file that is made while it leaves, so that a million rows need no more memory than a thousand. */
export const csvReply = ({ name, encoding, header, rows }: CsvTable): Reply => ({
  kind: 'file',
  mediaType: `text/csv; charset=${encodings[encoding].charset}`,
  name: `${name}.csv`,
  body: csvBytes(encoding, header, rows),
})

/** What `?csv=` asks for; undefined when it asks for no file. */
export const encodingOf = (asked: string | undefined): TextEncoding | undefined =>
  asked !== undefined && Object.hasOwn(encodings, asked) ? (asked as TextEncoding) : undefined

/** Links to the file of what a page shows, in each encoding. `address` is the file's, with the page's filters. */
export const csvLinks = (address: string): Html => {
  const [path = '', query = ''] = address.split('?')
  const to = (encoding: string) => {
    const fields = new URLSearchParams(query)
    fields.set('csv', encoding)
    return `${path}?${fields}`
  }
  return html`<span class="csv">CSV${Object.entries(encodings).map(
    ([encoding, { label }]) => html` <a href="${to(encoding)}" download>${label}</a>`,
  )}</span>`
}

/** A line a piece would be a write a line. */
const pieceLength = 64 * 1024

async function* csvBytes(
  encoding: TextEncoding,
  header: readonly string[],
  rows: AsyncIterable<readonly CsvCell[]>,
): AsyncGenerator<Uint8Array> {
  const encode = textEncoder(encoding)
  let text = csvLine(header)
  for await (const row of rows) {
    text += csvLine(row)
    if (text.length < pieceLength) continue
    yield encode(text)
    text = ''
  }
  if (text !== '') yield encode(text)
}

/** All rows of a list that is read page by page, each page after the one before has left. */
export async function* allPages<Row, Place>(
  read: (after: Place | undefined, limit: number) => Promise<readonly Row[]>,
  placeOf: (row: Row) => Place,
): AsyncGenerator<readonly Row[]> {
  for (let after: Place | undefined; ; ) {
    const rows = await read(after, rowsPerPage)
    if (rows.length > 0) yield rows
    const last = rows.at(-1)
    if (last === undefined || rows.length < rowsPerPage) return
    after = placeOf(last)
  }
}

const rowsPerPage = 1_000
