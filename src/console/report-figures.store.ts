import { type Db, sql } from '#platform/database/database'
import type { Day } from '#values/day'

export type ReportAsked = { readonly report: string; readonly from: Day; readonly until: Day }

/** What was counted for a report, and of when it is. */
export type KeptFigures = { readonly figures: unknown; readonly countedAt: Date; readonly tookMs: number }

export const findFigures = async (db: Db, { report, from, until }: ReportAsked): Promise<KeptFigures | undefined> => {
  const { rows } = await sql<KeptFigures>`
    select figures, counted_at as "countedAt", took_ms as "tookMs" from report_figures
    where report = ${report} and from_day = ${from} and to_day = ${until}`.execute(db)
  return rows[0]
}

export const keepFigures = async (
  db: Db,
  { report, from, until }: ReportAsked,
  { figures, countedAt, tookMs }: KeptFigures,
): Promise<void> => {
  await sql`
    insert into report_figures (report, from_day, to_day, figures, counted_at, took_ms)
    values (${report}, ${from}, ${until}, ${JSON.stringify(figures)}::jsonb, ${countedAt}, ${tookMs})
    on conflict (report, from_day, to_day) do update
      set figures = excluded.figures, counted_at = excluded.counted_at, took_ms = excluded.took_ms
      where report_figures.counted_at <= excluded.counted_at`.execute(db)
}

/** Periods that nobody has looked at for so long are counted anew when somebody does. */
export const forgetFigures = async (db: Db, before: Date): Promise<void> => {
  await sql`delete from report_figures where counted_at < ${before}`.execute(db)
}
