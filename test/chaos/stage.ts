import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { readSettings } from '../../src/main/settings.ts'
import { openDemoWorld, type World } from '../../src/main/world.ts'
import { seeded } from '../seeded.ts'
import { type CarrierLives, startCarrierLives } from './carrier-lives.ts'
import { writeCreditor, writeGateways } from './cast.ts'
import { type Network, startNetwork } from './network.ts'
import { type ChaosOptions, carrierNames } from './options.ts'
import { roughNetwork, roughWeather } from './rough-weather.rules.ts'
import { type Supervised, supervise } from './supervised.ts'

/** The database, and this process's way to it. The server that is killed is started again from here. */
export const openPlace = async (folder: string, options: ChaosOptions): Promise<Place> => {
  const env = {
    ...process.env,
    ANNAI_DATA_DIR: folder,
    ANNAI_CREDITOR: await writeCreditor(folder, options),
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
  const names = carrierNames(options)
  const carriers: CarrierLives[] = []
  const networks: Network[] = []
  for (const name of names) {
    const carrier = await startCarrierLives({
      name,
      journal: join(folder, `${name}.jsonl`),
      weather: roughWeather(options),
      clockOffsetMs: () => world.clock.now().getTime() - Date.now(),
    })
    carriers.push(carrier)
    networks.push(
      await startNetwork({
        carrierPort: carrier.port,
        seed: `${options.seed}${name === names[0] ? '' : ` ${name}`}`,
        chaos: roughNetwork(options),
        log: join(folder, 'network.log'),
      }),
    )
  }
  const ports = Object.fromEntries(names.map((name, at) => [name, networks[at]?.port ?? 0]))
  const rests = seeded(`rests ${options.seed}`)
  const env = { ...place.env, ANNAI_GATEWAYS: await writeGateways(folder, ports, options) }
  const workers = Array.from({ length: options.workers }, (_, at) =>
    supervise({
      name: `worker ${at + 1}`,
      start: () => spawn(annai, ['work'], { env, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] }),
      saysItWorks: (said) => said.includes('Working;'),
      restMs: () => 100 + 1_400 * rests.fraction(),
      log: join(folder, `worker-${at + 1}.log`),
    }),
  )
  return { ...place, carriers, networks, workers }
}

const annai = join(import.meta.dirname, '../../bin/annai')

export const takeDown = async ({ workers, networks, carriers }: Stage): Promise<void> => {
  await Promise.all(workers.map((worker) => worker.leave()))
  await Promise.all(networks.map((network) => network.leave()))
  await Promise.all(carriers.map((carrier) => carrier.stop()))
}

export type Place = { readonly folder: string; readonly world: World; readonly env: NodeJS.ProcessEnv }
export type Stage = Place & {
  readonly carriers: readonly CarrierLives[]
  readonly networks: readonly Network[]
  readonly workers: readonly Supervised[]
}
