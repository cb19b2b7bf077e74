import type { Actor } from '#audit'
import { type Db, sql } from '#platform/database/database'
import type { Import, ImportKind } from './import.store.ts'
import type { UploadOutcome } from './upload-outcome.ts'

/** A file that came, by the console or by the command line, and what has become of it. */
export interface FileLine {
  readonly id: string
  readonly kind: ImportKind
  readonly fileName: string
  readonly at: Date
  readonly by: Actor
  /** Records or rows; of a file that nothing was taken from nobody counted them. */
  readonly recordCount?: number
  readonly state: FileState
}

export type FileState =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'under-way'; readonly bytesDone: number; readonly byteCount: number }
  | { readonly kind: 'imported' }
  | { readonly kind: NonNullable<Import['ended']>['how'] }
  | { readonly kind: 'refused'; readonly because: Exclude<UploadOutcome['outcome']['kind'], 'imported'> }

/** The newest first; `before` is the last id of the page before. */
export async function listFiles(
  db: Db,
  { before = lastId, limit }: { readonly before?: string | undefined; readonly limit: number },
): Promise<readonly FileLine[]> {
  const { rows } = await sql<Row>`
    select * from (
      (
        select u.id, u.kind, u.file_name, u.uploaded_at as at, u.uploaded_by as by, i.record_count, u.tries,
          u.bytes_done, u.byte_count, u.outcome -> 'outcome' ->> 'kind' as outcome, i.ended_how
        from uploads u left join imports i on i.id = u.id
        where u.id < ${before}::uuid order by u.id desc limit ${limit}
      )
      union all
      (
        select i.id, i.kind, i.file_name, i.imported_at, i.imported_by, i.record_count, 1::smallint, i.byte_count,
          i.byte_count, 'imported', i.ended_how
        from imports i
        where i.id < ${before}::uuid and not exists (select from uploads u where u.id = i.id)
        order by i.id desc limit ${limit}
      )
    ) f
    order by id desc limit ${limit}`.execute(db)
  return rows.map(({ id, kind, file_name, at, by, record_count, ...rest }) => ({
    id,
    kind: kind as ImportKind,
    fileName: file_name,
    at,
    by: by as Actor,
    ...(record_count !== null && { recordCount: record_count }),
    state: stateOf(rest),
  }))
}

type Standing = Pick<Row, 'tries' | 'bytes_done' | 'byte_count' | 'outcome' | 'ended_how'>

function stateOf({ tries, bytes_done, byte_count, outcome, ended_how }: Standing): FileState {
  if (ended_how !== null) return { kind: ended_how as 'undone' | 'replaced' }
  if (outcome === 'imported') return { kind: 'imported' }
  if (outcome !== null)
    return { kind: 'refused', because: outcome as Extract<FileState, { kind: 'refused' }>['because'] }
  return tries === 0 ? { kind: 'waiting' } : { kind: 'under-way', bytesDone: bytes_done, byteCount: byte_count }
}

interface Row {
  readonly id: string
  readonly kind: string
  readonly file_name: string
  readonly at: Date
  readonly by: string
  readonly record_count: number | null
  readonly tries: number
  readonly bytes_done: number
  readonly byte_count: number
  readonly outcome: string | null
  readonly ended_how: string | null
}

const lastId = 'ffffffff-ffff-ffff-ffff-ffffffffffff'
