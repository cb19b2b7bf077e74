/** Everything the program says to PostgreSQL goes through here. */

export { type RawBuilder, sql } from 'kysely'
export { copyFrom, copyTo } from './copy.ts'
export { violatedConstraint } from './errors.ts'
export {
  takingLock,
  takingLocks,
  tryAdvisoryLock,
  tryHoldLock,
  withAdvisoryLock,
  withSharedLock,
} from './locks.ts'
export * from './open.ts'
