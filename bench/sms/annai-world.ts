import { readCreditor } from '#creditor'
import type { decideRelease } from '#outreach'
import { japaneseHolidays } from '#platform/calendar/holidays'
import { systemChance } from '#platform/chance'
import { openDatabase } from '#platform/database/database'
import { openSmppSession } from '#platform/gateways/smpp-session'
import { openLog } from '#platform/log'
import { openKeys } from '#platform/vault/keys'
import { openVault } from '#platform/vault/vault'
import { onlyGateway } from '../../src/main/carriers.ts'
import { startWork, type Work } from '../../src/main/work.ts'
import type { World } from '../../src/main/world.ts'
import { nowMs } from './bytes.ts'

/** Ten in the morning of a business day: notices may leave, for as long as a benchmark runs. */
const tenInTheMorning = new Date('2026-11-25T01:00:00Z').getTime()

export type AnnaiPlace = {
  readonly databaseUrl: string
  /** A folder with the keys that all processes share. */
  readonly folder: string
  /** When it was ten, by the clock of all processes. */
  readonly tenMs: number
}

/** Everything `annai work` has, at an hour of our own. */
export async function openBenchWorld({ databaseUrl, folder, tenMs }: AnnaiPlace): Promise<World> {
  const keys = await openKeys({ dataDir: folder, create: true })
  const db = openDatabase(databaseUrl)
  return {
    settings: {
      creditorFile: 'creditor/demo.yaml',
      dataDir: folder,
      portal: { host: '127.0.0.1', port: 0 },
      sandboxPort: 0,
      console: { host: '127.0.0.1', port: 0, idleMinutes: 30, absoluteMinutes: 600 },
      trustedProxies: [],
      logLevel: 'warn',
    },
    creditor: await readCreditor('creditor/demo.yaml', { demo: true }),
    db,
    databaseUrl,
    keys,
    vault: openVault(keys),
    clock: { now: () => new Date(tenInTheMorning + nowMs() - tenMs) },
    holidays: japaneseHolidays,
    chance: systemChance,
    close: () => db.destroy(),
  }
}

export type Carrier = {
  readonly sinkPort: number
  readonly window: number
  readonly binds: number
  readonly ratePerSecond: number
}

/** What `annai work` starts, over SMPP to the sink. */
export function startBenchWork(
  world: World,
  { sinkPort, window, binds, ratePerSecond }: Carrier,
  decide?: typeof decideRelease,
): Promise<Work> {
  const plan = onlyGateway({
    name: 'sink',
    binds,
    ratePerSecond,
    open: () =>
      openSmppSession({
        host: '127.0.0.1',
        port: sinkPort,
        systemId: 'bench',
        password: 'bench',
        windowMax: window,
        validityFrom: () => world.clock.now(),
      }),
  })
  return startWork(world, { ...plan, log: openLog('warn'), ...(decide && { decide }) })
}
