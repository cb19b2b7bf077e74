import { readFile } from 'node:fs/promises'
import { nowMs } from './bytes.ts'
import type { Contest, OpenContestant } from './contest.ts'
import { cpuMsOf } from './processor.ts'

/** One contestant in a process of its own, told over IPC to queue, to drain, to count and to close. */
const contestants: Readonly<Record<string, () => Promise<OpenContestant>>> = {
  wire: async () => (await import('./wire-limit.ts')).openWireLimit,
  sql: async () => (await import('./sql-limit.ts')).openSqlLimit,
  annai: async () => (await import('./annai.ts')).openAnnai,
  'annai-rules': async () => (await import('./annai.ts')).openAnnaiWithRules,
  'pg-boss': async () => (await import('./pg-boss.ts')).openPgBoss,
  'graphile-worker': async () => (await import('./graphile-worker.ts')).openGraphileWorker,
  'graphile-worker-within': async () => (await import('./graphile-worker.ts')).openGraphileWorkerWithin,
  kannel: async () => (await import('./kannel.ts')).openKannel,
}

export type Step = 'queue' | 'drain' | 'count' | 'close'
export type Stepped = {
  /** By the clock of all processes. */
  readonly endedMs: number
  readonly delivered: number
  /** Processor time of its processes until the step began. */
  readonly cpuBeforeMs: number
  readonly peakMb: number
}

const [name = '', given = ''] = process.argv.slice(2)
const open = await contestants[name]?.()
if (open === undefined) throw new Error(`Nobody is called ${name}`)
const contestant = await open(JSON.parse(given) as Contest)
const pids = [process.pid, ...(contestant.pids ?? [])]
process.on('message', (step: Step) => void take(step))
process.on('disconnect', () => process.exit())
process.send?.('ready')

async function take(step: Step): Promise<void> {
  const cpuBeforeMs = await cpuMsOf(pids)
  let delivered = 0
  if (step === 'queue') await contestant.queue()
  if (step === 'drain') await contestant.drain()
  if (step === 'count') delivered = await contestant.countDelivered()
  if (step === 'close') await contestant.close()
  const endedMs = nowMs()
  const peakKb = /^VmHWM:\s+(\d+)/m.exec(await readFile('/proc/self/status', 'utf8'))?.[1]
  const stepped: Stepped = { endedMs, delivered, cpuBeforeMs, peakMb: Number(peakKb) / 1024 }
  process.send?.(stepped)
  if (step === 'close') process.disconnect?.()
}
