import { type Database, inTransaction, withAdvisoryLock } from '#platform/database/database'
import { toRfc3339Jst } from '#values/day'
import type { ExportedAnswer } from './answer-row.format.ts'
import { type FeedRow, listFeed, numberWaiting } from './feed.store.ts'

const versionsPerRoundMax = 5_000
const rowsPerPage = 1_000

/**
 * Gives every committed answer version its place in the feed. One at a time under a lock, so positions are dense and a
 * reader who has seen one has seen all before it: ids and sequences become visible out of commit order, places do not.
 * @returns how many were placed.
 */
export const numberAnswers = async (db: Database): Promise<number> => {
  let placed = 0
  for (;;) {
    const count = await inTransaction(db, async (tx) => {
      await withAdvisoryLock(tx, 'answer feed')
      return numberWaiting(tx, versionsPerRoundMax)
    })
    placed += count
    if (count < versionsPerRoundMax) return placed
  }
}

/** The answers behind the cursor `after` (0: all), each once, in order; what was committed before the call is among them. */
export async function* exportAnswers(
  db: Database,
  { after = 0 }: { readonly after?: number } = {},
): AsyncGenerator<ExportedAnswer> {
  await numberAnswers(db)
  for (let cursor = after; ; ) {
    const page = await listFeed(db, cursor, rowsPerPage)
    for (const row of page) yield asExported(row)
    const last = page.at(-1)
    if (last === undefined || page.length < rowsPerPage) return
    cursor = last.cursor
  }
}

const asExported = ({ answeredAt, version, ...row }: FeedRow): ExportedAnswer => ({
  ...row,
  version,
  supersedes: version > 1 ? version - 1 : null,
  answeredAt: toRfc3339Jst(answeredAt),
})
