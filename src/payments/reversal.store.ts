import { sql, type Transaction } from '#platform/database/database'
import { addSums, noSum, type Sum } from './sum.rules.ts'

type Taking = { readonly importId: string; readonly now: Date }

export type Reversed = {
  readonly reversed: Sum
  /** Of deposits that an earlier file had reversed. */
  readonly known: Sum
  /** Of nothing that is here. */
  readonly stray: Sum
  /** Whose ledger has changed. */
  readonly customerIds: readonly string[]
}

/** Ends exactly the deposits that the file's reversals name; those that name none wait for it, or for people. */
export const reverseDeposits = async (tx: Transaction, { importId, now }: Taking): Promise<Reversed> => {
  const { rows } = await sql<{ amount: number; what: 'reversed' | 'known' | 'stray'; customerId: string | null }>`
    with lines as materialized (
      select a.*, d.id as deposit_id, d.ended_at is not null as is_ended, d.customer_id,
        row_number() over (partition by a.reversal_key order by a.record) as nth
      from arriving_deposits a
      left join deposits d on d.line_key = a.reversal_key and d.ended_how is distinct from 'undone'
      where a.act = 'reversal'
    ),
    told as (
      insert into reversals
        (import_id, record, channel, amount, on_day, account, reference, reversal_key, received_at, deposit_id)
      select ${importId}::uuid, record, channel, amount, on_day, account, reference, reversal_key, ${now}::timestamptz,
        deposit_id
      from lines
    ),
    ended as (
      update deposits d set ended_at = ${now}::timestamptz, ended_how = 'reversed', ended_by_import = ${importId}::uuid
      from lines l where d.id = l.deposit_id and d.ended_at is null and l.nth = 1
    )
    select amount, customer_id as "customerId", case
        when deposit_id is null then 'stray' when is_ended or nth > 1 then 'known' else 'reversed'
      end as what
    from lines`.execute(tx)
  const sumOf = (what: string): Sum =>
    addSums(...rows.filter((row) => row.what === what).map(({ amount }) => ({ count: 1, amount })))
  const changed = rows.flatMap(({ customerId, what }) => (what === 'reversed' && customerId ? [customerId] : []))
  return { reversed: sumOf('reversed'), known: sumOf('known'), stray: sumOf('stray'), customerIds: changed }
}

/** Reversals that came before their deposits find them now. */
export const reverseLateArrivals = async (tx: Transaction, { importId, now }: Taking): Promise<Sum> => {
  const { rows } = await sql<Sum>`
    with late as materialized (
      select s.import_id, s.record, d.id as deposit_id, d.amount
      from reversals s
      join imports i on i.id = s.import_id and i.ended_at is null
      join deposits d on d.line_key = s.reversal_key and d.import_id = ${importId}::uuid and d.ended_at is null
      where s.deposit_id is null
    ),
    found as (
      update reversals s set deposit_id = l.deposit_id from late l where s.import_id = l.import_id and s.record = l.record
    ),
    born as (
      update deposits d set ended_at = ${now}::timestamptz, ended_how = 'reversed', ended_by_import = l.import_id
      from late l where d.id = l.deposit_id returning d.amount
    )
    select count(*) as count, coalesce(sum(amount), 0)::bigint as amount from born`.execute(tx)
  return rows[0] ?? noSum
}
