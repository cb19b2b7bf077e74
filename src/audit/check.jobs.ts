import { type Database, inTransaction, tryAdvisoryLock } from '#platform/database/database'
import { findWaitingCheck, markChecked } from './check.store.ts'
import { writeAudit } from './line.store.ts'
import { verifyAudit } from './verify.jobs.ts'

/** Does the check that somebody waits for, and tells whether there was one. One worker at a time. */
export const checkAudit = (db: Database, sealKey: Buffer, instant: () => Date): Promise<number> =>
  inTransaction(db, async (lock) => {
    if (!(await tryAdvisoryLock(lock, 'audit check'))) return 0
    const check = await findWaitingCheck(db)
    if (check === undefined) return 0
    const verdict = await verifyAudit(db, sealKey)
    const at = instant()
    await inTransaction(db, async (tx) => {
      await markChecked(tx, check.id, verdict, at)
      const facts = { check: check.id, ...verdict }
      await writeAudit(tx, { at, actor: check.askedBy, act: 'audit.checked', facts })
    })
    return 1
  })
