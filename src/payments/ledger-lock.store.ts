import { lockOpenCases } from '#answers'
import { sql, type Transaction, withSharedLock } from '#platform/database/database'

/** Held alone by an import that settles whole files at once, and shared by everything else that changes a ledger. */
export const ledgersLock = 'ledgers'

/**
 * Holds the ledgers of these customers still until the transaction ends: their open cases, so that no notice leaves and
 * no answer is written in the moment in which money is, and those who have none by their own row. Comes before any other
 * lock on their cases, or two might wait for each other.
 */
export const lockLedgers = async (tx: Transaction, customerIds: readonly string[]): Promise<void> => {
  await withSharedLock(tx, ledgersLock)
  await lockOpenCases(tx, customerIds)
  await sql`
    select from customers c where c.id = any(${[...customerIds]}::uuid[])
      and not exists (select from cases k where k.customer_id = c.id and k.closed_at is null)
    order by c.id for no key update`.execute(tx)
}
