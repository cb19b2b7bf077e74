import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { readSettings } from '../../src/main/settings.ts'
import { openDemoWorld, type World } from '../../src/main/world.ts'
import { type CarrierProcess, type CarrierSetup, startCarrierProcess } from '../carrier-process.ts'
import { seeded } from '../seeded.ts'
import { writeCreditor, writeGateways } from './cast.ts'
import { type Network, startNetwork } from './network.ts'
import type { ChaosOptions } from './options.ts'
import { roughNetwork, roughWeather } from './rough-weather.rules.ts'
import { type Supervised, supervise } from './supervised.ts'

/** The database, and this process's way to it. The server that is killed is started again from here. */
export const openPlace = async (folder: string): Promise<Place> => {
  const env = {
    ...process.env,
    ANNAI_DATA_DIR: folder,
    ANNAI_CREDITOR: await writeCreditor(folder),
    ANNAI_LOG_LEVEL: 'warn',
    ANNAI_KEY_FILE: '',
    ANNAI_GATEWAYS: '',
    ANNAI_SMPP_URL: '',
    DATABASE_URL: '',
    DATABASE_OWNER_URL: '',
  }
  // A demo's database: its clock starts in the morning of a business day, and 0900 numbers are numbers there.
  const world = await openDemoWorld(readSettings(env), 'http://localhost:8080/v')
  return { folder, world, env: { ...env, DATABASE_URL: world.databaseUrl } }
}

/** Carrier, network and workers, all running. */
export const setUp = async (place: Place, options: ChaosOptions): Promise<Stage> => {
  const { folder, world } = place
  const carrier = await startPatientCarrier({
    journal: join(folder, 'carrier.jsonl'),
    weather: roughWeather(options),
    clockOffsetMs: world.clock.now().getTime() - Date.now(),
  })
  const network = await startNetwork({
    carrierPort: carrier.port,
    seed: options.seed,
    chaos: roughNetwork(options),
    log: join(folder, 'network.log'),
  })
  const rests = seeded(`rests ${options.seed}`)
  const env = { ...place.env, ANNAI_GATEWAYS: await writeGateways(folder, network.port, options) }
  const workers = Array.from({ length: options.workers }, (_, at) =>
    supervise({
      name: `worker ${at + 1}`,
      start: () => spawn(annai, ['work'], { env, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] }),
      saysItWorks: (said) => said.includes('Working;'),
      restMs: () => 100 + 1_400 * rests.fraction(),
      log: join(folder, `worker-${at + 1}.log`),
    }),
  )
  return { ...place, carrier, network, workers }
}

/** A connection that was kept alive may just have been closed: what was asked is asked once more. */
const startPatientCarrier = async (setup: CarrierSetup): Promise<CarrierProcess> => {
  const carrier = await startCarrierProcess(setup)
  const again = <T>(ask: () => Promise<T>): Promise<T> => ask().catch(ask)
  return {
    ...carrier,
    counts: () => again(() => carrier.counts()),
    setWeather: (weather) => again(() => carrier.setWeather(weather)),
    moveClock: (to) => again(() => carrier.moveClock(to)),
  }
}

const annai = join(import.meta.dirname, '../../bin/annai')

export const takeDown = async ({ workers, network, carrier }: Stage): Promise<void> => {
  await Promise.all(workers.map((worker) => worker.leave()))
  await network.leave()
  await carrier.stop()
}

export type Place = { readonly folder: string; readonly world: World; readonly env: NodeJS.ProcessEnv }
export type Stage = Place & {
  readonly carrier: CarrierProcess
  readonly network: Network
  readonly workers: readonly Supervised[]
}
