import { type Creditor, readCreditor } from '#creditor'
import { japaneseHolidays } from '#platform/calendar/holidays'
import { type Chance, systemChance } from '#platform/chance'
import { type Clock, machineClock } from '#platform/clock/clock'
import { type DemoClock, findDemo, startDemoClock } from '#platform/clock/demo-clock'
import { type Database, openDatabase } from '#platform/database/database'
import { attachOrStart } from '#platform/database/embedded'
import { checkMigrated, migrate } from '#platform/database/migrate'
import { Fault } from '#platform/fault'
import { type Keys, openKeys } from '#platform/vault/keys'
import { checkKeys, openVault, type Vault } from '#platform/vault/vault'
import type { HolidayCalendar } from '#values/business-day'
import type { Settings } from './settings.ts'
import { checkTexts } from './texts.ts'

/** Everything an act needs from outside, opened once for a process. */
export type World = {
  readonly settings: Settings
  readonly creditor: Creditor
  readonly db: Database
  readonly databaseUrl: string
  readonly keys: Keys
  readonly vault: Vault
  readonly clock: Clock
  /** Only in a demo's database. */
  readonly demoClock?: DemoClock
  readonly holidays: HolidayCalendar
  readonly chance: Chance
  close(): Promise<void>
}

/** Opens the database (the embedded one is started and migrated), the keys, the creditor's file and the clock. */
export const openWorld = async (settings: Settings): Promise<World> => open(settings, findDemo)

/** The same for `annai demo`, which makes an empty database a demo's and refuses any other. */
export const openDemoWorld = async (settings: Settings, siteAddress: string): Promise<World> =>
  open(settings, async (db, machine) => {
    await refuseLiveData(db)
    return { siteAddress, clock: await startDemoClock(db, { holidays: japaneseHolidays, siteAddress, machine }) }
  })

const open = async (settings: Settings, findMode: typeof findDemo): Promise<World> => {
  const { keys, appUrl, leave } = await openPlace(settings)
  const db = openDatabase(appUrl)
  const close = async () => {
    await db.destroy()
    await leave()
  }
  try {
    await checkMigrated(db)
    const vault = openVault(keys)
    await checkKeys(db, vault)
    const demo = await findMode(db, machineClock)
    const creditor = await readCreditor(settings.creditorFile, {
      demo: demo !== undefined,
      ...(demo && { siteAddress: demo.siteAddress }),
    })
    checkTexts(creditor, settings.creditorFile)
    return {
      settings,
      creditor,
      db,
      databaseUrl: appUrl,
      keys,
      vault,
      clock: demo?.clock ?? machineClock,
      ...(demo && { demoClock: demo.clock }),
      holidays: japaneseHolidays,
      chance: systemChance,
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** Where the data is: a database by address, migrated by its owner's own command, or the embedded one, migrated here. */
const openPlace = async (settings: Settings) => {
  if (settings.database !== undefined) {
    const keys = await openKeys({ dataDir: settings.dataDir, keyFile: settings.keyFile, create: false })
    return { keys, appUrl: settings.database.appUrl, leave: async () => {} }
  }
  const keys = await openKeys({ dataDir: settings.dataDir, keyFile: settings.keyFile, create: true })
  const server = await attachOrStart(settings.dataDir, keys)
  try {
    await migrate({ ownerUrl: server.ownerUrl, appUrl: server.appUrl, now: machineClock.now() })
  } catch (error) {
    await server.close()
    throw error
  }
  return { keys, appUrl: server.appUrl, leave: () => server.close() }
}

const refuseLiveData = async (db: Database): Promise<void> => {
  const isDemo = await db.selectFrom('demo').select('one').executeTakeFirst()
  const anybody = await db.selectFrom('customers').select('id').limit(1).executeTakeFirst()
  if (isDemo === undefined && anybody !== undefined)
    throw new Fault(
      'demo-refused',
      'This database holds real customers. The demo runs only on an empty database or on its own.',
    )
}
