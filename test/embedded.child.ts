import { createInterface } from 'node:readline'
import { sql } from 'kysely'
import { openDatabase } from '#platform/database/database'
import { attachOrStart } from '#platform/database/embedded'
import { openKeys } from '#platform/vault/keys'

/** A process of its own that uses the embedded database of a folder, told by lines on its input what to do. */
const dataDir = process.argv[2] ?? ''
const say = (line: string) => process.stdout.write(`${line}\n`)

const server = await attachOrStart(dataDir, await openKeys({ dataDir, create: true }))
const db = openDatabase(server.ownerUrl, { poolMax: 1 })
await sql`create table if not exists sample (id integer primary key)`.execute(db).catch(() => undefined)
say('ready')

for await (const line of createInterface({ input: process.stdin })) {
  const [command, argument] = line.split(' ')
  if (command === 'insert') {
    await sql`insert into sample values (${argument})`.execute(db)
    say(`inserted ${argument}`)
  }
  if (command === 'insert-until-broken') {
    for (let id = Number(argument); ; id += 1) {
      const isKept = await sql`insert into sample values (${id})`.execute(db).then(
        () => true,
        () => false,
      )
      if (!isKept) break
      say(`inserted ${id}`)
    }
    say('broken')
  }
  if (command === 'close') {
    await db.destroy()
    await server.close()
    say('closed')
    process.exit()
  }
}
