import { importDeposits } from '#intake'
import { openDatabase } from '#platform/database/database'
import { fileSource } from '#platform/source'
import { day } from '#values/day'
import { intakeWorld } from './intake-fixture.ts'

/** A process that takes in a file of money, and is killed while it does. Says when it begins and when it is done. */
const [url = '', file = ''] = process.argv.slice(2)

const db = openDatabase(url)
const world = await intakeWorld(db)
const source = await fileSource(file)
process.stdout.write('begins\n')
const now = new Date('2026-11-24T01:00:00Z')
const outcome = await importDeposits(world, source, { by: 'cli:test', now, received: day('2026-11-24') })
process.stdout.write(`${outcome.kind}\n`)
await db.destroy()
