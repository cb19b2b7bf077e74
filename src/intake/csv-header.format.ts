import { maskField } from '#values/mask'

/** The columns of a CSV file, each by the names that its header may have. */
export type CsvColumns<Column extends string> = Readonly<Record<Column, CsvColumn>>

interface CsvColumn {
  readonly english: string
  readonly japanese: string
  readonly optional?: true
}

export type CsvHeader<Column extends string> =
  | { readonly kind: 'header'; readonly at: ReadonlyMap<Column, number>; readonly width: number }
  | WrongHeader

export interface WrongHeader {
  readonly kind: 'wrong-header'
  readonly missing: readonly string[]
  /** Masked unless they are plain words: in a file of another kind the first line is somebody's. */
  readonly unknown: readonly string[]
  readonly doubled: readonly string[]
}

/** Which cell is what, whatever the order. */
export function readCsvHeader<Column extends string>(
  columns: CsvColumns<Column>,
  cells: readonly string[],
): CsvHeader<Column> {
  const known = Object.entries<CsvColumn>(columns)
  const at = new Map<Column, number>()
  const [unknown, doubled]: [string[], string[]] = [[], []]
  for (const [index, cell] of cells.entries()) {
    const name = cell.normalize('NFKC').trim()
    const column = known.find(
      ([, { english, japanese }]) => english === name.toLowerCase() || japanese === name,
    )?.[0] as Column | undefined
    if (column === undefined) unknown.push(/^[a-z_ ]{1,20}$/.test(name) ? name : maskField(name))
    else if (at.has(column)) doubled.push(name)
    else at.set(column, index)
  }
  const missing = known
    .filter(([key, { optional }]) => !at.has(key as Column) && optional !== true)
    .map(([, { english, japanese }]) => `${english} (${japanese})`)
  if (missing.length + unknown.length + doubled.length > 0) return { kind: 'wrong-header', missing, unknown, doubled }
  return { kind: 'header', at, width: cells.length }
}
