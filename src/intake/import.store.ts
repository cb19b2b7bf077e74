import { type Db, sql, type Transaction } from '#platform/database/database'
import type { Day } from '#values/day'
import type { DebitHeader } from './zengin-91-reader.format.ts'

/** Imports follow one another: each reads the master and the open bills that the one before has left. */
export const importsLock = 'imports'

export type ImportKind = 'customers' | 'debits' | 'deposits' | 'virtual-accounts'

export interface Import {
  readonly id: string
  readonly kind: ImportKind
  readonly fileName: string
  readonly recordCount: number
  readonly receivedOn: Day
  readonly importedAt: Date
  readonly importedBy: string
  readonly replaces?: string
  readonly ended?: { readonly at: Date; readonly how: 'undone' | 'replaced' }
  /** As it was told when the import was done. */
  readonly report: unknown
}

export interface NewImport {
  readonly id: string
  readonly kind: ImportKind
  readonly contentHash: Buffer
  readonly fileName: string
  readonly byteCount: number
  readonly recordCount: number
  readonly receivedOn: Day
  readonly importedAt: Date
  readonly importedBy: string
  readonly replaces?: string | undefined
}

/** The newest first. */
export async function listImports(db: Db, limit = 100): Promise<readonly Import[]> {
  const rows = await db.selectFrom('imports').selectAll().orderBy('id', 'desc').limit(limit).execute()
  return rows.map(asImport)
}

export async function findImport(db: Db, id: string): Promise<Import | undefined> {
  const row = await db.selectFrom('imports').selectAll().where('id', '=', id).executeTakeFirst()
  return row && asImport(row)
}

/** The import of exactly these records that is in force. */
export async function findDebitsImport(db: Db, contentHash: Buffer): Promise<string | undefined> {
  const row = await db
    .selectFrom('imports')
    .select('id')
    .where('kind', '=', 'debits')
    .where('content_hash', '=', contentHash)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  return row?.id
}

/** The last import of exactly this master before this one. */
export async function findSameCustomersImport(db: Db, id: string): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    select e.id from imports i join imports e on e.content_hash = i.content_hash and e.kind = 'customers' and e.id < i.id
    where i.id = ${id} and i.kind = 'customers'
    order by e.id desc limit 1`.execute(db)
  return rows[0]?.id
}

/** Imports in force that already answered one of these debits: the same 委託者コード, account and 引落日. */
export async function listSameDebits(db: Db, headers: readonly DebitHeader[]): Promise<readonly string[]> {
  if (headers.length === 0) return []
  const { rows } = await sql<{ import_id: string }>`
    select distinct h.import_id
    from debit_headers h
    join imports i on i.id = h.import_id and i.ended_at is null
    join jsonb_to_recordset(${JSON.stringify(headers)}::jsonb) as n
      ("originatorCode" text, "bankCode" text, "branchCode" text, "accountType" text, "accountNumber" text, day date)
      on h.originator_code = n."originatorCode" and h.debit_day = n.day and h.bank_code = n."bankCode"
      and h.branch_code = n."branchCode" and h.account_type = n."accountType" and h.account_number = n."accountNumber"
    order by h.import_id`.execute(db)
  return rows.map((row) => row.import_id)
}

export async function insertImport(tx: Transaction, made: NewImport): Promise<void> {
  await tx
    .insertInto('imports')
    .values({
      id: made.id,
      kind: made.kind,
      content_hash: made.contentHash,
      file_name: made.fileName,
      byte_count: made.byteCount,
      record_count: made.recordCount,
      received_on: made.receivedOn,
      imported_at: made.importedAt,
      imported_by: made.importedBy,
      replaces: made.replaces ?? null,
      report: '{}',
    })
    .execute()
}

export async function insertDebitHeaders(
  tx: Transaction,
  importId: string,
  headers: readonly DebitHeader[],
): Promise<void> {
  if (headers.length === 0) return
  await tx
    .insertInto('debit_headers')
    .values(
      headers.map((header) => ({
        import_id: importId,
        number: header.number,
        originator_code: header.originatorCode,
        bank_code: header.bankCode,
        branch_code: header.branchCode,
        account_type: header.accountType,
        account_number: header.accountNumber,
        debit_day: header.day,
      })),
    )
    .execute()
}

export async function setReport(tx: Transaction, id: string, report: object): Promise<void> {
  await tx
    .updateTable('imports')
    .set({ report: JSON.stringify(report) })
    .where('id', '=', id)
    .execute()
}

export async function markEnded(tx: Transaction, id: string, how: 'undone' | 'replaced', now: Date): Promise<void> {
  await tx.updateTable('imports').set({ ended_at: now, ended_how: how }).where('id', '=', id).execute()
}

const asImport = (row: {
  id: string
  kind: string
  file_name: string
  record_count: number
  received_on: string
  imported_at: Date
  imported_by: string
  replaces: string | null
  ended_at: Date | null
  ended_how: string | null
  report: unknown
}): Import => ({
  id: row.id,
  kind: row.kind as ImportKind,
  fileName: row.file_name,
  recordCount: row.record_count,
  receivedOn: row.received_on as Day,
  importedAt: row.imported_at,
  importedBy: row.imported_by,
  ...(row.replaces !== null && { replaces: row.replaces }),
  ...(row.ended_at !== null && { ended: { at: row.ended_at, how: row.ended_how as 'undone' | 'replaced' } }),
  report: row.report,
})
