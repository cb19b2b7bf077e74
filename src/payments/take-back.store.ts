import { sql, type Transaction } from '#platform/database/database'
import { noSum, type Sum } from './sum.rules.ts'

type TakingBack = { readonly importId: string; readonly now: Date }

/** Deposits of the import whose surplus was given back: that money is gone and cannot be taken back any more. */
export const listRefunded = async (tx: Transaction, importId: string): Promise<readonly string[]> => {
  const { rows } = await sql<{ id: string }>`
    select d.id from deposits d join ledger_lines l on l.deposit_id = d.id and l.account = 'refund'
    where d.import_id = ${importId}::uuid group by d.id having sum(l.amount) <> 0 order by d.id`.execute(tx)
  return rows.map(({ id }) => id)
}

/** What a later file in force reported as well stays, as its own. */
export const handOverRepeats = async (tx: Transaction, { importId }: TakingBack): Promise<number> => {
  const { numAffectedRows } = await sql`
    with heirs as (
      select distinct on (r.line_key) r.line_key, r.import_id, r.record
      from deposit_repeats r join imports i on i.id = r.import_id and i.ended_at is null
      where r.import_id <> ${importId}::uuid
      order by r.line_key, r.import_id
    ),
    handed as (
      update deposits d set import_id = h.import_id, record = h.record
      from heirs h where d.import_id = ${importId}::uuid and d.line_key = h.line_key
        and d.ended_how is distinct from 'undone'
      returning h.import_id, h.record
    )
    delete from deposit_repeats r using handed h where r.import_id = h.import_id and r.record = h.record`.execute(tx)
  return Number(numAffectedRows ?? 0)
}

/** The import's deposits are none any more. Reversals of them wait again, for the file may come anew. */
export const undoDeposits = async (tx: Transaction, { importId, now }: TakingBack): Promise<Sum> => {
  const { rows } = await sql<Sum>`
    with undone as (
      update deposits set ended_at = ${now}::timestamptz, ended_how = 'undone', ended_by_import = null
      where import_id = ${importId}::uuid and ended_how is distinct from 'undone'
      returning id, amount
    ),
    waiting as (update reversals s set deposit_id = null from undone u where s.deposit_id = u.id)
    select count(*) as count, coalesce(sum(amount), 0)::bigint as amount from undone`.execute(tx)
  return rows[0] ?? noSum
}

/** What the import had reversed is in force again, unless another file in force reversed it as well. */
export const undoReversals = async (tx: Transaction, { importId }: TakingBack): Promise<number> => {
  await sql`
    update deposits d set ended_by_import = s.import_id
    from reversals s join imports i on i.id = s.import_id and i.ended_at is null
    where d.ended_by_import = ${importId}::uuid and d.ended_how = 'reversed' and s.deposit_id = d.id
      and s.import_id <> ${importId}::uuid`.execute(tx)
  const { numAffectedRows } = await sql`
    update deposits set ended_at = null, ended_how = null, ended_by_import = null
    where ended_by_import = ${importId}::uuid and ended_how = 'reversed'`.execute(tx)
  await sql`update reversals set deposit_id = null where import_id = ${importId}::uuid`.execute(tx)
  return Number(numAffectedRows ?? 0)
}

/** What the import had made final is provisional again. */
export const undoFinals = async (tx: Transaction, { importId }: TakingBack): Promise<void> => {
  await sql`
    update deposits set is_final = false, final_by_import = null where final_by_import = ${importId}::uuid`.execute(tx)
}

/** Whose ledgers the import has touched. */
export const listTouched = async (tx: Transaction, importId: string): Promise<readonly string[]> => {
  const { rows } = await sql<{ id: string }>`
    select distinct customer_id as id from deposits
    where (import_id = ${importId}::uuid or ended_by_import = ${importId}::uuid) and customer_id is not null`.execute(
    tx,
  )
  return rows.map(({ id }) => id)
}
