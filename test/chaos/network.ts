import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Chaos } from '../chaos-proxy.plan.ts'
import type { ChaosCounts } from '../chaos-proxy.ts'
import { type Supervised, supervise } from './supervised.ts'

export type Network = Supervised & {
  readonly port: number
  cut(): boolean
  calm(): void
  /** Over all its lives: connections made, and how those ended that came to a bad end. */
  counts(): { readonly connections: number; readonly endings: number }
}

const childFile = fileURLToPath(import.meta.resolve('./network.child.ts'))

/** Starts the bad network before the carrier; killed, it comes back on the same port, with other weather. */
export const startNetwork = async (plan: {
  readonly carrierPort: number
  readonly seed: string
  readonly chaos: Partial<Chaos>
  readonly log: string
}): Promise<Network> => {
  const lives: ChaosCounts[] = []
  let port = 0
  let isCalm = false
  const announced = Promise.withResolvers<void>()
  const supervised = supervise({
    name: 'network',
    log: plan.log,
    saysItWorks: () => true,
    restMs: () => 100,
    start() {
      const life = lives.push(nothingYet) - 1
      const setup = {
        to: { port: plan.carrierPort },
        port,
        seed: `${plan.seed} ${life}`,
        chaos: isCalm ? {} : plan.chaos,
      }
      const child = spawn(process.execPath, [childFile, JSON.stringify(setup)], { stdio: ['pipe', 'pipe', 'inherit'] })
      let rest = ''
      child.stdout.on('data', (said: Buffer | string) => {
        const lines = `${rest}${said}`.split('\n')
        rest = lines.pop() ?? ''
        for (const line of lines) {
          const told = JSON.parse(line) as { readonly port: number; readonly counts: ChaosCounts }
          port = told.port
          lives[life] = told.counts
          announced.resolve()
        }
      })
      return child
    },
  })
  await announced.promise
  const say = (word: string): boolean => supervised.child()?.stdin?.write(`${word}\n`) ?? false
  return {
    ...supervised,
    port,
    cut: () => say('cut'),
    calm() {
      isCalm = true
      say('calm')
    },
    counts: () => ({
      connections: lives.reduce((sum, { connections }) => sum + connections, 0),
      endings: lives.flatMap(({ endings }) => Object.values(endings)).reduce((sum, count) => sum + count, 0),
    }),
    async leave() {
      supervised.child()?.stdin?.end()
      return supervised.leave()
    },
  }
}

const nothingYet: ChaosCounts = {
  connections: 0,
  open: 0,
  endings: { cut: 0, 'answers-lost': 0, 'requests-lost': 0, 'half-open': 0 },
  bytes: { requests: 0, answers: 0 },
}
