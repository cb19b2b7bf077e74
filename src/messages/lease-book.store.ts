import { type Database, inTransaction, tryHoldLock } from '#platform/database/database'
import { assert } from '#values/assert'
import { endOpenClaims, markDoubtful } from './doubtful.store.ts'
import type { LeaseBook } from './lease-book.ts'
import {
  beat,
  insertBinds,
  insertWorker,
  listLeases,
  listWorkers,
  markWorkerEnded,
  releaseLease,
  releaseLeasesOf,
  takeLease,
} from './worker.store.ts'

/** The leases in the database. */
export const openLeaseBook = (db: Database): LeaseBook => ({
  async enter(worker, binds, now) {
    const lock = await tryHoldLock(db, workerLock(worker))
    assert(lock !== undefined, 'nobody else knows the name of a new worker')
    await insertWorker(db, worker, now)
    await insertBinds(db, binds)
    return lock
  },
  beat: (worker, held) => beat(db, worker, held),
  read: async () => ({ leases: await listLeases(db), workers: await listWorkers(db) }),
  take: (seen, worker) => inTransaction(db, (tx) => takeLease(tx, seen, worker)),
  release: (lease) => releaseLease(db, lease),

  async settle(worker, { isLost, now }) {
    const lock = await tryHoldLock(db, workerLock(worker))
    if (lock === undefined && !isLost) return 0
    try {
      return await inTransaction(db, async (tx) => {
        if (!(await markWorkerEnded(tx, worker, now))) return 0
        // First its binds: afterwards no claim of it can begin, and those begun have ended.
        await releaseLeasesOf(tx, worker)
        const left = await endOpenClaims(tx, { worker })
        await markDoubtful(tx, left, 'worker-died', now)
        return left.length
      })
    } finally {
      await lock?.release()
    }
  },
})

const workerLock = (worker: string): string => `worker ${worker}`
