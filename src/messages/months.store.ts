import { type Db, sql } from '#platform/database/database'

/**
 * Makes the partitions of this month and the next; what lies elsewhere for want of them moves in. What is not to be had at
 * the moment, because others are sending, is left to the next call.
 */
export const keepMonths = async (db: Db, now: Date): Promise<number> => {
  const { rows } = await sql<{ made: number }>`select keep_message_months(${now}) as made`.execute(db)
  return rows[0]?.made ?? 0
}

/**
 * Folds the outcome of each message of the months before this instant's, and drops their logs, and the cursors, receipts
 * and minutes that are as old. Fails, with everything as it was, when somebody reads the tables for long.
 */
export const dropMonths = async (db: Db, before: Date): Promise<number> => {
  const { rows } = await sql<{ dropped: number }>`select drop_message_months(${before}) as dropped`.execute(db)
  return rows[0]?.dropped ?? 0
}
