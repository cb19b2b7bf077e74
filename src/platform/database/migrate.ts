import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { Fault } from '#platform/fault'
import { cleanError } from './errors.ts'
import { type Database, withClient } from './open.ts'
import { connectionSettings } from './settings.ts'

export interface MigrationPlan {
  /** The address of the role that owns the tables. */
  readonly ownerUrl: string
  /** The address of the role that serves; its name receives what `grants.sql` grants. */
  readonly appUrl: string
  readonly folder?: string
  readonly now: Date
}

/** The program's own migrations. */
export const migrationsFolder = join(import.meta.dirname, '../../../migrations')

/**
 * Applies what is missing, each file in a transaction of its own, and then the grants. Several processes may start
 * this at once: the advisory lock is taken anew in every transaction, which also works through a pooler.
 * Answers with the names of the files applied by this call.
 */
export async function migrate(plan: MigrationPlan): Promise<readonly string[]> {
  const folder = plan.folder ?? migrationsFolder
  const files = await readMigrations(folder)
  const client = new pg.Client({ ...connectionSettings(plan.ownerUrl), application_name: 'annai migrate' })
  client.on('error', () => {
    // The statement that runs meanwhile fails with the same reason.
  })
  await client.connect().catch((error: unknown) => {
    throw cleanError(error)
  })
  try {
    await checkServer(client)
    await inLockedTransaction(client, () => client.query(ledger))
    const applied: string[] = []
    for (;;) {
      const name = await inLockedTransaction(client, () => applyNext(client, files, plan.now))
      if (name === undefined) break
      applied.push(name)
    }
    await grant(client, folder, plan)
    return applied
  } finally {
    await client.end()
  }
}

/** For a process that only serves: a fault unless the database is exactly as new as the program. */
export async function checkMigrated(database: Database, folder = migrationsFolder): Promise<void> {
  const files = await readMigrations(folder)
  const missing = await withClient(database, async (client) => nextOf(files, await readLedger(client)))
  if (missing === undefined) return
  throw new Fault('migration-behind', `The database lacks ${missing.name}. Run: annai migrate`)
}

async function checkServer(client: pg.Client): Promise<void> {
  const { rows } = await client.query(
    `select current_setting('server_version_num')::int as version, current_setting('server_encoding') as encoding`,
  )
  const { version, encoding } = rows[0] as { readonly version: number; readonly encoding: string }
  if (version < 150_000) throw new Fault('database-too-old', 'PostgreSQL 15 or newer is needed.')
  if (encoding !== 'UTF8') throw new Fault('database-not-utf8', `The database is encoded in ${encoding}, not in UTF8.`)
}

interface Migration {
  readonly number: number
  readonly name: string
  readonly sql: string
  readonly hash: string
}

type LedgerRow = Pick<Migration, 'number' | 'name' | 'hash'>

/** Read by all nodes at every start, so `if not exists` instead of a migration of its own. */
const ledger = `create table if not exists schema_migrations (
  number integer primary key check (number > 0),
  name text not null unique,
  hash text not null,
  applied_at timestamptz not null
)`

async function applyNext(client: pg.Client, files: readonly Migration[], now: Date): Promise<string | undefined> {
  const next = nextOf(files, await readLedger(client))
  if (next === undefined) return undefined
  await client.query(next.sql).catch((error: unknown) => {
    throw new Fault('migration-failed', `${next.name}: ${(error as Error).message}${lineOf(next.sql, error)}`, {
      cause: cleanError(error),
    })
  })
  await client.query('insert into schema_migrations (number, name, hash, applied_at) values ($1, $2, $3, $4)', [
    next.number,
    next.name,
    next.hash,
    now,
  ])
  return next.name
}

/** The first file that was not applied yet, after checking that what was applied is what is there. */
function nextOf(files: readonly Migration[], rows: readonly LedgerRow[]): Migration | undefined {
  for (const row of rows) {
    const file = files[row.number - 1]
    if (file === undefined) {
      throw new Fault(
        'migration-newer',
        `The database has ${row.name}, which this program does not know: it is of a newer version. Use that, or a copy of the database from before.`,
      )
    }
    if (file.hash !== row.hash) {
      throw new Fault(
        'migration-changed',
        `${file.name} is not what was applied as ${row.name}. Migrations are only added.`,
      )
    }
  }
  return files[rows.length]
}

async function readLedger(client: pg.ClientBase): Promise<readonly LedgerRow[]> {
  const { rows } = await client
    .query<LedgerRow>('select number, name, hash from schema_migrations order by number')
    .catch((error: { code?: string }) => {
      if (error.code === '42P01') return { rows: [] } // There is no such table: nothing was ever migrated.
      throw cleanError(error)
    })
  return rows
}

async function readMigrations(folder: string): Promise<readonly Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql') && !besides.has(name)).sort()
  return await Promise.all(
    names.map(async (name, index) => {
      const number = Number(/^(\d{4})_[a-z0-9_]+\.sql$/.exec(name)?.[1])
      if (!Number.isInteger(number)) {
        throw new Fault('migration-misnamed', `${name} is not named like 0001_customers.sql.`)
      }
      if (number !== index + 1) {
        throw new Fault('migration-gap', `${name} stands where migration ${index + 1} should be.`)
      }
      // A checkout may turn the ends of lines; that is no change.
      const sql = (await readFile(join(folder, name), 'utf8')).replaceAll('\r\n', '\n')
      return { number, name, sql, hash: createHash('sha256').update(sql).digest('hex') }
    }),
  )
}

const besides: ReadonlySet<string> = new Set(['grants.sql', 'schema.sql'])

/** Run every time, so that a changed list of grants needs no migration and a new serving role no second command. */
async function grant(client: pg.Client, folder: string, { ownerUrl, appUrl }: MigrationPlan): Promise<void> {
  const role = userOf(appUrl)
  if (role === userOf(ownerUrl)) return
  const template = await readFile(join(folder, 'grants.sql'), 'utf8').catch(() => '')
  const quoted = `"${role.replaceAll('"', '""')}"`
  await inLockedTransaction(client, async () => {
    await client.query(
      `${template.replaceAll(/:app_role\b/g, () => quoted)}\n;grant select on schema_migrations to ${quoted}`,
    )
  })
}

function userOf(url: string): string {
  connectionSettings(url)
  const user = decodeURIComponent(new URL(url).username)
  if (user === '') throw new Fault('database-url-malformed', 'A database address has to name its user.')
  return user
}

async function inLockedTransaction<T>(client: pg.Client, act: () => Promise<T>): Promise<T> {
  await client.query('begin')
  try {
    await client.query('select pg_advisory_xact_lock($1)', [migrationLock])
    const result = await act()
    await client.query('commit')
    return result
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw cleanError(error)
  }
}

/** Any number; the same in every version of the program for ever. */
const migrationLock = 0x6d696772

function lineOf(sql: string, error: unknown): string {
  const position = Number((error as { position?: unknown }).position)
  return Number.isInteger(position) ? ` (line ${sql.slice(0, position).split('\n').length})` : ''
}
