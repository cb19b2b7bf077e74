import { writeAudit } from '#audit'
import type { Creditor } from '#creditor'
import { createPaidDebits, insertPaidDebits, redebitDays, settleBilled, settleImport } from '#payments'
import { inTransaction, type Transaction, withAdvisoryLock } from '#platform/database/database'
import { newId } from '#platform/ids'
import type { Source } from '#platform/source'
import { assert } from '#values/assert'
import type { Day } from '#values/day'
import { insertBills, insertDebits, insertPaid, totalJudged } from './bill-debits.store.ts'
import { debitRows } from './debit-row.format.ts'
import { type CodeTotals, codeTotals, type DebitTotals, debitTotals, meaningsOf } from './debit-totals.rules.ts'
import {
  findDebitsImport,
  importsLock,
  insertDebitHeaders,
  insertImport,
  listSameDebits,
  setReport,
} from './import.store.ts'
import { type ChunkWriter, sweepOrphanedChunks, writeChunks } from './import-chunks.store.ts'
import type { Importing, IntakeWorld } from './intake-world.ts'
import { collectUnclearNumbers, judgeFailedDebits, matchSettlements } from './match-debits.store.ts'
import { collectRetriedBills, markFailedAgain, matchPaidTwice } from './retried-debits.store.ts'
import { copyStagedDebits, createStagedDebits, forbidNestedLoops } from './staged-debits.store.ts'
import { endImport, type UndoRefused } from './undo-import.jobs.ts'
import { layout91 } from './zengin-91.format.ts'
import { type DebitHeader, type DebitsRead, readDebits } from './zengin-91-reader.format.ts'
import type { ZenginProblem } from './zengin-problem.format.ts'

export type ImportDebitsOutcome =
  | { readonly kind: 'imported'; readonly id: string; readonly replaced?: string; readonly report: DebitsReport }
  | { readonly kind: 'already-imported'; readonly id: string }
  /** The file itself is not fit to be read. Nothing has changed. */
  | { readonly kind: 'malformed'; readonly problems: readonly ZenginProblem[]; readonly furtherProblems: number }
  /** Another file for the same 委託者コード, account and 引落日 is in force: name it as the one replaced. */
  | { readonly kind: 'same-debits'; readonly importIds: readonly string[] }
  /** The import to replace has nothing to do with this file. */
  | { readonly kind: 'replaces-other'; readonly importId: string }
  | UndoRefused

export interface DebitsReport {
  /** Data records. */
  readonly debits: number
  readonly totals: DebitTotals
  readonly accounts: readonly DebitHeader[]
  /** In the sealed copy, record n of the file starts at byte (n - 1) × stride. */
  readonly stride: number
  /** Debits that brought more than was owed: for people, who give it back. */
  readonly surplus: number
}

export interface ImportingDebits extends Importing {
  /** The day the file came: 引落日 has no year. */
  readonly received: Day
  /** The import whose file this one corrects. */
  readonly replaces?: string | undefined
}

/** Takes in a result of 口座振替 (Zengin 91): all of it or nothing, and the same file only once. */
export async function importDebits(
  w: IntakeWorld,
  source: Source,
  importing: ImportingDebits,
): Promise<ImportDebitsOutcome> {
  const id = importing.id ?? newId(importing.now)
  let chunks: ChunkWriter | undefined
  try {
    return await inTransaction(w.db, async (tx) => {
      await withAdvisoryLock(tx, importsLock)
      await sweepOrphanedChunks(tx)
      chunks = await writeChunks(w.db, w.vault, id)
      const staged = await stage(tx, source, chunks, importing)
      if (staged.read.kind === 'refused') return { ...staged.read, kind: 'malformed' as const }
      const file = { ...staged.read, id, source, codes: staged.codes }
      const refusal = await refusalOf(tx, w, file, importing)
      if (refusal !== undefined) return refusal
      const report = await bill(tx, w, file, importing)
      await chunks.keep()
      const { replaces } = importing
      return { kind: 'imported', id, ...(replaces !== undefined && { replaced: replaces }), report }
    })
  } finally {
    await chunks?.discard()
  }
}

/** Reads the file once: into the staging table, into the sealed copy, and against every rule of its format. */
async function stage(
  tx: Transaction,
  source: Source,
  chunks: ChunkWriter,
  { received, progress }: ImportingDebits,
): Promise<{ readonly read: DebitsRead; readonly codes: CodeTotals }> {
  const codes = codeTotals()
  const rows = debitRows()
  const reader = readDebits(received, (bytes, at, record, header, amount) => {
    rows.add(bytes, at, record, header)
    codes.add(bytes[at + resultCodeAt] as number, amount)
  })
  let read: DebitsRead | undefined
  let bytesDone = 0
  await createStagedDebits(tx)
  await copyStagedDebits(
    tx,
    (async function* () {
      for await (const piece of source.read()) {
        reader.push(piece)
        await chunks.write(piece)
        bytesDone += piece.length
        progress?.(bytesDone, source.byteCount)
        yield rows.take()
      }
      read = reader.end()
      yield rows.take()
    })(),
  )
  assert(read !== undefined, 'a file is read to its end before its rows are in')
  return { read, codes }
}

type File = Extract<DebitsRead, { readonly kind: 'read' }> & {
  readonly id: string
  readonly source: Source
  readonly codes: CodeTotals
}

/** Why this file, good as it is, must not be taken in; the import it replaces is ended on the way. */
async function refusalOf(tx: Transaction, w: IntakeWorld, file: File, importing: ImportingDebits) {
  const { replaces } = importing
  const same = await findDebitsImport(tx, file.contentHash)
  if (same !== undefined) return { kind: 'already-imported', id: same } as const
  const importIds = await listSameDebits(tx, file.headers)
  if (importIds.some((id) => id !== replaces)) return { kind: 'same-debits', importIds } as const
  if (replaces === undefined) return undefined
  if (!importIds.includes(replaces)) return { kind: 'replaces-other', importId: replaces } as const
  const ended = await endImport(tx, w.creditor, replaces, 'replaced', importing)
  return ended.kind === 'ended' ? undefined : ended
}

async function bill(
  tx: Transaction,
  { creditor, holidays }: IntakeWorld,
  file: File,
  importing: ImportingDebits,
): Promise<DebitsReport> {
  const { id, source, headers, codes, stride } = file
  const { now, by, received, replaces } = importing
  await insertImport(tx, {
    id,
    kind: 'debits',
    contentHash: file.contentHash,
    fileName: source.name,
    byteCount: source.byteCount,
    recordCount: file.recordCount,
    receivedOn: received,
    importedAt: now,
    importedBy: by,
    replaces,
  })
  await insertDebitHeaders(tx, id, headers)
  const meanings = meaningsOf(creditor.policies)
  const { billCodes, paidCodes, outcomes } = meanings
  const servedProducts = Object.keys(creditor.products).filter((key) => creditor.products[key]?.excluded !== true)
  const matching = { importId: id, billCodes, paidCodes, servedProducts }
  await forbidNestedLoops(tx, file.debitCount)
  await collectUnclearNumbers(tx)
  const calendar = redebitDays(creditor, holidays)
  const isRetry = headers.some((header) => calendar.some(({ day }) => day === header.day))
  await matchSettlements(tx, matching)
  if (isRetry) await collectRetriedBills(tx, matching, calendar)
  if (isRetry) await matchPaidTwice(tx, matching)
  await judgeFailedDebits(tx, matching, countOf(codes, billCodes))
  if (isRetry) await markFailedAgain(tx, matching)
  await insertDebits(tx, matching, outcomes)
  const surplus = await settle(tx, creditor, id, now)
  await insertBills(tx, id, now)
  await settleBilled(tx, creditor, id, now)
  const totals = debitTotals(codes, await totalJudged(tx), meanings)
  const report: DebitsReport = { debits: file.debitCount, totals, accounts: headers, stride, surplus }
  await setReport(tx, id, report)
  const counts = Object.fromEntries(totals.map(({ outcome, count }) => [outcome, count]))
  const facts = { import: id, debits: file.debitCount, ...counts, ...(replaces !== undefined && { replaces }) }
  await writeAudit(tx, { at: now, actor: by, act: 'import.debits', facts })
  return report
}

/** Puts the money of this file on its bills, before a new one opens a case beside those that are paid. */
async function settle(tx: Transaction, creditor: Creditor, importId: string, now: Date): Promise<number> {
  await createPaidDebits(tx)
  await insertPaid(tx, importId)
  await insertPaidDebits(tx, importId, now)
  const { surplus } = await settleImport(tx, creditor, importId, now)
  return surplus
}

function countOf(codes: CodeTotals, wanted: readonly string[]): number {
  return codes.list().reduce((sum, { code, count }) => (wanted.includes(code) ? sum + count : sum), 0)
}

const resultCodeAt = layout91.data.resultCode.at - 1
