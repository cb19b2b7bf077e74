import { leaseTiming } from './lease.rules.ts'
import type { LeaseBook, WorkerRow } from './lease-book.ts'

/**
 * A free lock does not prove a death: a database that restarts frees them all, and their owners may act until their leases
 * have run out. After so long a silence none of them may.
 */
const silentMs = leaseTiming.lifeMs + leaseTiming.marginMs
/** Its process may be stopped, with the lock in its hand: after a minute nobody waits for it any more. */
const lostMs = 60_000

export type DeathWatch = {
  /** What workers that died meanwhile had in hand becomes doubtful, and their binds are free. How many messages. */
  look(workers: readonly WorkerRow[], now: Date): Promise<number>
}

/** Watches the other workers: one is dead when its process is gone, or when it is silent and its lock can be had. */
export const watchWorkers = (w: {
  readonly book: LeaseBook
  readonly self: string
  readonly monotonicMs: () => number
}): DeathWatch => {
  let seen = new Map<string, { readonly beat: number; readonly sinceMs: number }>()
  return {
    async look(workers, now) {
      const nowMs = w.monotonicMs()
      const others = workers.filter(({ id }) => id !== w.self)
      seen = new Map(
        others.map(({ id, beat }) => {
          const before = seen.get(id)
          return [id, before?.beat === beat ? before : { beat, sinceMs: nowMs }]
        }),
      )
      let count = 0
      for (const { id, isGone } of others) {
        const quietMs = nowMs - (seen.get(id)?.sinceMs ?? nowMs)
        if (isGone || quietMs >= silentMs)
          count += await w.book.settle(id, { isLost: isGone || quietMs >= lostMs, now })
      }
      return count
    },
  }
}
