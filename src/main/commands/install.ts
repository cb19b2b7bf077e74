import { join } from 'node:path'
import { machineClock } from '#platform/clock/clock'
import { migrate } from '#platform/database/migrate'
import { initKeys } from '#platform/vault/keys'
import type { Settings } from '../settings.ts'
import { terminal } from '../terminal.ts'
import { openWorld } from '../world.ts'

/** Brings a database of one's own up to this program; the embedded one is brought up whenever it is opened. */
export const migrateCommand = async (settings: Settings): Promise<number> => {
  if (settings.database === undefined) {
    const world = await openWorld(settings)
    await world.close()
    terminal.say('The embedded database is up to date.')
    return 0
  }
  const applied = await migrate({ ...settings.database, now: machineClock.now() })
  for (const name of applied) terminal.say(`applied ${name}`)
  terminal.say(applied.length === 0 ? 'The database was up to date.' : 'The database is up to date.')
  return 0
}

export const initKeysCommand = async (settings: Settings): Promise<number> => {
  const path = await initKeys(settings.keyFile ?? join(settings.dataDir, 'annai.key'))
  terminal.say(`Made ${path}. Without it nothing in the database can be read: keep a copy in a safe place.`)
  return 0
}
