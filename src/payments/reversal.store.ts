import { sql, type Transaction } from '#platform/database/database'
import { addSums, noSum, type Sum } from './sum.rules.ts'

type Taking = { readonly importId: string; readonly now: Date }

export type Reversed = {
  readonly reversed: Sum
  /** Told by an earlier file. */
  readonly known: Sum
  readonly stray: Sum
  /** Whose ledger has changed. */
  readonly customerIds: readonly string[]
}

/** Ends exactly the deposits that the file's reversals name; those that name none wait for it, or for people. */
export const reverseDeposits = async (tx: Transaction, { importId, now }: Taking): Promise<Reversed> => {
  const { rows } = await sql<{ amount: number; what: 'reversed' | 'known' | 'stray'; customerId: string | null }>`
    with lines as materialized (select * from arriving_deposits where act = 'reversal'),
    ended as (
      update deposits d set ended_at = ${now}::timestamptz, ended_how = 'reversed', ended_by_import = ${importId}::uuid
      from lines l where d.line_key = l.reversal_key and d.ended_at is null
      returning l.record, d.customer_id
    ),
    stray as (
      insert into stray_reversals
        (import_id, record, channel, amount, on_day, account, reference, reversal_key, received_at)
      select ${importId}::uuid, record, channel, amount, on_day, account, reference, reversal_key, ${now}::timestamptz
      from lines l
      where not exists (
        select from deposits d where d.line_key = l.reversal_key and d.ended_how is distinct from 'undone'
      ) and not exists (
        select from stray_reversals s join imports i on i.id = s.import_id and i.ended_at is null
        where s.reversal_key = l.reversal_key and s.deposit_id is null
      )
      returning record
    )
    select l.amount, e.customer_id as "customerId", case
        when e.record is not null then 'reversed' when s.record is not null then 'stray' else 'known'
      end as what
    from lines l left join ended e using (record) left join stray s using (record)`.execute(tx)
  const sumOf = (what: string): Sum =>
    addSums(...rows.filter((row) => row.what === what).map(({ amount }) => ({ count: 1, amount })))
  const customerIds = new Set(rows.flatMap(({ customerId }) => (customerId === null ? [] : [customerId])))
  return { reversed: sumOf('reversed'), known: sumOf('known'), stray: sumOf('stray'), customerIds: [...customerIds] }
}

/** Reversals that came before their deposits find them now. */
export const reverseLateArrivals = async (tx: Transaction, { importId, now }: Taking): Promise<Sum> => {
  const { rows } = await sql<Sum>`
    with born as (
      update deposits d set ended_at = ${now}::timestamptz, ended_how = 'reversed', ended_by_import = s.import_id
      from stray_reversals s join imports i on i.id = s.import_id and i.ended_at is null
      where s.deposit_id is null and d.line_key = s.reversal_key and d.import_id = ${importId}::uuid
        and d.ended_at is null
      returning d.id, d.amount, s.import_id, s.record
    ),
    found as (
      update stray_reversals s set deposit_id = b.id from born b where s.import_id = b.import_id and s.record = b.record
    )
    select count(*) as count, coalesce(sum(amount), 0)::bigint as amount from born`.execute(tx)
  return rows[0] ?? noSum
}
