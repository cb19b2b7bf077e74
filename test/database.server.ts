import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { attachOrStart } from '#platform/database/embedded'
import { migrate, migrationsFolder } from '#platform/database/migrate'
import { openKeys } from '#platform/vault/keys'

export interface TestServer {
  readonly adminUrl: string
  readonly ownerUrl: string
  readonly appUrl: string
  readonly owner: string
  readonly template: string
}

/** @param externalUrl a superuser's address, where a PostgreSQL is at hand; else the embedded one is used. */
export async function prepareServer(externalUrl: string | undefined, folder: string): Promise<TestServer> {
  const urls = externalUrl === undefined ? await embedded(folder) : await external(externalUrl)
  const owner = new URL(urls.ownerUrl).username
  const template = `annai_template_${await migrationsHash()}`
  await makeTemplate({ ...urls, owner, template })
  return { ...urls, owner, template }
}

async function embedded(folder: string) {
  const keys = await openKeys({ dataDir: folder, create: true })
  const { adminUrl, ownerUrl, appUrl } = await attachOrStart(folder, keys, { durable: false })
  return { adminUrl, ownerUrl, appUrl }
}

/** The same roles as the embedded server has. Their password is no secret: the server exists for tests. */
async function external(adminUrl: string) {
  await asAdmin({ adminUrl }, async (admin) => {
    for (const role of ['annai_test_owner', 'annai_test_app']) {
      await admin
        .query(`create role ${role} login password 'annai'`)
        .catch((error: { code?: string }) =>
          error.code === '42710' || error.code === '23505' ? undefined : Promise.reject(error),
        )
    }
  })
  return { adminUrl, ownerUrl: withUser(adminUrl, 'annai_test_owner'), appUrl: withUser(adminUrl, 'annai_test_app') }
}

/** Migrated under another name and renamed when it is complete, so that a clone is never of half a schema. */
async function makeTemplate(server: TestServer): Promise<void> {
  await asAdmin(server, async (admin) => {
    await admin.query('select pg_advisory_lock(8001)')
    const { rowCount } = await admin.query('select from pg_database where datname = $1', [server.template])
    if (rowCount !== 0) return
    const draft = `${server.template}_draft`
    await admin.query(`drop database if exists ${draft} with (force)`)
    await admin.query(`create database ${draft} owner ${server.owner}`)
    await migrate({
      ownerUrl: withDatabase(server.ownerUrl, draft),
      appUrl: withDatabase(server.appUrl, draft),
      now: new Date('2026-01-01T00:00:00Z'),
    })
    await admin.query(`alter database ${draft} rename to ${server.template}`)
  })
}

/** Other migrations make another template: in watch mode, and on a server that outlives the run. */
async function migrationsHash(): Promise<string> {
  const hash = createHash('sha256')
  for (const name of (await readdir(migrationsFolder)).sort()) {
    if (name !== 'schema.sql') hash.update(name).update(await readFile(join(migrationsFolder, name)))
  }
  return hash.digest('hex').slice(0, 16)
}

/** Runs `act` as the superuser. */
export async function asAdmin(
  { adminUrl }: Pick<TestServer, 'adminUrl'>,
  act: (admin: pg.Client) => Promise<unknown>,
): Promise<void> {
  const admin = new pg.Client({ connectionString: adminUrl })
  await admin.connect()
  try {
    await act(admin)
  } finally {
    await admin.end()
  }
}

/** The same address with another database. */
export function withDatabase(url: string, name: string): string {
  const changed = new URL(url)
  changed.pathname = `/${name}`
  return changed.href
}

function withUser(url: string, user: string): string {
  const changed = new URL(url)
  changed.username = user
  changed.password = 'annai'
  return changed.href
}
