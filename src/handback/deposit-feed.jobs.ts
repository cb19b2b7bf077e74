import { type Database, inTransaction, withAdvisoryLock } from '#platform/database/database'
import { toRfc3339Jst } from '#values/day'
import { type DepositFeedRow, listDepositFeed, numberWaitingLines } from './deposit-feed.store.ts'
import type { ExportedDeposit } from './deposit-row.format.ts'

/** An import may leave a million: in rounds that nobody waits for long. */
const linesPerRoundMax = 20_000
const rowsPerPage = 1_000

/**
 * Gives every committed line of the ledger its place in the feed, as with answers: one at a time under a lock, so places
 * are dense and a reader who has seen one has seen all before it.
 * @returns how many were placed.
 */
export const numberDeposits = async (db: Database): Promise<number> => {
  let placed = 0
  for (;;) {
    const count = await inTransaction(db, async (tx) => {
      await withAdvisoryLock(tx, 'ledger feed')
      return numberWaitingLines(tx, linesPerRoundMax)
    })
    placed += count
    if (count < linesPerRoundMax) return placed
  }
}

/** The lines behind the cursor `after` (0: all), each once, in order; what was committed before the call is among them. */
export async function* exportDeposits(
  db: Database,
  { after = 0 }: { readonly after?: number } = {},
): AsyncGenerator<ExportedDeposit> {
  await numberDeposits(db)
  for (let cursor = after; ; ) {
    const page = await listDepositFeed(db, cursor, rowsPerPage)
    for (const row of page) yield asExported(row)
    const last = page.at(-1)
    if (last === undefined || page.length < rowsPerPage) return
    cursor = last.cursor
  }
}

const asExported = ({ writtenAt, ...row }: DepositFeedRow): ExportedDeposit => ({
  ...row,
  writtenAt: toRfc3339Jst(writtenAt),
})
