import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { type RawBuilder, sql } from 'kysely'
import pg from 'pg'
import { cleanError } from './errors.ts'
import { type Database, type Transaction, urlOf } from './open.ts'
import { connectionSettings } from './settings.ts'

/** Waits until no other transaction holds the lock of this name, and holds it until this transaction ends. */
export async function withAdvisoryLock(tx: Transaction, name: string): Promise<void> {
  await takingLock(name).execute(tx)
}

/** The same as a statement. */
export const takingLock = (name: string): RawBuilder<unknown> =>
  sql`select pg_advisory_xact_lock(${lockKey(name)}::bigint)`

/** The same for two locks as a statement: the first alone, the second shared with others who share it. */
export const takingLocks = ({
  alone,
  shared,
}: {
  readonly alone: string
  readonly shared: string
}): RawBuilder<unknown> => sql`
  select pg_advisory_xact_lock(${lockKey(alone)}::bigint), pg_advisory_xact_lock_shared(${lockKey(shared)}::bigint)`

/** Takes the lock of this name until this transaction ends, unless somebody else has it; tells whether it did. */
export async function tryAdvisoryLock(tx: Transaction, name: string): Promise<boolean> {
  const { rows } = await sql<{ taken: boolean }>`
    select pg_try_advisory_xact_lock(${lockKey(name)}::bigint) as taken`.execute(tx)
  return rows[0]?.taken === true
}

/** Waits until nobody holds the lock of this name alone, and shares it until this transaction ends. */
export async function withSharedLock(tx: Transaction, name: string): Promise<void> {
  await sql`select pg_advisory_xact_lock_shared(${lockKey(name)}::bigint)`.execute(tx)
}

export interface HeldLock {
  /** Resolves when the lock is not held any more because the connection broke. Then stop: somebody else may have it. */
  readonly lost: Promise<void>
  release(): Promise<void>
}

/**
 * Takes the lock of this name until it is released or the process dies; undefined when somebody else has it.
 * The lock is a session of its own and not one of the pool, so it needs a direct connection: a pooler between us and
 * PostgreSQL that hands sessions around would hand the lock around.
 */
export async function tryHoldLock(database: Database, name: string): Promise<HeldLock | undefined> {
  const url = urlOf(database)
  assert(url !== undefined, 'A lock is held on a database, not on a transaction')
  const client = new pg.Client({ ...connectionSettings(url), application_name: `annai: holds ${name}` })
  let isReleased = false
  const lost = new Promise<void>((done) => {
    const broken = () => {
      if (!isReleased) done()
    }
    client.on('error', broken)
    client.on('end', broken)
  })
  const release = async () => {
    isReleased = true
    await client.end().catch(() => undefined)
  }
  try {
    await client.connect()
    const { rows } = await client.query('select pg_try_advisory_lock($1::bigint) as held', [lockKey(name)])
    if (rows[0]?.held === true) return { lost, release }
  } catch (error) {
    await release()
    throw cleanError(error)
  }
  await release()
  return undefined
}

/** Our own hash, so that nodes agree whatever version of PostgreSQL or program they run. */
function lockKey(name: string): string {
  return createHash('sha256').update(`annai lock ${name}`).digest().readBigInt64BE().toString()
}
