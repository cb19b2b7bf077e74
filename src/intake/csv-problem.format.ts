import { maskField } from '#values/mask'

/** One thing wrong with a CSV file that is taken whole or not at all. Cells are masked: they may be somebody's. */
export interface CsvProblem {
  readonly line: number
  /** As its header has it in Japanese; left out when it is the whole row. */
  readonly column?: string
  readonly because: string
  /** Masked. */
  readonly found?: string
}

/** A cell that could not be read, and why. */
export class WrongCell {
  readonly because: string

  constructor(because: string) {
    this.because = because
  }
}

/** One line for an operator. */
export function sayCsvProblem({ line, column, because, found }: CsvProblem): string {
  const where = column === undefined ? `line ${line}` : `line ${line}, ${column}`
  return `${where}: ${because}${found === undefined ? '' : `; found "${found}"`}`
}

/** What is wrong with the cells of one row, gathered while they are read. */
export function rowProblems(line: number) {
  const problems: CsvProblem[] = []
  return {
    problems,
    /** The cell as `read` understands it; undefined when it does not, which is a problem then. */
    check<T>(column: string, cell: string, read: (cell: string) => T | WrongCell): T | undefined {
      const found = read(cell)
      if (!(found instanceof WrongCell)) return found
      problems.push(
        cell === ''
          ? { line, column, because: 'empty' }
          : { line, column, because: found.because, found: maskField(cell) },
      )
      return undefined
    },
    add(because: string, column?: string) {
      problems.push({ line, ...(column !== undefined && { column }), because })
    },
  }
}
