import { type Database, inTransaction, tryHoldLock, withAdvisoryLock } from '#platform/database/database'
import { listDoubtfulNotices, listSendingWorkers, takeFromWorker } from './doubtful.store.ts'
import { appendEvents } from './outbox.store.ts'
import { queueNotices } from './queue.store.ts'

/** The lock that a worker holds while it lives. */
export const workerLock = (worker: string): string => `worker ${worker}`

/** What dead workers left in "sending" becomes "unknown". A worker is dead when its lock can be had. */
export const settleAbandoned = async (db: Database, self: string, now: Date): Promise<number> => {
  let count = 0
  for (const worker of await listSendingWorkers(db)) {
    if (worker === self) continue
    const lock = await tryHoldLock(db, workerLock(worker))
    if (lock === undefined) continue
    try {
      count += await inTransaction(db, async (tx) => {
        const left = await takeFromWorker(tx, worker)
        await appendEvents(
          tx,
          left.map((message) => ({ ...message, state: 'unknown', because: 'worker-died' })),
          now,
        )
        return left.length
      })
    } finally {
      await lock.release()
    }
  }
  return count
}

/**
 * Queues a doubtful notice once more, `afterMinutes` after it became doubtful (0: never). The rules are asked again
 * before it leaves. A code is never repeated: the person presses 再送信.
 */
export const repeatDoubtfulNotices = async (db: Database, afterMinutes: number, now: Date): Promise<number> => {
  if (afterMinutes === 0) return 0
  return inTransaction(db, async (tx) => {
    await withAdvisoryLock(tx, 'repeat doubtful notices')
    const doubtful = await listDoubtfulNotices(tx, {
      before: new Date(now.getTime() - afterMinutes * 60_000),
      // A notice whose day is long over would say 昨日現在 of another day.
      notOlderThan: new Date(now.getTime() - 24 * 3_600_000),
    })
    await queueNotices(
      tx,
      doubtful.map((message) => ({ ...message, notBefore: now })),
      now,
    )
    return doubtful.length
  })
}
