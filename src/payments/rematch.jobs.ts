import { writeAuditLines } from '#audit'
import { inTransaction } from '#platform/database/database'
import { type Deposit, listUnmatched } from './deposit.store.ts'
import { rebalance } from './rebalance.ts'
import { lookForReasons, markRematched } from './rematch.store.ts'
import { asOwnerless, payersOf, type ReadPayers } from './suggestions.ts'
import { judgePage } from './take-deposits.jobs.ts'
import type { PaymentsWorld } from './world.ts'

type World = Pick<PaymentsWorld, 'db' | 'vault' | 'creditor'>

/**
 * The sweep of one process: looks again once after its start and whenever a file has brought customers, accounts or
 * bills since. One small statement as long as there is nothing to do.
 */
export const rematchAfterImports = (w: World, readPayers: ReadPayers): ((now: Date) => Promise<number>) => {
  let importsSeen = -1
  return async (now) => {
    const { imports, isWaiting } = await lookForReasons(w.db)
    if (imports === importsSeen) return 0
    const matched = isWaiting ? await rematchDeposits(w, readPayers, now) : 0
    importsSeen = imports
    return matched
  }
}

/**
 * Looks again for the owners of money that waits: a customer, a bill or an account that came later may tell. What a
 * person has taken apart is left to people. Answers with how many were matched.
 */
export const rematchDeposits = async (w: World, readPayers: ReadPayers, now: Date): Promise<number> => {
  let matched = 0
  for (let after: Deposit | undefined; ; ) {
    const page = await listUnmatched(w.db, { ...(after && { after }), limit: pageSize })
    if (page.length === 0) return matched
    matched += await rematchPage(
      w,
      page.filter(({ because }) => because !== 'taken-apart'),
      readPayers,
      now,
    )
    after = page.at(-1)
  }
}

const pageSize = 1_000

const rematchPage = async (w: World, page: readonly Deposit[], readPayers: ReadPayers, now: Date): Promise<number> => {
  const payers = await payersOf(page, readPayers)
  const judged = await judgePage(
    w.db,
    w,
    page.map((deposit) => asOwnerless(deposit, payers.get(deposit.id))),
  )
  const found = new Map([...judged].filter(([, match]) => match.kind === 'matched'))
  if (found.size === 0) return 0
  return inTransaction(w.db, async (tx) => {
    const customers = await markRematched(tx, found)
    await writeAuditLines(
      tx,
      customers.map(({ depositId, customerId, how, certainty }) => {
        const facts = { depositId, how, certainty }
        return { at: now, actor: 'system', act: 'deposit.matched', customerId, facts } as const
      }),
    )
    await rebalance(
      tx,
      w.creditor,
      customers.map(({ customerId }) => customerId),
      now,
    )
    return customers.length
  })
}
