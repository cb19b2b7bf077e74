import { writeAudit } from '#audit'
import type { Creditor } from '#creditor'
import { type TakenDeposits, takeDeposits } from '#payments'
import { inTransaction, type Transaction, withAdvisoryLock } from '#platform/database/database'
import { newId } from '#platform/ids'
import type { Source } from '#platform/source'
import type { Day } from '#values/day'
import type { CsvRefused } from './csv-rows.format.ts'
import { isOurAccount } from './deposit-account.rules.ts'
import { lookAtDeposits } from './deposit-file.format.ts'
import type { DepositHeader } from './deposit-header.format.ts'
import type { NotTaken } from './deposit-line.format.ts'
import { importsLock, insertImport, setReport } from './import.store.ts'
import { type ChunkWriter, sweepOrphanedChunks, writeChunks } from './import-chunks.store.ts'
import type { Importing, IntakeWorld } from './intake-world.ts'
import { type StagingDeposits, stageBankFile } from './stage-bank-file.jobs.ts'
import { stageStoreReport } from './stage-store-report.jobs.ts'
import { findDepositsImport, hasVirtualAccounts, insertDepositHeaders, listOtherKind } from './staged-deposits.store.ts'
import type { NotText } from './text-encoding.format.ts'
import type { ZenginProblem } from './zengin-problem.format.ts'

export type ImportDepositsOutcome =
  | { readonly kind: 'imported'; readonly id: string; readonly report: DepositsReport }
  | { readonly kind: 'already-imported'; readonly id: string }
  | DepositsRefused

/** Nothing has changed. */
export type DepositsRefused =
  /** A bank's file that is not fit to be read. */
  | { readonly kind: 'malformed'; readonly problems: readonly ZenginProblem[]; readonly furtherProblems: number }
  | CsvRefused
  | { readonly kind: 'not-text'; readonly because: NotText }
  | { readonly kind: 'no-convenience-store' }
  /** Money on accounts that are not the creditor's. */
  | { readonly kind: 'other-account'; readonly accounts: readonly DepositHeader[] }
  /** A file of the other kind (01, 03) for some of the same days is in force, and both tell the same money. */
  | { readonly kind: 'other-kind'; readonly importIds: readonly string[] }

export interface DepositsReport {
  /** What kind of file it was, and how its sealed copy is to be read. */
  readonly file:
    | { readonly kind: '01' | '03'; readonly stride: number }
    | { readonly kind: 'convenience-store'; readonly encoding: 'utf-8' | 'shift_jis' }
  /** Data records or rows. */
  readonly lines: number
  /** Lines that are no money that came for us, and why. */
  readonly notTaken: readonly DepositsNotTaken[]
  readonly taken: TakenDeposits
  readonly accounts: readonly DepositHeader[]
}

export interface DepositsNotTaken {
  /** `repeated`: the file tells the same act twice. */
  readonly because: NotTaken['because'] | 'repeated'
  readonly count: number
  readonly amount: number
}

export interface ImportingDeposits extends Importing {
  /** The day the file came: 和暦 without an era, and no money of tomorrow. */
  readonly received: Day
}

/** Takes in money from a bank's or an agent's file: all of it or nothing, and no line ever twice. */
export async function importDeposits(
  w: IntakeWorld,
  source: Source,
  importing: ImportingDeposits,
): Promise<ImportDepositsOutcome> {
  const id = importing.id ?? newId(importing.now)
  let chunks: ChunkWriter | undefined
  try {
    return await inTransaction(w.db, async (tx) => {
      await withAdvisoryLock(tx, importsLock)
      await sweepOrphanedChunks(tx)
      chunks = await writeChunks(w.db, w.vault, id)
      const staged = await stage(tx, w.creditor, { ...importing, source, chunks })
      if (staged.kind !== 'staged') return staged
      const refusal = await refusalOf(tx, w.creditor, staged)
      if (refusal !== undefined) return refusal
      const report = await take(w, tx, { ...staged, id, source }, importing)
      await chunks.keep()
      return { kind: 'imported', id, report }
    })
  } finally {
    await chunks?.discard()
  }
}

interface Staged extends Omit<DepositsReport, 'taken'> {
  readonly kind: 'staged'
  readonly contentHash: Buffer
  readonly recordCount: number
}

async function stage(tx: Transaction, creditor: Creditor, staging: StagingDeposits): Promise<Staged | DepositsRefused> {
  const looked = lookAtDeposits(await startOf(staging.source))
  switch (looked.kind) {
    case 'bank': {
      const read = await stageBankFile(tx, looked.typeCode, staging)
      if (read.kind === 'refused') return { ...read, kind: 'malformed' }
      const { stride, dataCount, headers, notTaken, contentHash, recordCount } = read
      const file = { kind: looked.typeCode, stride }
      return { kind: 'staged', file, lines: dataCount, notTaken, accounts: headers, contentHash, recordCount }
    }
    case 'other-bank': {
      const place = { record: 1, offset: 1, found: looked.typeCode, expected: '01 or 03' }
      return { kind: 'malformed', problems: [{ kind: 'other-format', ...place }], furtherProblems: 0 }
    }
    case 'store': {
      const read = await stageStoreReport(tx, creditor, staging)
      if (read.kind !== 'read') return read
      const { encoding, rows, contentHash, repeated } = read
      const notTaken = repeated.count === 0 ? [] : [{ because: 'repeated' as const, ...repeated }]
      const file = { kind: 'convenience-store' as const, encoding }
      return { kind: 'staged', file, lines: rows, notTaken, accounts: [], contentHash, recordCount: rows }
    }
  }
}

async function startOf(source: Source): Promise<Buffer> {
  let start: Buffer = Buffer.alloc(0)
  for await (const piece of source.read()) {
    start = Buffer.concat([start, piece])
    if (start.length >= 8) break
  }
  return start
}

/** Why this file, good as it is, must not be taken in. */
async function refusalOf(tx: Transaction, creditor: Creditor, { contentHash, accounts }: Staged) {
  const same = await findDepositsImport(tx, contentHash)
  if (same !== undefined) return { kind: 'already-imported', id: same } as const
  const others: DepositHeader[] = []
  for (const account of accounts) {
    if (!isOurAccount(creditor, account) && !(await hasVirtualAccounts(tx, account))) others.push(account)
  }
  if (others.length > 0) return { kind: 'other-account', accounts: others } as const
  const importIds = await listOtherKind(tx, accounts)
  return importIds.length > 0 ? ({ kind: 'other-kind', importIds } as const) : undefined
}

async function take(
  w: IntakeWorld,
  tx: Transaction,
  { id, source, contentHash, recordCount, file, lines, notTaken, accounts }: Staged & { id: string; source: Source },
  { now, by, received }: ImportingDeposits,
): Promise<DepositsReport> {
  await insertImport(tx, {
    id,
    kind: 'deposits',
    contentHash,
    fileName: source.name,
    byteCount: source.byteCount,
    recordCount,
    receivedOn: received,
    importedAt: now,
    importedBy: by,
  })
  await insertDepositHeaders(tx, id, accounts)
  const taken = await takeDeposits(w, tx, { importId: id, now, by })
  const report: DepositsReport = { file, lines, notTaken, taken, accounts }
  await setReport(tx, id, report)
  const facts = { import: id, file: file.kind, lines, ...countsOf(report) }
  await writeAudit(tx, { at: now, actor: by, act: 'import.deposits', facts })
  return report
}

function countsOf({
  notTaken,
  taken: { matched, unmatched, known, finalised, reversed, strayReversals },
}: DepositsReport) {
  const sum = (parts: readonly { readonly count: number }[]) => parts.reduce((total, { count }) => total + count, 0)
  return {
    matched: sum(matched),
    unmatched: sum(unmatched),
    known: known.count,
    finalised: finalised.count,
    reversed: reversed.count,
    strayReversals: strayReversals.count,
    notTaken: sum(notTaken),
  }
}
