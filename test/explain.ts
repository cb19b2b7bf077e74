import pg from 'pg'
import { vi } from 'vitest'

/** A statement that the program ran, and how PostgreSQL ran it. */
export type Explained = {
  readonly text: string
  readonly nodes: readonly PlanNode[]
  /** Pages touched, in memory or not. What writing parts of a `with` touch counts beside the rest. */
  readonly buffers: number
}

export type PlanNode = {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Index Name'?: string
  readonly 'Actual Rows': number
  readonly 'Actual Loops': number
  readonly 'Rows Removed by Filter'?: number
  readonly 'Rows Removed by Index Recheck'?: number
  readonly 'Shared Hit Blocks': number
  readonly 'Shared Read Blocks': number
  readonly 'Parent Relationship'?: string
  readonly Operation?: string
  readonly Plans?: readonly PlanNode[]
}

/**
 * Explains every statement that runs meanwhile: the very text with the very values, on the same connection, in the same
 * transaction, a moment before it runs for real. What the connection keeps prepared is explained by the plan it has kept.
 */
export const explaining = async (act: () => Promise<unknown>): Promise<readonly Explained[]> => {
  const explained: Explained[] = []
  const inTransaction = new WeakSet<pg.Client>()
  const run = pg.Client.prototype.query as (this: pg.Client, ...of: readonly unknown[]) => Promise<pg.QueryResult>
  // One after the other, though a pipeline sends many at once.
  const turns = new WeakMap<pg.Client, Promise<unknown>>()
  const explainAndRun = async function (this: pg.Client, ...of: readonly unknown[]) {
    const { text, values, name } = statementIn(of)
    if (isExplainable.test(text)) {
      const isWithin = inTransaction.has(this)
      await run.call(this, isWithin ? 'savepoint explained' : 'begin')
      const isKept = name !== undefined && name in (this as unknown as Prepared).connection.parsedStatements
      const asked = isKept ? `execute ${name} ${argumentsOf(values)}` : text
      const query = {
        text: `explain (analyze, buffers, timing off, format json) ${asked}`,
        values: isKept ? [] : values,
      }
      const { rows } = await run.call(this, query)
      await run.call(this, isWithin ? 'rollback to savepoint explained' : 'rollback')
      explained.push(told(text, rows[0]['QUERY PLAN'][0].Plan))
    }
    if (text === 'begin') inTransaction.add(this)
    if (text === 'commit' || text === 'rollback') inTransaction.delete(this)
    return run.call(this, ...of)
  }
  const spy = vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (
    this: pg.Client,
    ...of: readonly unknown[]
  ) {
    const turn = (turns.get(this) ?? Promise.resolve()).then(() => explainAndRun.apply(this, [...of]))
    turns.set(
      this,
      turn.catch(() => {}),
    )
    return turn
  } as never)
  try {
    await act()
  } finally {
    spy.mockRestore()
  }
  return explained
}

type Statement = { readonly text: string; readonly values: readonly unknown[]; readonly name?: string }
type Prepared = { readonly connection: { readonly parsedStatements: Readonly<Record<string, string>> } }

const statementIn = ([query, values]: readonly unknown[]): Statement =>
  typeof query === 'string'
    ? { text: query, values: (values as readonly unknown[] | undefined) ?? [] }
    : { values: [], ...(query as Omit<Statement, 'values'>) }

const argumentsOf = (values: readonly unknown[]): string =>
  `(${values.map((value) => (value === null ? 'null' : pg.escapeLiteral(textOf(value)))).join(', ')})`

const textOf = (value: unknown): string => {
  if (value instanceof Date) return value.toISOString()
  if (Buffer.isBuffer(value)) return `\\x${value.toString('hex')}`
  if (!Array.isArray(value)) return String(value)
  const items = value.map((item) => (item === null ? 'null' : `"${textOf(item).replaceAll(/["\\]/g, '\\$&')}"`))
  return `{${items.join(',')}}`
}

/** Also one statement alone that makes a table for a transaction of what it finds. */
const isExplainable = /^\s*((select|with|insert|update|delete)\b|create temp table \w+ on commit drop as\b[^;]*$)/i

const told = (text: string, plan: PlanNode): Explained => {
  const nodes = nodesOf(plan)
  const writing = nodes.filter((node) => node.Operation !== undefined && node['Parent Relationship'] === 'InitPlan')
  return { text, nodes, buffers: [plan, ...writing].reduce((sum, node) => sum + pagesOf(node), 0) }
}

const nodesOf = (node: PlanNode): readonly PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)]

const pagesOf = (node: PlanNode): number => node['Shared Hit Blocks'] + node['Shared Read Blocks']

/** Tables, partitions among them, that were looked at, however few rows came of it. Empty ones cost nothing. */
export const tablesRead = ({ nodes }: Explained): readonly string[] => [
  ...new Set(nodes.flatMap((node) => (wasRun(node) && !isWriting(node) ? (node['Relation Name'] ?? []) : []))),
]

export const indexesUsed = ({ nodes }: Explained): readonly string[] => [
  ...new Set(nodes.flatMap((node) => (wasRun(node) ? (node['Index Name'] ?? []) : []))),
]

/** Tables that were read row by row. Where there is no row, that is the quickest way. */
export const tablesReadWhole = ({ nodes }: Explained): readonly string[] =>
  nodes.flatMap((node) =>
    node['Node Type'].includes('Seq Scan') && rowsOf(node) > 0 ? (node['Relation Name'] ?? []) : [],
  )

/** The most rows that any step of the plan had in its hands. */
export const rowsTouched = ({ nodes }: Explained): number => Math.max(...nodes.map(rowsOf))

const rowsOf = (node: PlanNode): number =>
  (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0)) *
  node['Actual Loops']

const isWriting = ({ Operation }: PlanNode): boolean => Operation !== undefined

const wasRun = (node: PlanNode): boolean => node['Actual Loops'] > 0
