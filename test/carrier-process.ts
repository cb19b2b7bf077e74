import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { CarrierMood, CarrierOptions } from '../src/sandbox/carrier.ts'
import type { CarrierCounts } from '../src/sandbox/carrier-counts.ts'
import type { Weather } from '../src/sandbox/carrier-weather.rules.ts'
import { type CarrierLine, readCarrierLines } from './carrier-process.journal.ts'

/** Starts the carrier as a process of its own; resolves when it listens. Whoever starts it stops it. */
export async function startCarrierProcess(setup: CarrierSetup): Promise<CarrierProcess> {
  const child = spawn(process.execPath, [childFile, JSON.stringify(setup)], { stdio: ['pipe', 'pipe', 'inherit'] })
  // A write into the input of a process that was just killed must not end this one.
  child.stdin.on('error', () => {})
  const { port, controlPort } = await announcementOf(child)
  const ask = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`http://127.0.0.1:${controlPort}${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new Error(`the carrier refused ${method} ${path}: ${await response.text()}`)
    return response.json()
  }
  return {
    port,
    pid: child.pid ?? 0,
    journal: setup.journal,
    counts: async () => (await ask('GET', '/counts')) as CarrierReport,
    arrivals: async () => (await ask('GET', '/arrivals')) as readonly ProcessArrivals[],
    weather: async () => (await ask('GET', '/weather')) as Weather,
    setWeather: async (weather) => void (await ask('POST', '/weather', weather)),
    setMood: async (mood) => void (await ask('POST', '/mood', { mood })),
    cutConnections: async () => void (await ask('POST', '/cut')),
    moveClock: async (to) => void (await ask('POST', '/clock', { to })),
    lines: () => readCarrierLines(setup.journal),
    stop: () => end(child, () => child.stdin.end()),
    kill: () => end(child, () => child.kill('SIGKILL')),
  }
}

/** What the carrier shall be: everything that can be written down of its options, and its journal. */
export type CarrierSetup = Omit<CarrierOptions, 'now' | 'monotonicMs' | 'journal' | 'earlier' | 'runId'> & {
  /** A file that lines are appended to; read it with `readCarrierLines`. */
  readonly journal: string
  /** Begins every message id; else the process id does. */
  readonly runId?: string
  /** How far its clock is before the machine's. */
  readonly clockOffsetMs?: number
}

export type CarrierProcess = {
  readonly port: number
  readonly pid: number
  readonly journal: string
  counts(): Promise<CarrierReport>
  arrivals(): Promise<readonly ProcessArrivals[]>
  weather(): Promise<Weather>
  /** From here on. Rejects if there can be no such weather. */
  setWeather(weather: Partial<Weather>): Promise<void>
  setMood(mood: CarrierMood): Promise<void>
  cutConnections(): Promise<void>
  /** Sets the carrier's clock, which runs on from there. Resolves when what fell due has happened. */
  moveClock(to: Date): Promise<void>
  /** The journal as it stands. */
  lines(): AsyncIterable<CarrierLine>
  /** Lets it finish its journal and leave. */
  stop(): Promise<void>
  /** kill −9. */
  kill(): Promise<void>
}

/** `stallMaxMs`: the longest that the carrier itself was not able to look at what arrived. */
export type CarrierReport = CarrierCounts & { readonly stallMaxMs: number }

export type ProcessArrivals = {
  readonly bind: number
  readonly account: string
  readonly monotonicMs: readonly number[]
  readonly atMs: readonly number[]
  readonly forgotten: number
}

const childFile = fileURLToPath(import.meta.resolve('./carrier-process.child.ts'))

function announcementOf(child: ChildProcess): Promise<{ readonly port: number; readonly controlPort: number }> {
  return new Promise((resolve, reject) => {
    let said = ''
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      said += text
      if (said.includes('\n')) resolve(JSON.parse(said) as { port: number; controlPort: number })
    })
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`the carrier ended with ${code}`)))
  })
}

async function end(child: ChildProcess, act: () => void): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  // A carrier that does not leave by itself must not stay behind a test.
  const patience = setTimeout(() => child.kill('SIGKILL'), 5_000)
  act()
  await ended
  clearTimeout(patience)
}
