import { copyFrom, sql, type Transaction } from '#platform/database/database'
import { stagedColumns } from './debit-row.format.ts'

/**
 * The records of one file, for as long as its transaction lasts: a temporary table is written without a log and is
 * gone whichever way the import ends.
 */
export async function createStagedDebits(tx: Transaction): Promise<void> {
  await sql`
    -- The memory of each sort and hash of the few statements of an import; a million customers fit at once.
    set local work_mem = '64MB';
    -- These statements run once and read everything: compiling them costs more than it saves.
    set local jit = off;
    create temp table staged_debits (
      record integer not null,
      header integer not null,
      came text not null,
      bare text not null,
      amount bigint not null,
      code text not null
    ) on commit drop`.execute(tx)
}

export async function copyStagedDebits(tx: Transaction, rows: AsyncIterable<Buffer>): Promise<number> {
  return copyFrom(tx, `copy staged_debits (${stagedColumns.join(', ')}) from stdin`, rows)
}

/** From here on the planner's guesses about a table nobody has looked at cost more than a scan of everything. */
const largeFile = 10_000

/** Once the rows are in: lets the planner know what it has. A small sample is enough to tell few from many. */
export async function prepareStagedDebits(tx: Transaction, count: number): Promise<void> {
  await sql`set local default_statistics_target = 10; analyze staged_debits`.execute(tx)
  // A nested loop that was planned for ten rows and gets a million takes an hour; the other joins never go so wrong.
  if (count >= largeFile) await sql`set local enable_nestloop = off`.execute(tx)
}
