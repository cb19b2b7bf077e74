import { writeAuditLines } from '#audit'
import { type Db, inTransaction, sql, type Transaction } from '#platform/database/database'
import { type Deposit, listUnmatched } from './deposit.store.ts'
import type { Match } from './match.rules.ts'
import { matchColumnNames, matchColumns, matchColumnTypes } from './place-deposits.store.ts'
import { rebalance } from './rebalance.ts'
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

/** Counted, for an import that began earlier may be there later. */
const lookForReasons = async (db: Db): Promise<{ readonly imports: number; readonly isWaiting: boolean }> => {
  const { rows } = await sql<{ imports: number; isWaiting: boolean }>`
    select (select count(*) from imports where kind <> 'deposits') as imports, exists (
        select from deposits where customer_id is null and ended_at is null and unmatched_because <> 'taken-apart'
      ) as "isWaiting"`.execute(db)
  return rows[0] ?? { imports: 0, isWaiting: false }
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

type Rematched = {
  readonly depositId: string
  readonly customerId: string
  readonly how: string
  readonly certainty: string
}

/** Only what still waits: a person may have been quicker. */
const markRematched = async (tx: Transaction, found: ReadonlyMap<string, Match>): Promise<readonly Rematched[]> => {
  const given = [...found].map(([id, match]) => ({ id, ...matchColumns(match) }))
  const { rows } = await sql<Rematched>`
    update deposits d set ${sql.raw(matchColumnNames.map((name) => `${name} = j.${name}`).join(', '))}
    from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as j (id uuid, ${sql.raw(matchColumnTypes)})
    where d.id = j.id and d.customer_id is null and d.ended_at is null
      and d.unmatched_because is distinct from 'taken-apart'
    returning d.id as "depositId", d.customer_id as "customerId", d.matched_how as how, d.certainty`.execute(tx)
  return rows
}
