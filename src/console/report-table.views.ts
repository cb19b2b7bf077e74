import { type Html, html } from '#platform/html/html'
import { formatCount } from './list.views.ts'
import { type Figure, groupMin } from './small-groups.rules.ts'

/** A report as a table, once for the page and for the file. */
export type ReportTable = {
  readonly caption: string
  readonly columns: readonly ReportColumn[]
  readonly rows: readonly ReportRow[]
  /** The sum, below the others. */
  readonly total?: ReportRow | undefined
}

export type ReportColumn = {
  readonly label: string
  readonly unit: 'count' | 'share'
  /** Drawn in the chart above the table. */
  readonly isDrawn?: boolean
}

export type ReportRow = {
  readonly label: string
  readonly cells: readonly (Figure | undefined)[]
}

/** The chart is drawn from the table by a script; without it the table is there alone. */
export const reportTable = (
  { caption, columns, rows, total }: ReportTable,
  labelHeader: string,
  chart?: { readonly kind: 'bars' | 'line'; readonly unit: string },
): Html => {
  const cells = (row: ReportRow) =>
    columns.map(({ unit }, n) => html`<td class="n"${dataOf(row.cells[n])}>${figureWords(row.cells[n], unit)}</td>`)
  return html`<figure class="report"${chart && html` data-chart="${chart.kind}" data-unit="${chart.unit}"`}><div class="scroll" tabindex="0" role="group" aria-label="${caption}"><table><caption>${caption}</caption>
<thead><tr><th scope="col">${labelHeader}</th>${columns.map(
    ({ label, isDrawn }) => html`<th scope="col" class="n"${isDrawn && html` data-drawn`}>${label}</th>`,
  )}</tr></thead>
<tbody>${rows.map((row) => html`<tr><th scope="row">${row.label}</th>${cells(row)}</tr>`)}</tbody>
${total && html`<tfoot><tr><th scope="row">${total.label}</th>${cells(total)}</tr></tfoot>`}</table></div></figure>`
}

const dataOf = (figure: Figure | undefined): Html | undefined =>
  typeof figure === 'number' ? html` data-value="${String(figure)}"` : undefined

export const figureWords = (figure: Figure | undefined, unit: ReportColumn['unit']): string => {
  if (figure === undefined) return '—'
  if (figure === 'few') return `${groupMin}未満`
  return unit === 'count' ? formatCount(figure) : `${(figure * 100).toFixed(1)}%`
}

/** The same for a file: shares as they are read by people, and nothing where nothing may be told. */
export const reportRows = async function* ({
  columns,
  rows,
  total,
}: ReportTable): AsyncGenerator<readonly (string | number)[]> {
  for (const row of total === undefined ? rows : [...rows, total])
    yield [
      row.label,
      ...columns.map(({ unit }, n) => {
        const figure = row.cells[n]
        return typeof figure === 'number' && unit === 'count' ? figure : figureWords(figure, unit)
      }),
    ]
}

export const reportHeader = ({ columns }: ReportTable, labelHeader: string): readonly string[] => [
  labelHeader,
  ...columns.map(({ label }) => label),
]
