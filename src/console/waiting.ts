import { countOpenWorkItems, countPromisesDue } from '#answers'
import { countUnmatched } from '#payments'
import type { Db } from '#platform/database/database'
import type { Day } from '#values/day'

/** What waits for people. */
export type Waiting = {
  readonly consultations: number
  readonly brokenPromises: number
  readonly promisesToday: number
  readonly unmatched: number
}

/** Counted no further than `max` of each: a hundred waiting is as good to know as a million, and as quick. */
export const countWaiting = async (db: Db, today: Day, max: number): Promise<Waiting> => {
  const [consultations, brokenPromises, promisesToday, unmatched] = await Promise.all([
    countOpenWorkItems(db, 'consultation', max),
    countOpenWorkItems(db, 'broken-promise', max),
    countPromisesDue(db, today, max),
    countUnmatched(db, max),
  ])
  return { consultations, brokenPromises, promisesToday, unmatched: unmatched.count }
}
