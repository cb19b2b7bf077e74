import type { Actor } from '#audit'
import { type Db, sql } from '#platform/database/database'
import type { Day } from '#values/day'
import type { ImportKind } from './import.store.ts'
import type { UploadOutcome } from './upload-outcome.ts'

/** A file that an operator brought to the console. What becomes an import has the same id. */
export interface Upload {
  readonly id: string
  readonly kind: ImportKind
  readonly fileName: string
  readonly byteCount: number
  readonly receivedOn: Day
  readonly replaces?: string
  readonly uploadedBy: Actor
  readonly uploadedAt: Date
  readonly tries: number
  readonly bytesDone: number
  readonly ended?: { readonly at: Date; readonly outcome: UploadOutcome }
}

export type NewUpload = Omit<Upload, 'tries' | 'bytesDone' | 'ended'>

export async function insertUpload(db: Db, upload: NewUpload): Promise<void> {
  await sql`
    insert into uploads (id, kind, file_name, byte_count, received_on, replaces, uploaded_by, uploaded_at)
    values (${upload.id}, ${upload.kind}, ${upload.fileName}, ${upload.byteCount}, ${upload.receivedOn}::date,
      ${upload.replaces ?? null}, ${upload.uploadedBy}, ${upload.uploadedAt}::timestamptz)`.execute(db)
}

export async function findUpload(db: Db, id: string): Promise<Upload | undefined> {
  const { rows } = await sql<Row>`select * from uploads where id = ${id}`.execute(db)
  return rows[0] && asUpload(rows[0])
}

/** What waits for a worker, in the order in which it came. */
export async function findWaitingUpload(db: Db): Promise<Upload | undefined> {
  const { rows } = await sql<Row>`select * from uploads where ended_at is null order by id limit 1`.execute(db)
  return rows[0] && asUpload(rows[0])
}

/** @returns how often it was begun with this time. */
export async function markBegun(db: Db, id: string): Promise<number> {
  const { rows } = await sql<{ tries: number }>`
    update uploads set tries = tries + 1, bytes_done = 0 where id = ${id} returning tries`.execute(db)
  return rows[0]?.tries ?? 0
}

export async function setBytesDone(db: Db, id: string, bytesDone: number): Promise<void> {
  await sql`update uploads set bytes_done = ${bytesDone} where id = ${id}`.execute(db)
}

export async function markUploadEnded(db: Db, id: string, outcome: UploadOutcome, now: Date): Promise<void> {
  await sql`
    update uploads set ended_at = ${now}::timestamptz, outcome = ${JSON.stringify(outcome)}::jsonb
    where id = ${id} and ended_at is null`.execute(db)
}

interface Row {
  readonly id: string
  readonly kind: string
  readonly file_name: string
  readonly byte_count: number
  readonly received_on: string
  readonly replaces: string | null
  readonly uploaded_by: string
  readonly uploaded_at: Date
  readonly tries: number
  readonly bytes_done: number
  readonly ended_at: Date | null
  readonly outcome: unknown
}

const asUpload = (row: Row): Upload => ({
  id: row.id,
  kind: row.kind as ImportKind,
  fileName: row.file_name,
  byteCount: row.byte_count,
  receivedOn: row.received_on as Day,
  ...(row.replaces !== null && { replaces: row.replaces }),
  uploadedBy: row.uploaded_by as Actor,
  uploadedAt: row.uploaded_at,
  tries: row.tries,
  bytesDone: row.bytes_done,
  ...(row.ended_at !== null && { ended: { at: row.ended_at, outcome: row.outcome as UploadOutcome } }),
})
