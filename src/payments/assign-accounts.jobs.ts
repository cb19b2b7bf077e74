import { writeAuditLines } from '#audit'
import type { Creditor } from '#creditor'
import { type Database, inTransaction, tryAdvisoryLock } from '#platform/database/database'
import { assignFreeAccounts, countImports, hasFreeAccounts } from './account-pool.store.ts'

/** Held while accounts find their customers, by the sweep as by the import of a master that names some. */
export const virtualAccountsLock = 'virtual-accounts'

type World = { readonly db: Database; readonly creditor: Creditor }

/**
 * The sweep of one process: looks at every open case once after its start, and again when a file may have opened a case
 * or filled the pool. Else it is one small statement.
 */
export const assignAccountsAfterImports = (w: World): ((now: Date) => Promise<number>) => {
  let importsSeen = -1
  return async (now) => {
    const imports = await countImports(w.db)
    if (imports === importsSeen) return 0
    const assigned = await assignAccounts(w, now)
    if (assigned === 0) importsSeen = imports
    return assigned
  }
}

/** So many in one transaction; the next sweep goes on. */
const accountsPerRun = 1_000

/**
 * Gives a customer with an open case who has none an account out of the pool: for good, so that money that comes to it
 * years later is still known to be theirs.
 * @returns how many were given.
 */
export const assignAccounts = async ({ db, creditor }: World, now: Date): Promise<number> => {
  const { virtualAccounts } = creditor
  if (virtualAccounts === undefined || !(await hasFreeAccounts(db, virtualAccounts))) return 0
  return inTransaction(db, async (tx) => {
    if (!(await tryAdvisoryLock(tx, virtualAccountsLock))) return 0
    const assigned = await assignFreeAccounts(tx, virtualAccounts, { now, countMax: accountsPerRun })
    const act = { at: now, actor: 'system', act: 'account.assigned' } as const
    await writeAuditLines(
      tx,
      assigned.map(({ customerId, branchCode }) => ({ ...act, customerId, facts: { how: 'pool', branchCode } })),
    )
    return assigned.length
  })
}
