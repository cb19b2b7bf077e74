import type { Database } from '#platform/database/database'
import { findFigures, forgetFigures, keepFigures, type ReportAsked } from './report-figures.store.ts'

export type Counted<F> = { readonly figures: F; readonly countedAt: Date }

/** A report shall not have the database count all the time: at most a twentieth of it. */
const restPerCount = 20
const keptDays = 7

/**
 * The numbers of a report as they were last counted, or counted now when that is long enough ago: the longer a count
 * takes, the longer it stands. A report says of when its numbers are.
 */
export const countedReport = async <F>(
  db: Database,
  asked: ReportAsked,
  count: () => Promise<F>,
  now: Date,
  monotonicMs: () => number = () => performance.now(),
): Promise<Counted<F>> => {
  const kept = await findFigures(db, asked)
  const ageMs = kept && now.getTime() - kept.countedAt.getTime()
  if (kept !== undefined && ageMs !== undefined && ageMs >= 0 && ageMs < kept.tookMs * restPerCount)
    return { figures: kept.figures as F, countedAt: kept.countedAt }
  const began = monotonicMs()
  const figures = await count()
  await keepFigures(db, asked, { figures, countedAt: now, tookMs: Math.round(monotonicMs() - began) })
  await forgetFigures(db, new Date(now.getTime() - keptDays * 86_400_000))
  return { figures, countedAt: now }
}
