import assert from 'node:assert/strict'
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  IdentifierNode,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryCompiler,
  type QueryResult,
  RawNode,
  type TransactionSettings,
} from 'kysely'
import type pg from 'pg'
import Cursor from 'pg-cursor'
import { Fault } from '#platform/fault'
import { cleanError } from './errors.ts'
import { parsers } from './parsers.ts'

/**
 * Kysely's PostgreSQL with two things of our own: COPY reaches the connection of a running transaction
 * (`usingClient`), and every error passes through one place before anybody sees it.
 */
export function postgresDialect(pool: pg.Pool, end: () => Promise<void>): Dialect {
  return dialectOf(() => new PoolDriver(pool, end))
}

export function dialectOf(createDriver: () => Driver): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver,
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  }
}

/** Runs `act` with the pg client behind a connection that this driver gave out. */
export async function usingClient<T>(
  connection: DatabaseConnection,
  act: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  assert(connection instanceof PoolConnection, 'The connection comes from another driver')
  try {
    return await act(connection.client)
  } catch (error) {
    throw connection.failed(error)
  }
}

class PoolDriver implements Driver {
  readonly #pool: pg.Pool
  readonly #end: () => Promise<void>

  constructor(pool: pg.Pool, end: () => Promise<void>) {
    this.#pool = pool
    this.#end = end
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    const client = await this.#pool.connect().catch((error: unknown) => {
      throw cleanError(error)
    })
    return new PoolConnection(client)
  }

  async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    const isolation = settings.isolationLevel === undefined ? '' : ` isolation level ${settings.isolationLevel}`
    const access = settings.accessMode === undefined ? '' : ` ${settings.accessMode}`
    await connection.executeQuery(CompiledQuery.raw(`begin${isolation}${access}`))
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    const { command } = await (connection as PoolConnection).run('commit', [])
    // PostgreSQL answers COMMIT with ROLLBACK when a statement failed and its error was swallowed on the way.
    assert.equal(command, 'COMMIT', 'A transaction went on after one of its statements had failed')
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    try {
      await connection.executeQuery(CompiledQuery.raw('rollback'))
    } catch {
      // The error that led here is the one to report. A connection that cannot even roll back is thrown away, and
      // the server rolls back when it notices.
      ;(connection as PoolConnection).isBroken = true
    }
  }

  async savepoint(connection: DatabaseConnection, name: string, compile: QueryCompiler['compileQuery']): Promise<void> {
    await connection.executeQuery(compile(naming('savepoint', name), { queryId: name }))
  }

  async rollbackToSavepoint(
    connection: DatabaseConnection,
    name: string,
    compile: QueryCompiler['compileQuery'],
  ): Promise<void> {
    await connection.executeQuery(compile(naming('rollback to', name), { queryId: name }))
  }

  async releaseSavepoint(
    connection: DatabaseConnection,
    name: string,
    compile: QueryCompiler['compileQuery'],
  ): Promise<void> {
    await connection.executeQuery(compile(naming('release', name), { queryId: name }))
  }

  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    const { client, isBroken } = connection as PoolConnection
    client.release(isBroken)
  }

  destroy(): Promise<void> {
    return this.#end()
  }
}

export class PoolConnection implements DatabaseConnection {
  readonly client: pg.PoolClient
  isBroken = false

  constructor(client: pg.PoolClient) {
    this.client = client
  }

  /** A connection that was lost is not lent out again, even where the pool has not noticed yet. */
  failed(error: unknown): unknown {
    const cleaned = cleanError(error)
    if (cleaned instanceof Fault && cleaned.code === 'database-unreachable') this.isBroken = true
    return cleaned
  }

  async run(text: string, parameters: readonly unknown[]): Promise<pg.QueryResult> {
    try {
      const name = parameters.length > 0 ? nameOf(this.client, text) : undefined
      // Not waited for: on a pipelined connection the statement after this one must not leave before it.
      if (name !== undefined && isTimeToPlan(this.client)) this.client.query('discard plans').catch(() => {})
      const values = [...parameters]
      return await (name === undefined ? this.client.query(text, values) : this.client.query({ name, text, values }))
    } catch (error) {
      throw withCaller(this.failed(error))
    }
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const { command, rowCount, rows } = await this.run(sql, parameters)
    return changing.has(command) ? { numAffectedRows: BigInt(rowCount ?? 0), rows } : { rows: rows ?? [] }
  }

  async *streamQuery<R>({ sql, parameters }: CompiledQuery, chunkSize: number): AsyncIterableIterator<QueryResult<R>> {
    const cursor = this.client.query(new CarefulCursor<R>(sql, [...parameters], { types: parsers }))
    let isFailed = false
    try {
      for (;;) {
        const rows = await cursor.read(chunkSize)
        if (cursor.failure !== undefined) throw cursor.failure
        if (rows.length === 0) return
        yield { rows }
      }
    } catch (error) {
      isFailed = error !== cursor.failure
      throw withCaller(this.failed(error))
    } finally {
      // A failed cursor is closed by the failure; closing it again would wait for an answer that does not come.
      if (!isFailed) await cursor.close()
    }
  }
}

/** Planning a statement of the sender's costs more than running it: from this time on a session keeps it prepared. */
const preparedFrom = 2
/** Statements that are built anew for every number of rows must not fill the server's memory. */
const preparedMax = 200

/**
 * The plan of a prepared statement is kept until somebody analyzes its tables. One that was made while a table was empty
 * reads it whole, or by any index: right then, and ruinous once the month has begun. So no plan outlives this.
 */
const plansLiveMs = 10_000

type Seen = { readonly times: Map<string, number>; prepared: number; plannedAtMs: number }

const seenBy = new WeakMap<pg.PoolClient, Seen>()

function nameOf(client: pg.PoolClient, text: string): string | undefined {
  const seen = seenBy.get(client) ?? { times: new Map<string, number>(), prepared: 0, plannedAtMs: performance.now() }
  seenBy.set(client, seen)
  const times = (seen.times.get(text) ?? 0) + 1
  if (times > preparedFrom) return prepared.get(text)
  if (times === 1 && seen.times.size >= 10 * preparedMax) return undefined
  if (times === preparedFrom) {
    if (seen.prepared >= preparedMax || (prepared.size >= 10 * preparedMax && !prepared.has(text))) return undefined
    seen.prepared += 1
    if (!prepared.has(text)) prepared.set(text, `annai_${prepared.size + 1}`)
  }
  seen.times.set(text, times)
  return times === preparedFrom ? prepared.get(text) : undefined
}

function isTimeToPlan(client: pg.PoolClient): boolean {
  const seen = seenBy.get(client)
  if (seen === undefined || performance.now() - seen.plannedAtMs < plansLiveMs) return false
  seen.plannedAtMs = performance.now()
  return true
}

/** The same text has the same name on every session. */
const prepared = new Map<string, string>()

/** A value that cannot be parsed fails the statement, where the cursor alone would end the process. */
class CarefulCursor<Row> extends Cursor<Row> {
  failure: unknown

  override handleDataRow(message: unknown): void {
    try {
      super.handleDataRow(message)
    } catch (error) {
      this.failure ??= error
    }
  }
}

const changing: ReadonlySet<string> = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE'])

function naming(command: string, savepoint: string) {
  return RawNode.createWithChildren([RawNode.createWithSql(`${command} `), IdentifierNode.create(savepoint)])
}

/** An error from a socket has no frame of ours in its stack: without this nobody finds the statement. */
function withCaller(error: unknown): unknown {
  if (error instanceof Error) error.stack += `\n${(new Error().stack ?? '').split('\n').slice(2).join('\n')}`
  return error
}
