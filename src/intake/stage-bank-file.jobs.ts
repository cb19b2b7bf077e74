import { createArriving } from '#payments'
import type { Transaction } from '#platform/database/database'
import type { Source } from '#platform/source'
import { assert } from '#values/assert'
import type { Day } from '#values/day'
import type { DepositsRead, DepositsReader, TakeDepositLine } from './deposit-line.format.ts'
import { depositRows } from './deposit-row.format.ts'
import type { ChunkWriter } from './import-chunks.store.ts'
import type { Importing } from './intake-world.ts'
import { copyArriving, numberRepeats } from './staged-deposits.store.ts'
import { layout01 } from './zengin-01.format.ts'
import { readDeposits01 } from './zengin-01-reader.format.ts'
import { layout03 } from './zengin-03.format.ts'
import { readDeposits03 } from './zengin-03-reader.format.ts'

export interface StagingDeposits extends Pick<Importing, 'progress'> {
  readonly source: Source
  readonly chunks: ChunkWriter
  readonly received: Day
}

/** Reads the file once: into `arriving_deposits`, into the sealed copy, and against every rule of its format. */
export async function stageBankFile(
  tx: Transaction,
  typeCode: '01' | '03',
  { source, chunks, received, progress }: StagingDeposits,
): Promise<DepositsRead> {
  const { data } = { '01': layout01, '03': layout03 }[typeCode]
  const rows = depositRows(data)
  const reader = readers[typeCode](received, rows.add)
  let read: DepositsRead | undefined
  let bytesDone = 0
  await createArriving(tx)
  await copyArriving(
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
  if (read.kind === 'read' && rows.mayRepeat()) await numberRepeats(tx)
  return read
}

const readers: Readonly<Record<'01' | '03', (received: Day, take: TakeDepositLine) => DepositsReader>> = {
  '01': readDeposits01,
  '03': readDeposits03,
}
