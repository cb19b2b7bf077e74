import { randomBytes } from 'node:crypto'
import { inject } from 'vitest'
import { type Database, openDatabase } from '#platform/database/database'
import { asAdmin, prepareServer, type TestServer, withDatabase } from './database.server.ts'

export interface TestDatabase {
  /** As the serving role. */
  readonly db: Database
  /** As the role that owns the tables. */
  readonly ownerDb: Database
  readonly url: string
  readonly ownerUrl: string
  /** Closes both and removes the database. */
  drop(): Promise<void>
}

/**
 * A migrated and empty database for one test file:
 * ```ts
 * let test: TestDatabase
 * beforeAll(async () => { test = await testDatabase() })
 * afterAll(() => test.drop())
 * ```
 */
export async function testDatabase(): Promise<TestDatabase> {
  const server = await testServer()
  const name = `test_${randomBytes(8).toString('hex')}`
  // Copying files is quicker than logging every page of them, and nobody needs to replay that.
  await asAdmin(server, (admin) =>
    admin.query(`create database ${name} template ${server.template} owner ${server.owner} strategy file_copy`),
  )
  const [url, ownerUrl] = [withDatabase(server.appUrl, name), withDatabase(server.ownerUrl, name)]
  const [db, ownerDb] = [openDatabase(url), openDatabase(ownerUrl)]
  return {
    db,
    ownerDb,
    url,
    ownerUrl,
    async drop() {
      await Promise.all([db.destroy(), ownerDb.destroy()])
      await asAdmin(server, (admin) => admin.query(`drop database ${name} with (force)`))
    },
  }
}

/** An empty database without any migration, for tests of the migrations themselves. */
export async function emptyDatabase(): Promise<Omit<TestDatabase, 'db' | 'ownerDb'>> {
  const server = await testServer()
  const name = `test_${randomBytes(8).toString('hex')}`
  await asAdmin(server, (admin) => admin.query(`create database ${name} owner ${server.owner}`))
  return {
    url: withDatabase(server.appUrl, name),
    ownerUrl: withDatabase(server.ownerUrl, name),
    drop: () => asAdmin(server, (admin) => admin.query(`drop database ${name} with (force)`)),
  }
}

let server: Promise<TestServer> | undefined

/** Once per worker. The first worker of the run starts it; the server ends with the run (database.setup.ts). */
function testServer(): Promise<TestServer> {
  server ??= prepareServer(process.env.ANNAI_TEST_DATABASE_URL, inject('testDatabaseFolder'))
  return server
}
