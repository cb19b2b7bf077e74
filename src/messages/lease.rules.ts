import { assert } from '#values/assert'

/**
 * Who may send over a bind? One worker at a time, by a lease in the database, although no two clocks agree.
 *
 * Nobody compares times of different machines. The holder lets the beat of its lease grow and may act for a while after
 * the moment it began to write that beat. A contender takes a lease whose beat it has not seen grow for longer than
 * that. Each measures by its own monotonic clock; `marginMs` bears that one runs fast and the other slow, by up to
 * `marginMs / lifeMs` each (10 % with the defaults: (life − margin) / 0.9 is still before (life + margin) / 1.1).
 *
 * The database decides between contenders: a beat is written where the epoch is still ours, a lease is taken where epoch
 * and beat are still those observed, and taking adds 1 to the epoch.
 */
export type LeaseRow = {
  readonly gateway: string
  readonly bind: number
  /** Null when it was released. */
  readonly worker: string | null
  /** The fencing token: grows with every owner. */
  readonly epoch: number
  /** Grows while the owner lives. */
  readonly beat: number
}

export type LeaseTiming = { readonly beatEveryMs: number; readonly lifeMs: number; readonly marginMs: number }

/**
 * Four beats may fail before a holder has to stop. A dead one is followed after 5.5 s, and its second of the rate
 * has passed after 6.5 s: within the ten in which a code has to have moved on.
 */
export const leaseTiming: LeaseTiming = { beatEveryMs: 1_000, lifeMs: 5_000, marginMs: 500 }

/** A lease as its holder knows it. */
export type Lease = {
  readonly gateway: string
  readonly bind: number
  readonly epoch: number
  /** Our monotonic clock before the last beat (or the taking) that succeeded was sent to the database. */
  readonly beatStartedMs: number
}

/**
 * Asked directly before each submit, with nothing awaited in between. A holder that lost its worker's lock, or whose
 * beat was refused, has no lease any more and does not ask.
 */
export const mayAct = (lease: Pick<Lease, 'beatStartedMs'>, monotonicNow: number, timing = leaseTiming): boolean =>
  monotonicNow < actsUntilMs(lease, timing)

export const actsUntilMs = ({ beatStartedMs }: Pick<Lease, 'beatStartedMs'>, timing = leaseTiming): number =>
  beatStartedMs + timing.lifeMs - timing.marginMs

/** A row, and since when we have known it unchanged. */
export type Observation = LeaseRow & { readonly sinceMs: number }

/** @param monotonicNow read after the rows came: a beat may have been written any time until then. */
export const observe = (
  previous: readonly Observation[],
  rows: readonly LeaseRow[],
  monotonicNow: number,
): readonly Observation[] => {
  const known = new Map(previous.map((observation) => [placeOf(observation), observation]))
  return rows.map((row) => {
    const before = known.get(placeOf(row))
    const isUnchanged = before?.epoch === row.epoch && before.beat === row.beat && before.worker === row.worker
    return { ...row, sinceMs: isUnchanged ? before.sinceMs : monotonicNow }
  })
}

export type TakeOutcome =
  | { readonly kind: 'take'; readonly epoch: number; readonly because: 'never-held' | 'released' | 'dead' | 'silent' }
  | { readonly kind: 'wait'; readonly forMs: number }

export type Contender = {
  readonly monotonicNow: number
  /**
   * The holder's process has ended. A free worker's lock alone shows it only while the database has not been restarted
   * and has not cut that worker off: then the lock is gone and its owner may still act until its life is over.
   */
  readonly isHolderDead: boolean
  readonly timing?: LeaseTiming
}

/** May this lease be taken now? The taking itself must compare epoch and beat with those observed. */
export const mayTake = (
  observation: Observation,
  { monotonicNow, isHolderDead, timing = leaseTiming }: Contender,
): TakeOutcome => {
  assert(timing.beatEveryMs * 2 < timing.lifeMs - timing.marginMs, 'a lease outlives one beat that fails')
  const epoch = observation.epoch + 1
  if (observation.worker === null)
    return { kind: 'take', epoch, because: observation.epoch === 0 ? 'never-held' : 'released' }
  if (isHolderDead) return { kind: 'take', epoch, because: 'dead' }
  const silentMs = monotonicNow - observation.sinceMs
  const waitMs = timing.lifeMs + timing.marginMs
  return silentMs >= waitMs ? { kind: 'take', epoch, because: 'silent' } : { kind: 'wait', forMs: waitMs - silentMs }
}

const placeOf = ({ gateway, bind }: Pick<LeaseRow, 'gateway' | 'bind'>): string => `${gateway}/${bind}`
