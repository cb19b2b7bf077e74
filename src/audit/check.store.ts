import { type Db, sql } from '#platform/database/database'
import { newId } from '#platform/ids'
import type { Actor } from './line.store.ts'
import type { AuditVerdict } from './verify.jobs.ts'

/** Somebody's wish that the whole chain be followed, and what came of it. */
export type AuditCheck = {
  readonly id: string
  readonly askedBy: Actor
  readonly askedAt: Date
  readonly ended?: { readonly at: Date; readonly verdict: AuditVerdict }
}

/** One that waits already will do. @returns its id. */
export const askForCheck = async (db: Db, { by, now }: { readonly by: Actor; readonly now: Date }): Promise<string> => {
  const waiting = await findWaitingCheck(db)
  if (waiting !== undefined) return waiting.id
  const id = newId(now)
  await sql`insert into audit_checks (id, asked_by, asked_at) values (${id}, ${by}, ${now}::timestamptz)`.execute(db)
  return id
}

/** The newest first. */
export const listChecks = async (db: Db, limit: number): Promise<readonly AuditCheck[]> => {
  const { rows } = await sql<Row>`${checks} order by id desc limit ${limit}`.execute(db)
  return rows.map(asCheck)
}

export const findWaitingCheck = async (db: Db): Promise<AuditCheck | undefined> => {
  const { rows } = await sql<Row>`${checks} where ended_at is null order by id limit 1`.execute(db)
  return rows[0] && asCheck(rows[0])
}

export const markChecked = async (db: Db, id: string, verdict: AuditVerdict, now: Date): Promise<void> => {
  await sql`
    update audit_checks set ended_at = ${now}::timestamptz, verdict = ${JSON.stringify(verdict)}::jsonb
    where id = ${id}`.execute(db)
}

const checks = sql`select id, asked_by as "askedBy", asked_at as "askedAt", ended_at as "endedAt", verdict from audit_checks`

type Row = Omit<AuditCheck, 'ended'> & { readonly endedAt: Date | null; readonly verdict: AuditVerdict | null }

const asCheck = ({ endedAt, verdict, ...check }: Row): AuditCheck => ({
  ...check,
  ...(endedAt !== null && verdict !== null && { ended: { at: endedAt, verdict } }),
})
