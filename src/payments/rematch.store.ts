import { type Db, sql, type Transaction } from '#platform/database/database'
import type { Match } from './match.rules.ts'
import { matchColumnNames, matchColumns, matchColumnTypes } from './place-deposits.store.ts'

/** Counted, for an import that began earlier may be there later. */
export const lookForReasons = async (db: Db): Promise<{ readonly imports: number; readonly isWaiting: boolean }> => {
  const { rows } = await sql<{ imports: number; isWaiting: boolean }>`
    select (select count(*) from imports where kind <> 'deposits') as imports, exists (
        select from deposits where customer_id is null and ended_at is null and unmatched_because <> 'taken-apart'
      ) as "isWaiting"`.execute(db)
  return rows[0] ?? { imports: 0, isWaiting: false }
}

type Rematched = {
  readonly depositId: string
  readonly customerId: string
  readonly how: string
  readonly certainty: string
}

/** Only what still waits: a person may have been quicker. */
export const markRematched = async (
  tx: Transaction,
  found: ReadonlyMap<string, Match>,
): Promise<readonly Rematched[]> => {
  const given = [...found].map(([id, match]) => ({ id, ...matchColumns(match) }))
  const { rows } = await sql<Rematched>`
    update deposits d set ${sql.raw(matchColumnNames.map((name) => `${name} = j.${name}`).join(', '))}
    from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as j (id uuid, ${sql.raw(matchColumnTypes)})
    where d.id = j.id and d.customer_id is null and d.ended_at is null
      and d.unmatched_because is distinct from 'taken-apart'
    returning d.id as "depositId", d.customer_id as "customerId", d.matched_how as how, d.certainty`.execute(tx)
  return rows
}
