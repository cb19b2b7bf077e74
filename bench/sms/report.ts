import { execFile } from 'node:child_process'
import { availableParallelism, cpus, totalmem } from 'node:os'
import { promisify } from 'node:util'

export type Options = {
  readonly messages: number
  readonly window: number
  readonly chunk: number
  readonly claims: number
  readonly rounds: number
  readonly minutes: number
  /** Kannel's speed does not depend on how many there are, and it takes minutes for many. */
  readonly kannelMessages: number
  readonly seconds: number
  readonly codes: number
  readonly ratePerSecond: number
  readonly only: readonly string[]
}

export function say(text: string): void {
  process.stderr.write(`${text}\n`)
}

export function median(of: readonly number[]): number {
  const sorted = of.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}

export function quantile(of: readonly number[], share: number): number {
  return of.toSorted((a, b) => a - b)[Math.min(of.length - 1, Math.floor(of.length * share))] ?? 0
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.join(' | ')} |`.replaceAll('|  |', '| |').replaceAll('|  |', '| |')
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line), ''].join('\n')
}

export async function machine(): Promise<string> {
  const { stdout: commit } = await promisify(execFile)('git', ['rev-parse', '--short', 'HEAD'])
  return `Commit ${commit.trim()}, Node ${process.version}, ${availableParallelism()} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB, embedded PostgreSQL with durable settings.`
}
