import type { Actor } from '#audit'
import {
  type FileState,
  findImport,
  findUpload,
  type Import,
  type ImportKind,
  listNotBilledAfter,
  type NotBilled,
  type RejectedRow,
  readRejectedRows,
  readUpload,
  type Upload,
} from '#intake'
import type { Day } from '#values/day'
import { isUuid } from '#values/id'
import type { ConsoleWorld } from './desk.ts'
import { type FileProblems, problemsOf } from './file-problem.rules.ts'
import { type ImportReport, reportOfImport, reportOfRefusal } from './import-report.rules.ts'

/** A file that came, however it came, with everything that is told of it. */
export type ImportFile = {
  readonly id: string
  readonly kind: ImportKind
  readonly fileName: string
  readonly byteCount?: number
  readonly receivedOn: Day
  readonly by: Actor
  readonly at: Date
  readonly replaces?: string
  readonly state: FileState
  readonly endedAt?: Date
  readonly report?: ImportReport
  /** Imports that it is about: the same file, the same debits. */
  readonly others: readonly string[]
  readonly problems?: FileProblems
  readonly rejected: readonly RejectedRow[]
  readonly notBilled: readonly NotBilled[]
}

/** So many lines of what is wrong are shown; a file to download has them all. */
export const linesShownMax = 100

export const findImportFile = async (w: ConsoleWorld, id: string): Promise<ImportFile | undefined> => {
  if (!isUuid(id)) return undefined
  const [upload, imported] = [await findUpload(w.db, id), await findImport(w.db, id)]
  if (imported !== undefined) return ofImport(w, imported, upload)
  return upload && ofUpload(upload)
}

const ofImport = async (w: ConsoleWorld, found: Import, upload: Upload | undefined): Promise<ImportFile> => {
  const { id, kind, ended } = found
  const sameAs = upload?.ended?.outcome.of === 'customers' ? upload.ended.outcome.sameAs : undefined
  const hasRejected = kind === 'customers' && upload !== undefined
  return {
    id,
    kind,
    fileName: found.fileName,
    ...(upload && { byteCount: upload.byteCount }),
    receivedOn: found.receivedOn,
    by: found.importedBy as Actor,
    at: upload?.uploadedAt ?? found.importedAt,
    ...(found.replaces !== undefined && { replaces: found.replaces }),
    state: ended === undefined ? { kind: 'imported' } : { kind: ended.how },
    ...(ended && { endedAt: ended.at }),
    report: reportOfImport(kind, found.report),
    others: sameAs === undefined ? [] : [sameAs],
    rejected: hasRejected ? await readRejectedRows(readUpload(w, id, 'rejected'), linesShownMax) : [],
    notBilled: kind === 'debits' ? await listNotBilledAfter(w.db, id, { after: 0, limit: linesShownMax }) : [],
  }
}

const ofUpload = (upload: Upload): ImportFile => {
  const { id, kind, fileName, byteCount, bytesDone, receivedOn, ended, tries } = upload
  const shared = {
    id,
    kind,
    fileName,
    byteCount,
    receivedOn,
    by: upload.uploadedBy,
    at: upload.uploadedAt,
    ...(upload.replaces !== undefined && { replaces: upload.replaces }),
    rejected: [],
    notBilled: [],
  }
  if (ended === undefined)
    return {
      ...shared,
      others: [],
      state: tries === 0 ? { kind: 'waiting' } : { kind: 'under-way', bytesDone, byteCount },
    }
  const { outcome } = ended.outcome
  const problems = problemsOf(ended.outcome)
  return {
    ...shared,
    state: { kind: 'refused', because: outcome.kind as Extract<FileState, { kind: 'refused' }>['because'] },
    endedAt: ended.at,
    report: reportOfRefusal(ended.outcome),
    ...(problems && { problems }),
    others: othersOf(outcome),
  }
}

const othersOf = (outcome: NonNullable<Upload['ended']>['outcome']['outcome']): readonly string[] => {
  switch (outcome.kind) {
    case 'already-imported':
      return [outcome.id]
    case 'same-debits':
    case 'other-kind':
      return outcome.importIds
    default:
      return []
  }
}
