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

/**
 * A nested loop that was planned for ten rows and gets a million takes an hour; the other joins never go so wrong. The
 * staged rows are not analyzed on purpose: as long as the planner takes them for many and wide, it hashes the master and
 * goes through them in the order of the file, so that the rows of `debits` are appended to its index.
 */
export async function forbidNestedLoops(tx: Transaction, count: number): Promise<void> {
  if (count >= largeFile) await sql`set local enable_nestloop = off`.execute(tx)
}
