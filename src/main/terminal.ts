import { createInterface } from 'node:readline/promises'
import { SingleBar } from 'cli-progress'

/** Data goes to standard output, words for people to standard error: a pipe gets only what it can use. */
export const terminal = {
  data(text: string): void {
    process.stdout.write(`${text}\n`)
  },
  json(value: unknown): void {
    process.stdout.write(`${JSON.stringify(value)}\n`)
  },
  say(text: string): void {
    process.stderr.write(`${text}\n`)
  },
  /** What a person types as the answer; undefined where nobody sits. */
  async ask(question: string): Promise<string | undefined> {
    if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined
    const lines = createInterface({ input: process.stdin, output: process.stderr })
    try {
      return await lines.question(question)
    } finally {
      lines.close()
    }
  },
}

/** Waits until a slow reader has taken what was written: a pipe into `head` or a busy disk must not fill our memory. */
export const writeOut = async (chunk: string | Buffer): Promise<void> => {
  if (!process.stdout.write(chunk)) await new Promise<void>((resolve) => process.stdout.once('drain', () => resolve()))
}

export type Progress = (done: number, total: number) => void

/** Draws a bar while `work` runs, on a terminal only. */
export const withProgress = async <T>(title: string, work: (progress: Progress) => Promise<T>): Promise<T> => {
  if (!process.stderr.isTTY) return work(() => {})
  const bar = new SingleBar({
    format: `${title} {bar} {percentage}%  {eta_formatted}`,
    hideCursor: true,
    clearOnComplete: true,
  })
  bar.start(1, 0)
  try {
    return await work((done, total) => {
      bar.setTotal(Math.max(1, total))
      bar.update(done)
    })
  } finally {
    bar.stop()
  }
}

/** Rows as aligned columns; wide characters count double. */
export const table = (rows: readonly (readonly string[])[]): string => {
  const widths = rows.reduce<number[]>(
    (known, row) => row.map((cell, column) => Math.max(known[column] ?? 0, width(cell))),
    [],
  )
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - width(cell)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

const width = (text: string): number => [...text].reduce((sum, sign) => sum + (/[ᄀ-￠]/.test(sign) ? 2 : 1), 0)
