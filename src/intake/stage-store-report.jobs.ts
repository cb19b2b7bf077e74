import type { Creditor } from '#creditor'
import { createArriving } from '#payments'
import type { Transaction } from '#platform/database/database'
import { assert } from '#values/assert'
import { readStorePayment, type StorePayment, storeColumns } from './convenience-store.format.ts'
import { type CsvRead, type CsvRefused, readCsvRows } from './csv-rows.format.ts'
import type { StagingDeposits } from './stage-bank-file.jobs.ts'
import { copyArriving, dropRepeats } from './staged-deposits.store.ts'
import { decodeText, lookAtText, type NotText } from './text-encoding.format.ts'
import { problemsMax } from './zengin-problem.format.ts'

export type StoreReportStaged =
  | {
      readonly kind: 'read'
      readonly encoding: 'utf-8' | 'shift_jis'
      readonly rows: number
      readonly contentHash: Buffer
      readonly repeated: { readonly count: number; readonly amount: number }
    }
  | CsvRefused
  | { readonly kind: 'not-text'; readonly because: NotText }
  /** The creditor's file has no `convenienceStore`: whose slips these are cannot be told. */
  | { readonly kind: 'no-convenience-store' }

/** An agent's report, read twice: its encoding is known only when all of it was seen. */
export async function stageStoreReport(
  tx: Transaction,
  { convenienceStore }: Creditor,
  { source, chunks, received, progress }: StagingDeposits,
): Promise<StoreReportStaged> {
  if (convenienceStore === undefined) return { kind: 'no-convenience-store' }
  const looked = await lookAtText(source.read())
  if (looked.kind === 'not-text') return looked
  const pieces = async function* () {
    let bytesDone = 0
    for await (const piece of source.read()) {
      await chunks.write(piece)
      yield piece
      bytesDone += piece.length
      progress?.(bytesDone, source.byteCount)
    }
  }
  const rows = readCsvRows(decodeText(pieces(), looked.encoding), {
    columns: storeColumns,
    rowOf(record, header) {
      const read = readStorePayment(record, header, { convenienceStore, received })
      return read.kind === 'payment' ? rowOf(record.line, read.payment) : read.problems
    },
  })
  let read: CsvRead | undefined
  await createArriving(tx)
  await copyArriving(
    tx,
    (async function* () {
      read = yield* rows
    })(),
  )
  assert(read !== undefined, 'a file is read to its end before its rows are in')
  if (read.kind !== 'read') return read
  const { contradictions, ...repeated } = await dropRepeats(tx)
  if (contradictions.length > 0) return contradiction(contradictions)
  return { kind: 'read', encoding: looked.encoding, rows: read.rows, contentHash: looked.hash, repeated }
}

/** In the order of `arrivingColumns`; nothing in it needs an escape. */
function rowOf(line: number, { act, amount, onDay, slipNumber, key }: StorePayment): string {
  const keys = act === 'reversal' ? `${key}r\t${key}` : `${key}\t\\N`
  return `${line}\tconvenience-store\t${act}\t${amount}\t${onDay}\t\\N\t${slipNumber}\t\\N\t${keys}\n`
}

function contradiction(lines: readonly { readonly record: number; readonly first: number }[]): CsvRefused {
  const problems = lines.slice(0, problemsMax).map(({ record, first }) => ({
    line: record,
    because: `another amount than line ${first} has for the same 種別, slip and minute`,
  }))
  return { kind: 'wrong-rows', problems, furtherProblems: lines.length - problems.length }
}
