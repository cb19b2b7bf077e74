import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Database, openDatabase, sql } from '#platform/database/database'
import { attachOrStart } from '#platform/database/embedded'
import { migrate } from '#platform/database/migrate'
import { openKeys } from '#platform/vault/keys'
import { nowMs } from './bytes.ts'
import { type Sink, startSink } from './sink.ts'

/** The one PostgreSQL and the one carrier that all contestants meet. */
export type Stage = {
  readonly sink: Sink
  readonly folder: string
  /** When it is ten in the morning for Annai, by the clock of all processes. */
  readonly tenMs: number
  readonly admin: Database
  /** The address of a new database: empty, and the superuser's, or migrated, and our serving role's. */
  newDatabase(kind: 'empty' | 'migrated'): Promise<{ readonly url: string; readonly adminUrl: string }>
  drop(url: string): Promise<void>
  close(): Promise<void>
}

export async function openStage({ receiptWindow }: { readonly receiptWindow: number }): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'annai-bench-'))
  const keys = await openKeys({ dataDir: folder, create: true })
  const server = await attachOrStart(folder, keys)
  await migrate({ ownerUrl: server.ownerUrl, appUrl: server.appUrl, now: new Date() })
  const admin = openDatabase(server.adminUrl, { poolMax: 1 })
  const sink = await startSink(receiptWindow)
  let made = 0
  return {
    sink,
    folder,
    tenMs: nowMs(),
    admin,
    async newDatabase(kind) {
      const name = `bench_${++made}`
      const like = kind === 'migrated' ? sql` template annai owner annai_owner` : sql``
      await sql`create database ${sql.id(name)}${like}`.execute(admin)
      const within = (url: string) => Object.assign(new URL(url), { pathname: `/${name}` }).href
      const adminUrl = within(server.adminUrl)
      return { url: kind === 'migrated' ? within(server.appUrl) : adminUrl, adminUrl }
    },
    async drop(url) {
      await sql`drop database ${sql.id(new URL(url).pathname.slice(1))} with (force)`.execute(admin)
    },
    async close() {
      await sink.close()
      await admin.destroy()
      await server.close()
      await rm(folder, { recursive: true })
    },
  }
}
