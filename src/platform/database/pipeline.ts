import assert from 'node:assert/strict'
import {
  type DatabaseConnection,
  type Driver,
  Kysely,
  type Transaction as KyselyTransaction,
  type QueryResult,
  type RawBuilder,
} from 'kysely'
import pg from 'pg'
import { dialectOf, PoolConnection } from './driver.ts'
import { cleanError } from './errors.ts'
import { connectionSettings } from './settings.ts'
import type { Tables } from './tables.ts'

type Transaction = KyselyTransaction<Tables>

/** A transaction whose statements do not wait for each other on their way to the server. */
export type Pipeline = {
  /** Sends a statement behind those sent before. Whoever does not wait for its answer hears of a failure at the commit. */
  send<Row>(statement: RawBuilder<Row>): Promise<QueryResult<Row>>
  /** Leaves together with the commit. */
  last(statement: RawBuilder<unknown>): void
  /** For what others ask of a transaction. */
  readonly tx: Transaction
}

export type Pipelines = {
  run<T>(act: (pipeline: Pipeline) => Promise<T>): Promise<T>
  end(): Promise<void>
}

/** Connections of their own, made when they are first asked for: a cursor or a COPY would not bear such company. */
export function keepPipelines(
  url: string,
  { applicationName, poolMax }: { readonly applicationName?: string; readonly poolMax?: number },
): Pipelines {
  let pool: pg.Pool | undefined
  const open = () => {
    const made = new pg.Pool({
      ...connectionSettings(url),
      application_name: applicationName ?? 'annai',
      max: poolMax ?? 10,
      pipeline: true,
    } as pg.PoolConfig)
    made.on('error', () => {})
    made.on('connect', (client) => client.on('error', () => {}))
    return made
  }
  return {
    async run(act) {
      pool ??= open()
      const held = await hold(pool)
      try {
        return await runOn(held, act)
      } finally {
        held.release()
      }
    },
    end: async () => pool?.end(),
  }
}

type Held = { readonly connection: PoolConnection; readonly db: Transaction; release(): void }

async function hold(pool: pg.Pool): Promise<Held> {
  const client = await pool.connect().catch((error: unknown) => {
    throw cleanError(error)
  })
  const known = connections.get(client) ?? connectionOf(client)
  connections.set(client, known)
  return { ...known, release: () => client.release(known.connection.isBroken) }
}

const connections = new WeakMap<pg.PoolClient, Omit<Held, 'release'>>()

/** With a Kysely of its own, which never makes a statement wait for another. */
function connectionOf(client: pg.PoolClient): Omit<Held, 'release'> {
  const connection = new PoolConnection(client)
  const db: Kysely<Tables> = new Kysely<Tables>({ dialect: dialectOf(() => driverOf(connection)) })
  return { connection, db: db as Transaction }
}

async function runOn<T>({ connection, db }: Held, act: (pipeline: Pipeline) => Promise<T>): Promise<T> {
  const sent: Promise<unknown>[] = []
  const last: RawBuilder<unknown>[] = []
  const keep = <Answer>(answer: Promise<Answer>): Promise<Answer> => {
    answer.catch(() => {})
    sent.push(answer)
    return answer
  }
  const send = <Row>(statement: RawBuilder<Row>) => {
    gather(connection)
    return keep(connection.executeQuery<Row>(statement.compile(db)))
  }
  gather(connection)
  keep(connection.run('begin', []))
  try {
    const result = await act({ send, last: (statement) => last.push(statement), tx: db })
    for (const statement of last) send(statement)
    gather(connection)
    const committed = keep(connection.run('commit', []))
    // The first that failed is the one to tell of.
    await Promise.all(sent)
    assert.equal((await committed).command, 'COMMIT', 'A transaction went on after one of its statements had failed')
    return result
  } catch (error) {
    await Promise.allSettled([...sent, rollBack(connection)])
    throw error
  }
}

/** After a commit that failed there is nothing to roll back, which PostgreSQL only warns of. */
async function rollBack(connection: PoolConnection): Promise<void> {
  try {
    await connection.run('rollback', [])
  } catch {
    connection.isBroken = true
  }
}

/** What is sent until the program waits for something leaves in one write: each write costs more than many statements. */
function gather({ client }: PoolConnection): void {
  const { stream } = (client as unknown as { readonly connection: { readonly stream: Corked } }).connection
  if (stream.writableCorked > 0) return
  stream.cork()
  process.nextTick(() => stream.uncork())
}

type Corked = { readonly writableCorked: number; cork(): void; uncork(): void }

const driverOf = (connection: PoolConnection): Driver => {
  const never = () => Promise.reject(new Error('Bug: a pipeline begins and ends its transaction itself'))
  return {
    init: async () => {},
    acquireConnection: async (): Promise<DatabaseConnection> => {
      gather(connection)
      return connection
    },
    beginTransaction: never,
    commitTransaction: never,
    rollbackTransaction: never,
    releaseConnection: async () => {},
    destroy: async () => {},
  }
}
