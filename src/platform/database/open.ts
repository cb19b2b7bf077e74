import { Kysely, type Transaction as KyselyTransaction } from 'kysely'
import pg from 'pg'
import { postgresDialect, usingClient } from './driver.ts'
import { keepPipelines, type Pipeline, type Pipelines } from './pipeline.ts'
import { connectionSettings } from './settings.ts'
import type { Tables } from './tables.ts'

export type { Pipeline } from './pipeline.ts'

/** A pool of connections. Closed by `destroy()`. */
export type Database = Kysely<Tables>

export type Transaction = KyselyTransaction<Tables>

/** What a store takes: the caller decides whether its statements stand alone or fall together. */
export type Db = Kysely<Tables>

export interface DatabaseOptions {
  /** Ten by default: with more than a few per core, sessions only wait for each other. */
  readonly poolMax?: number
  /** Shown in pg_stat_activity. */
  readonly applicationName?: string
}

/** Nothing is connected until the first statement. */
export function openDatabase(url: string, options: DatabaseOptions = {}): Database {
  const pool = new pg.Pool({
    ...connectionSettings(url),
    application_name: options.applicationName ?? 'annai',
    max: options.poolMax ?? 10,
  })
  // A connection that breaks fails its statement, or the next one; without these it would end the process as well.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  const pipelines = keepPipelines(url, options)
  const end = async () => void (await Promise.all([pool.end(), pipelines.end()]))
  const database = new Kysely<Tables>({ dialect: postgresDialect(pool, end) })
  urls.set(database, url)
  pipelinesOf.set(database, pipelines)
  return database
}

/**
 * Runs `act` in one transaction whose statements leave without waiting for each other: the first ones together with its
 * begin, those given to `last` together with its commit. For what runs so often that each way to the server counts.
 */
export function inPipeline<T>(database: Database, act: (pipeline: Pipeline) => Promise<T>): Promise<T> {
  const pipelines = pipelinesOf.get(database)
  if (pipelines === undefined) throw new Error('Bug: a pipeline runs on a database, not on a transaction')
  return pipelines.run(act)
}

const pipelinesOf = new WeakMap<Db, Pipelines>()

/**
 * Runs `act` in one transaction: committed when it returns, rolled back when it throws. A refusal that must be kept is
 * therefore returned, not thrown.
 */
export function inTransaction<T>(database: Database, act: (tx: Transaction) => Promise<T>): Promise<T> {
  return database.transaction().execute(act)
}

/** The pg client of this transaction, or of one connection of the pool for as long as `act` runs. */
export function withClient<T>(db: Db, act: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  return db.getExecutor().provideConnection((connection) => usingClient(connection, act))
}

/** A transaction together with its pg client, for what Kysely has no words for. COPY is `copyFrom(tx, …)`. */
export function inRawTransaction<T>(
  database: Database,
  act: (connection: { readonly client: pg.PoolClient; readonly tx: Transaction }) => Promise<T>,
): Promise<T> {
  return inTransaction(database, (tx) => withClient(tx, (client) => act({ client, tx })))
}

/** The address a database was opened with; undefined for a transaction. */
export function urlOf(database: Db): string | undefined {
  return urls.get(database)
}

const urls = new WeakMap<Db, string>()
