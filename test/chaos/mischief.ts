import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from '#platform/database/database'
import { clusterIn, findServer } from '#platform/database/embedded.server'
import type { World } from '../../src/main/world.ts'
import { type CarrierLives, together } from './carrier-lives.ts'
import { carrierAt, isKill, type Mischief, type MischiefPlan, mischief } from './mischief.rules.ts'
import type { Network } from './network.ts'
import type { Supervised } from './supervised.ts'

/**
 * Kills, cuts and puts to sleep until it has killed as often as planned, or a slow machine has had four times as long.
 * Answers with how often it did what.
 */
export const doMischief = async (
  targets: Targets,
  plan: MischiefPlan,
  { onAct }: { readonly onAct: (act: Act, done: Done) => void },
): Promise<Done> => {
  const done = { ...nothing }
  const wakeUps: Promise<void>[] = []
  const startMs = performance.now()
  let kills = 0
  await untilSomethingLeft(targets, { moreThan: 0, withinMs: startsWithinMs })
  for (const planned of mischief(plan)) {
    if (kills >= plan.kills || performance.now() - startMs > plan.forMs * 4 + 60_000) break
    await sleep(planned.restMs)
    // Kills that hit machines which only just start again show little: they wait for some of the campaign to leave.
    await untilSomethingLeft(targets, { moreThan: targets.perMischief, withinMs: planned.restMs * 2 })
    const at = targets.world.clock.now()
    if (!(await act(targets, planned.mischief, wakeUps))) continue
    done[planned.mischief.kind] += 1
    if (isKill(planned.mischief)) kills += 1
    onAct({ mischief: planned.mischief, at }, done)
  }
  await Promise.all(wakeUps)
  return done
}

export type Targets = {
  readonly world: World
  /** Of the embedded database. */
  readonly dataDir: string
  readonly workers: readonly Supervised[]
  /** The preferred first, with the network to each. */
  readonly carriers: readonly CarrierLives[]
  readonly networks: readonly Network[]
  /** So many messages leave between two acts, if that does not take too long. */
  readonly perMischief: number
}

export type Act = { readonly mischief: Mischief; readonly at: Date }

export type Done = Readonly<Record<Mischief['kind'], number>>

const nothing = {
  'kill-worker': 0,
  'kill-network': 0,
  'kill-database': 0,
  'kill-session': 0,
  'pause-worker': 0,
  'cut-network': 0,
  'kill-carrier': 0,
  'hang-carrier': 0,
  'turn-away': 0,
} satisfies Done

const startsWithinMs = 30_000

const untilSomethingLeft = async (
  { carriers }: Targets,
  { moreThan, withinMs }: { readonly moreThan: number; readonly withinMs: number },
): Promise<void> => {
  const taken = async () => together(...(await Promise.all(carriers.map((carrier) => carrier.counts())))).taken
  const before = await taken()
  for (let waitedMs = 0; waitedMs < withinMs; waitedMs += 200) {
    if ((await taken()) - before > moreThan) return
    await sleep(200)
  }
}

/** False if there was nothing to do it to. */
const act = async (
  { world, dataDir, workers, carriers, networks: [network] }: Targets,
  mischief: Mischief,
  wakeUps: Promise<void>[],
): Promise<boolean> => {
  switch (mischief.kind) {
    case 'kill-worker':
      return (await pickWorker(workers, mischief.draw))?.kill() ?? false
    case 'kill-network':
      return network?.kill() ?? false
    case 'kill-database': {
      const server = await findServer(clusterIn(dataDir))
      return server.kind === 'ready' && process.kill(server.pid, 'SIGKILL')
    }
    case 'kill-session':
      return killSession(world, mischief.draw)
    case 'pause-worker': {
      const child = (await pickWorker(workers, mischief.draw))?.child()
      if (!child?.kill('SIGSTOP')) return false
      // Killed meanwhile, it hears nothing; its successor is another process.
      wakeUps.push(sleep(mischief.lastsMs).then(() => void child.kill('SIGCONT')))
      return true
    }
    case 'cut-network':
      return network?.cut() ?? false
    case 'kill-carrier':
    case 'hang-carrier':
    case 'turn-away': {
      if (carriers.some((carrier) => carrier.isInTrouble())) return false
      const carrier = carriers[carrierAt(mischief)]
      if (carrier === undefined) return false
      wakeUps.push(trouble(carrier, mischief))
      return true
    }
  }
}

const trouble = (
  carrier: CarrierLives,
  { kind, draw, lastsMs }: Extract<Mischief, { readonly kind: 'kill-carrier' | 'hang-carrier' | 'turn-away' }>,
): Promise<void> => {
  switch (kind) {
    case 'kill-carrier':
      return carrier.dieFor(lastsMs)
    case 'hang-carrier':
      return carrier.hangFor(lastsMs)
    case 'turn-away':
      return carrier.turnAwayFor(lastsMs, draw < 0.5 ? 'throttled' : 'system-error')
  }
}

/** One that works: to kill those that only just start again would be easy on them. */
const pickWorker = async (workers: readonly Supervised[], draw: number): Promise<Supervised | undefined> => {
  for (let waitedMs = 0; waitedMs < 10_000; waitedMs += 50) {
    const working = workers.filter((worker) => worker.isWorking())
    if (working.length > 0) return working[Math.floor(draw * working.length)]
    await sleep(50)
  }
  return undefined
}

const killSession = async ({ db }: World, draw: number): Promise<boolean> => {
  try {
    const { rows } = await sql<{ pid: number }>`
      select pid from pg_stat_activity
      where usename = current_user and pid <> pg_backend_pid() order by pid`.execute(db)
    const session = rows[Math.floor(draw * rows.length)]
    return session !== undefined && process.kill(session.pid, 'SIGKILL')
  } catch {
    // The database is away at this moment, or that session is.
    return false
  }
}
