import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { prepareServer, type TestServer, withDatabase } from './database.server.ts'
import { keepUntilWeEnd } from './database.setup.ts'
import { describeSchema } from './schema.dump.ts'
import { describeTables } from './schema.types.ts'

const root = join(import.meta.dirname, '..')

/** `npm run schema` writes the two descriptions of the migrated schema that are checked in; a test compares them. */
if (import.meta.main) {
  const folder = await mkdtemp(join(tmpdir(), 'annai-schema-'))
  const clean = keepUntilWeEnd(folder)
  try {
    const server = await prepareServer(undefined, folder)
    for (const { path, content } of await describe(server)) await writeFile(path, content)
  } finally {
    await clean()
  }
  process.exit()
}

/** What each of the two files should hold. */
export async function describe(server: TestServer) {
  const url = withDatabase(server.ownerUrl, server.template)
  return [
    { path: join(root, 'migrations/schema.sql'), content: await describeSchema(url, new URL(server.appUrl).username) },
    { path: join(root, 'src/platform/database/tables.ts'), content: await describeTables(url) },
  ]
}

/** What they do hold. */
export const read = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '')
