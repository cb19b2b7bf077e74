import type { LeaseBook, WorkerRow } from './lease-book.ts'

/** A worker that lives says so every second. */
const silentMs = 1_500
/** Its process may be stopped, with the lock in its hand: after a minute nobody waits for it any more. */
const lostMs = 60_000

export type DeathWatch = {
  /** What workers that died meanwhile had in hand becomes doubtful, and their binds are free. How many messages. */
  look(workers: readonly WorkerRow[], now: Date): Promise<number>
}

/** Watches the other workers: one is dead when it is silent and its lock can be had. */
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
      for (const [id, { sinceMs }] of seen) {
        const quietMs = nowMs - sinceMs
        if (quietMs >= silentMs) count += await w.book.settle(id, { isLost: quietMs >= lostMs, now })
      }
      return count
    },
  }
}
