import { writeAudit } from '#audit'
import type { Creditor } from '#creditor'
import { inTransaction, type Transaction, withAdvisoryLock } from '#platform/database/database'
import { newId } from '#platform/ids'
import type { Source } from '#platform/source'
import { assert } from '#values/assert'
import { dayInJst } from '#values/day'
import { accountColumns, readAccount } from './accounts.format.ts'
import {
  copyStagedAccounts,
  createStagedAccounts,
  findAccountsImport,
  insertAccounts,
  listNotAdded,
  type NotAddedRows,
} from './accounts.store.ts'
import { type CsvRead, type CsvRefused, readCsvRows } from './csv-rows.format.ts'
import { importsLock, insertImport, setReport } from './import.store.ts'
import type { Importing, IntakeWorld } from './intake-world.ts'
import { decodeText, lookAtText, type NotText } from './text-encoding.format.ts'

export type ImportAccountsOutcome =
  | { readonly kind: 'imported'; readonly id: string; readonly report: AccountsReport }
  | { readonly kind: 'already-imported'; readonly id: string }
  | CsvRefused
  | { readonly kind: 'not-text'; readonly because: NotText }
  /** The creditor's file has no `virtualAccounts`, so nobody can say whose account it is called. */
  | { readonly kind: 'no-virtual-accounts' }

export interface AccountsReport {
  readonly rows: number
  readonly added: number
  /** Rows whose account was there before, or stands in the file twice. Nothing of it has changed. */
  readonly notAdded: readonly NotAddedRows[]
}

/** Puts a bank's list of virtual accounts into the pool: all rows or none, and no account that is known is touched. */
export async function importAccounts(
  w: IntakeWorld,
  source: Source,
  importing: Importing,
): Promise<ImportAccountsOutcome> {
  const { virtualAccounts } = w.creditor
  if (virtualAccounts === undefined) return { kind: 'no-virtual-accounts' }
  const looked = await lookAtText(source.read())
  if (looked.kind === 'not-text') return looked
  const { now, by } = importing
  return inTransaction(w.db, async (tx) => {
    await withAdvisoryLock(tx, importsLock)
    const same = await findAccountsImport(tx, looked.hash)
    if (same !== undefined) return { kind: 'already-imported', id: same }
    const text = decodeText(counted(source, importing), looked.encoding)
    const read = await stage(tx, text, virtualAccounts)
    if (read.kind !== 'read') return read
    const id = importing.id ?? newId(now)
    await insertImport(tx, {
      id,
      kind: 'virtual-accounts',
      contentHash: looked.hash,
      fileName: source.name,
      byteCount: source.byteCount,
      recordCount: read.rows,
      receivedOn: dayInJst(now),
      importedAt: now,
      importedBy: by,
    })
    const added = await insertAccounts(tx, id)
    const report: AccountsReport = { rows: read.rows, added, notAdded: await listNotAdded(tx, id, linesKeptMax) }
    await setReport(tx, id, report)
    await writeAudit(tx, { at: now, actor: by, act: 'import.accounts', facts: { import: id, rows: read.rows, added } })
    return { kind: 'imported', id, report }
  })
}

/** So many lines are named for each reason; the rest is counted. */
const linesKeptMax = 100

async function stage(
  tx: Transaction,
  text: AsyncIterable<string>,
  pool: NonNullable<Creditor['virtualAccounts']>,
): Promise<CsvRead> {
  const rows = readCsvRows(text, {
    columns: accountColumns,
    rowOf(record, header) {
      const read = readAccount(record, header, pool)
      if (read.kind === 'wrong') return read.problems
      const { bankCode, branchCode, accountType, accountNumber } = read.account
      return `${record.line}\t${bankCode}\t${branchCode}\t${accountType}\t${accountNumber}\n`
    },
  })
  let read: CsvRead | undefined
  await createStagedAccounts(tx)
  await copyStagedAccounts(
    tx,
    (async function* () {
      read = yield* rows
    })(),
  )
  assert(read !== undefined, 'a file is read to its end before its rows are in')
  return read
}

async function* counted(source: Source, { progress }: Importing): AsyncIterable<Buffer> {
  let bytesDone = 0
  for await (const piece of source.read()) {
    yield piece
    bytesDone += piece.length
    progress?.(bytesDone, source.byteCount)
  }
}
