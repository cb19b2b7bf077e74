import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { Fault } from '#platform/fault'
import type { Keys } from '#platform/vault/keys'
import { withFileLock } from './embedded.lock.ts'
import {
  type Cluster,
  clusterIn,
  findServer,
  passwordOf,
  prepareFolder,
  type Role,
  startServer,
  stopServer,
} from './embedded.server.ts'

export interface EmbeddedServer {
  /** The role that owns the tables and migrates them. */
  readonly ownerUrl: string
  /** The role that serves. */
  readonly appUrl: string
  /** The superuser, for tests and for looking after the server itself. */
  readonly adminUrl: string
  /** Leaves the server; whoever leaves last stops it. */
  close(): Promise<void>
}

export interface EmbeddedOptions {
  /** False only for tests: faster, lost when the power goes, and not started again when it dies. */
  readonly durable?: boolean
  /** Until the server is ready, recovery after a crash included. */
  readonly timeoutMs?: number
}

/**
 * The PostgreSQL of this folder, started if nobody has. All processes that use it hold one shared advisory lock, so
 * that the last to leave knows it. When the server dies under us it is started again, on the same port if possible.
 */
export async function attachOrStart(
  dataDir: string,
  keys: Keys,
  { durable = true, timeoutMs = 120_000 }: EmbeddedOptions = {},
): Promise<EmbeddedServer> {
  const cluster = clusterIn(resolve(dataDir))
  await prepareFolder(cluster)
  let hold = await attach(cluster, keys, { durable, timeoutMs, mayCreate: true })
  let closing: Promise<void> | undefined
  let healing: Promise<unknown> | undefined

  const watch = (held: Hold) =>
    void held.ended.then(() => {
      if (closing !== undefined || !durable) return
      healing = attach(cluster, keys, { durable, timeoutMs, mayCreate: false }).then(
        (again) => {
          hold = again
          watch(again)
        },
        () => {
          // Whoever uses the database next gets its own fault; there is nobody here to tell.
        },
      )
    })
  watch(hold)

  const urlOf = (role: Role, database: string) =>
    `postgres://${role}:${passwordOf(role, keys)}@127.0.0.1:${hold.port}/${database}`
  return {
    get ownerUrl() {
      return urlOf('annai_owner', 'annai')
    },
    get appUrl() {
      return urlOf('annai_app', 'annai')
    },
    get adminUrl() {
      return urlOf('annai_admin', 'postgres')
    },
    close() {
      closing ??= (async () => {
        await healing
        await leave(cluster, hold)
      })()
      return closing
    },
  }
}

/** One connection that lives as long as this process uses the server, and holds the shared lock. */
interface Hold {
  readonly client: pg.Client
  readonly pid: number
  readonly port: number
  /** Resolves when the connection is gone, for whatever reason. */
  readonly ended: Promise<void>
}

/** Any number that nobody else on this private server uses ("anna"). */
const usersLock = 0x616e6e61

interface Attaching {
  readonly durable: boolean
  readonly timeoutMs: number
  /** Not when a server is started again: a folder that vanished meanwhile is not made anew, empty. */
  readonly mayCreate: boolean
}

async function attach(cluster: Cluster, keys: Keys, { durable, timeoutMs, mayCreate }: Attaching): Promise<Hold> {
  const deadline = performance.now() + timeoutMs
  for (;;) {
    const found = await findServer(cluster)
    if (found.kind === 'ready') {
      const hold = await tryHold(found.pid, found.port, passwordOf('annai_admin', keys))
      if (hold !== undefined) return hold
    }
    if (found.kind === 'none') {
      await withFileLock(join(cluster.dataDir, 'postgres.lock'), timeoutMs, async () => {
        if ((await findServer(cluster)).kind === 'none')
          await startServer(cluster, { keys, durable, mayCreate, deadline })
      })
      continue
    }
    if (performance.now() > deadline) {
      throw new Fault('embedded-start-timeout', `PostgreSQL does not answer. See ${cluster.log}`)
    }
    await sleep(50)
  }
}

/**
 * Undefined when the server is not to be had just now: it is starting, or its last user is stopping it. That one holds
 * the lock exclusively meanwhile, so that we wait here until it is gone and our connection is cut.
 */
async function tryHold(pid: number, port: number, password: string): Promise<Hold | undefined> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    user: 'annai_admin',
    password,
    database: 'postgres',
    application_name: 'annai: uses this server',
    connectionTimeoutMillis: 10_000,
  })
  const ended = new Promise<void>((done) => {
    client.on('end', () => done())
    client.on('error', () => done())
  })
  try {
    await client.connect()
    await client.query('select pg_advisory_lock_shared($1)', [usersLock])
    return { client, pid, port, ended }
  } catch (error) {
    await client.end().catch(() => undefined)
    if ((error as { code?: string }).code === '28P01') {
      throw new Fault('embedded-key-mismatch', 'The key file is not the one this database was made with.', {
        cause: error,
      })
    }
    return undefined
  }
}

/**
 * Our share is given back before the whole lock is tried for. The other way round two that leave at once would each
 * see the other, and the server would stay behind.
 */
async function leave(cluster: Cluster, { client, pid }: Hold): Promise<void> {
  try {
    await client.query('select pg_advisory_unlock_shared($1)', [usersLock])
    const { rows } = await client.query('select pg_try_advisory_lock($1) as last', [usersLock])
    if (rows[0]?.last === true) await stopServer(cluster, pid)
  } catch (error) {
    // The connection is gone: somebody else was last, or the server has died and there is nothing to stop.
    if (error instanceof Fault) throw error
  } finally {
    await client.end().catch(() => undefined)
  }
}
