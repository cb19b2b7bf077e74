import { relative } from 'node:path'
import { expect, inject, test } from 'vitest'
import { prepareServer } from './database.server.ts'
import { describe as describeMigrated, read } from './schema.ts'

test('the checked-in schema and table types are those of the migrations', async ({ skip }) => {
  // Another version of PostgreSQL words the same schema a little differently.
  skip(process.env.ANNAI_TEST_DATABASE_URL !== undefined, 'compared on the embedded PostgreSQL only')
  const server = await prepareServer(undefined, inject('testDatabaseFolder'))
  for (const { path, content } of await describeMigrated(server)) {
    expect(await read(path), `${relative(process.cwd(), path)} is stale: npm run schema`).toBe(content)
  }
})
