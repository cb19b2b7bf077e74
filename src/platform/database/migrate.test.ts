import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { emptyDatabase } from '../../../test/database.ts'
import { type Database, openDatabase } from './database.ts'
import { checkMigrated, migrate } from './migrate.ts'

let place: Awaited<ReturnType<typeof emptyDatabase>>
let folder: string
let db: Database
let ownerDb: Database
beforeEach(async () => {
  place = await emptyDatabase()
  db = openDatabase(place.url)
  ownerDb = openDatabase(place.ownerUrl)
  folder = await mkdtemp(join(tmpdir(), 'annai-migrations-'))
  await write('0001_people.sql', 'create table people (id integer);')
  await write('0002_cats.sql', 'create table cats (id integer);\ninsert into cats values (1);')
  await write('grants.sql', 'grant select on people, cats to :app_role;')
})
afterEach(async () => {
  await Promise.all([db.destroy(), ownerDb.destroy()])
  await place.drop()
  await rm(folder, { recursive: true })
})

const write = (name: string, content: string) => writeFile(join(folder, name), content)
const now = new Date('2026-02-27T01:00:00Z')
const run = () => migrate({ ownerUrl: place.ownerUrl, appUrl: place.url, folder, now })
const fault = (code: string) => expect.objectContaining({ name: 'Fault', code })
const cats = async () => (await sql<{ n: number }>`select count(*) as n from cats`.execute(db)).rows[0]?.n

test('each file is applied once, in order, and written down with its time', async () => {
  expect(await run()).toEqual(['0001_people.sql', '0002_cats.sql'])
  expect(await run()).toEqual([])
  await write('0003_dogs.sql', 'create table dogs (id integer)')
  expect(await run()).toEqual(['0003_dogs.sql'])
  const { rows } = await sql`select number, name, applied_at from schema_migrations order by number`.execute(db)
  expect(rows).toEqual([
    { number: 1, name: '0001_people.sql', applied_at: now },
    { number: 2, name: '0002_cats.sql', applied_at: now },
    { number: 3, name: '0003_dogs.sql', applied_at: now },
  ])
  await checkMigrated(db, folder)
})

test('processes that migrate at once apply each file once', async () => {
  const results = await Promise.all([run(), run(), run()])
  expect(results.flat().sort()).toEqual(['0001_people.sql', '0002_cats.sql'])
  expect(await cats()).toBe(1)
})

test('the serving role has what the grants say and not more', async () => {
  await run()
  expect(await cats()).toBe(1)
  await expect(sql`delete from cats`.execute(db)).rejects.toMatchObject({ code: '42501' })
  await write('grants.sql', 'grant select, delete on people, cats to :app_role;')
  await run()
  await sql`delete from cats`.execute(db)
})

test('one role for both needs no grants', async () => {
  await write('grants.sql', 'grant nonsense to :app_role')
  await migrate({ ownerUrl: place.ownerUrl, appUrl: place.ownerUrl, folder, now })
})

test('a file that fails leaves nothing, names its line, and what came before it stays', async () => {
  await write('0002_cats.sql', 'create table cats (id integer);\ninsert into cats\n  values (nonsense);')
  await expect(run()).rejects.toThrow(fault('migration-failed'))
  await expect(run()).rejects.toThrow('0002_cats.sql: column "nonsense" does not exist (line 3)')
  const { rows } = await sql`select name from schema_migrations`.execute(ownerDb)
  expect(rows).toEqual([{ name: '0001_people.sql' }])
  await expect(cats()).rejects.toMatchObject({ code: '42P01' })
})

test('a file that was changed after it was applied is refused', async () => {
  await run()
  await write('0001_people.sql', 'create table people (id bigint);')
  await expect(run()).rejects.toThrow(fault('migration-changed'))
  await expect(checkMigrated(db, folder)).rejects.toThrow(fault('migration-changed'))
})

test('other ends of lines are no change', async () => {
  await run()
  await write('0002_cats.sql', 'create table cats (id integer);\r\ninsert into cats values (1);')
  expect(await run()).toEqual([])
})

test.each([
  ['a gap', '0002_cats.sql', '0003_cats.sql', 'migration-gap'],
  ['a start that is not 1', '0001_people.sql', '0000_people.sql', 'migration-gap'],
  ['a double number', '0002_cats.sql', '0001_cats.sql', 'migration-gap'],
  ['a name without number', '0002_cats.sql', 'cats.sql', 'migration-misnamed'],
])('%s is refused before anything is applied', async (_, from, to, code) => {
  await rename(join(folder, from), join(folder, to))
  await expect(run()).rejects.toThrow(fault(code))
  await expect(sql`select from people`.execute(db)).rejects.toMatchObject({ code: '42P01' })
})

test('a database of a newer program is refused by migrating and by serving', async () => {
  await run()
  await rm(join(folder, '0002_cats.sql'))
  await expect(run()).rejects.toThrow(fault('migration-newer'))
  await expect(checkMigrated(db, folder)).rejects.toThrow(fault('migration-newer'))
})

test('a database that was not migrated yet does not serve', async () => {
  await expect(checkMigrated(db, folder)).rejects.toThrow(fault('migration-behind'))
  await run()
  await write('0003_dogs.sql', 'create table dogs (id integer)')
  await expect(checkMigrated(db, folder)).rejects.toThrow('lacks 0003_dogs.sql')
})

test('the name of the serving role is quoted', async () => {
  const appUrl = new URL(place.url)
  appUrl.username = encodeURIComponent('no such "role"')
  const migrating = migrate({ ownerUrl: place.ownerUrl, appUrl: appUrl.href, folder, now })
  await expect(migrating).rejects.toThrow('role "no such "role"" does not exist')
})
