import { newId } from '#platform/ids'
import { type DeathWatch, watchWorkers } from './death-watch.jobs.ts'
import { type Lease, leaseTiming, mayAct, mayTake, type Observation, observe } from './lease.rules.ts'
import type { LeaseBook, LeaseRow, Place, WorkerRow } from './lease-book.ts'
import { divideSeats } from './share.rules.ts'

/** A bind that this worker has taken. */
export type HeldBind = {
  readonly worker: string
  readonly gateway: string
  readonly bind: number
  readonly epoch: number
  /** Somebody had it before and may have sent until a moment ago. */
  readonly isInherited: boolean
  mayAct(): boolean
}

export type OpenBind = {
  isBound(): boolean
  /** Takes nothing new, waits for what is under way. */
  close(): Promise<void>
}

export type BindsWorld = {
  readonly book: LeaseBook
  readonly now: () => Date
  readonly monotonicMs: () => number
  /** All binds of all gateways that are configured. */
  readonly binds: readonly Place[]
  /** Connects and begins to send. */
  readonly open: (held: HeldBind) => OpenBind
}

export type BindKeeper = {
  /** Says that we live, takes what is free or dead and gives up what is others' share. How much changed. */
  tick(): Promise<number>
  /** Gives everything back. */
  stop(): Promise<void>
  /** This process's name in the log, as long as it is thought alive. */
  worker(): string | undefined
}

/**
 * Keeps this worker's share of the binds. A worker that lost its lock or was given up for dead begins anew under another
 * name: what it had in hand under the old one is settled by others.
 */
export const keepBinds = (w: BindsWorld): BindKeeper => {
  let session: Session | undefined

  const tick = async (): Promise<number> => {
    session ??= await begin(w)
    const count = await turn(w, session)
    if (!session.isLost) return count
    await abandon(session)
    session = undefined
    return count + 1
  }
  return {
    tick,
    worker: () => session?.worker,
    async stop() {
      if (session === undefined) return
      const { worker, held, lock } = session
      await Promise.all([...held.values()].map((bind) => leave(w, held, bind)))
      await lock.release()
      await w.book.settle(worker, { isLost: true, now: w.now() })
      session = undefined
    },
  }
}

type Session = {
  readonly worker: string
  readonly lock: { readonly lost: Promise<void>; release(): Promise<void> }
  readonly held: Map<string, Held>
  readonly watch: DeathWatch
  observations: readonly Observation[]
  isLost: boolean
}

type Held = { lease: Lease; readonly open: OpenBind; leaving?: Promise<void> }

const begin = async (w: BindsWorld): Promise<Session> => {
  const worker = newId(w.now())
  const lock = await w.book.enter(worker, w.binds, w.now())
  const watch = watchWorkers({ book: w.book, self: worker, monotonicMs: w.monotonicMs })
  const session: Session = { worker, lock, held: new Map(), watch, observations: [], isLost: false }
  void lock.lost.then(() => {
    session.isLost = true
  })
  return session
}

const turn = async (w: BindsWorld, session: Session): Promise<number> => {
  const { worker, held, watch } = session
  const beatStartedMs = w.monotonicMs()
  await w.book.beat(
    worker,
    [...held.values()].map(({ lease, open }) => ({ ...lease, isBound: open.isBound() })),
  )
  const { leases, workers } = await w.book.read()
  if (!workers.some(({ id }) => id === worker)) session.isLost = true
  if (session.isLost) return 0
  renew(session, leases, beatStartedMs)
  const settled = await watch.look(workers, w.now())
  session.observations = observe(session.observations, leases, w.monotonicMs())
  return settled + (await deal(w, session, workers))
}

/** What is still ours may be used for another while; what somebody else has taken is closed. */
const renew = ({ worker, held }: Session, rows: readonly LeaseRow[], beatStartedMs: number): void => {
  for (const row of rows) {
    const ours = held.get(placeOf(row))
    if (ours === undefined) continue
    if (row.worker === worker && row.epoch === ours.lease.epoch) ours.lease = { ...ours.lease, beatStartedMs }
    else {
      held.delete(placeOf(row))
      void ours.open.close().catch(() => {})
    }
  }
}

const deal = async (w: BindsWorld, session: Session, workers: readonly WorkerRow[]): Promise<number> => {
  const configured = new Set(w.binds.map(placeOf))
  const seats = session.observations
    .filter((row) => configured.has(placeOf(row)))
    .map((row) => ({ ...row, silentMs: w.monotonicMs() - row.sinceMs }))
  const { take, giveUp } = divideSeats({
    seats,
    workers: workers.map(({ id }) => id),
    self: session.worker,
    lifeMs: leaseTiming.lifeMs + leaseTiming.marginMs,
  })
  let changes = 0
  for (const place of giveUp.map(placeOf)) {
    const ours = session.held.get(place)
    if (ours === undefined || ours.leaving !== undefined) continue
    // What cannot be given back runs out by itself.
    void leave(w, session.held, ours).catch(() => {})
    changes += 1
  }
  for (const place of take.map(placeOf)) {
    const observation = session.observations.find((row) => placeOf(row) === place)
    if (observation === undefined || session.held.has(place)) continue
    const outcome = mayTake(observation, { monotonicNow: w.monotonicMs(), isHolderDead: false })
    if (outcome.kind === 'take' && (await takeBind(w, session, observation))) changes += 1
  }
  return changes
}

const takeBind = async (w: BindsWorld, session: Session, seen: Observation): Promise<boolean> => {
  const beatStartedMs = w.monotonicMs()
  const epoch = await w.book.take(seen, session.worker)
  if (epoch === undefined) return false
  const { gateway, bind } = seen
  const place = placeOf(seen)
  const open = w.open({
    worker: session.worker,
    gateway,
    bind,
    epoch,
    isInherited: seen.epoch > 0,
    mayAct: () => {
      const lease = session.held.get(place)?.lease
      return !session.isLost && lease?.epoch === epoch && mayAct(lease, w.monotonicMs())
    },
  })
  session.held.set(place, { lease: { gateway, bind, epoch, beatStartedMs }, open })
  return true
}

/** The lease goes on beating while answers are awaited, so that nobody else sends meanwhile. */
const leave = (w: BindsWorld, held: Map<string, Held>, bind: Held): Promise<void> => {
  bind.leaving ??= (async () => {
    await bind.open.close()
    held.delete(placeOf(bind.lease))
    await w.book.release(bind.lease)
  })()
  return bind.leaving
}

/** Others settle what we had in hand; we only stop. */
const abandon = async ({ held, lock }: Session): Promise<void> => {
  const open = [...held.values()].map((bind) => bind.open)
  held.clear()
  await Promise.all(open.map((bind) => bind.close()))
  await lock.release()
}

const placeOf = ({ gateway, bind }: Place): string => `${gateway}/${bind}`
