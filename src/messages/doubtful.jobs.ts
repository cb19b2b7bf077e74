import { type Database, inTransaction, withAdvisoryLock } from '#platform/database/database'
import { listDoubtfulNotices } from './doubtful.store.ts'
import { queueNotices } from './queue.store.ts'

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
    await queueNotices(tx, doubtful, now)
    return doubtful.length
  })
}
