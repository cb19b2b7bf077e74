import { sql, type Transaction } from '#platform/database/database'
import { noSum, type Sum } from './sum.rules.ts'

export type Tally = Sum & { readonly least: string; readonly greatest: string }

/** How many lines of each act there are. */
export const tallyArriving = async (tx: Transaction): Promise<ReadonlyMap<string, Tally>> => {
  const { rows } = await sql<Tally & { readonly act: string }>`
    select act, count(*) as count, sum(amount)::bigint as amount, min(line_key) as least, max(line_key) as greatest
    from arriving_deposits group by act`.execute(tx)
  return new Map(rows.map(({ act, ...tally }) => [act, tally]))
}

/**
 * Finals of a provisional line that is here, or comes in the same file, are no new money: they leave `arriving_deposits`
 * and wait in `finals`.
 */
export const setFinalsAside = async (tx: Transaction): Promise<void> => {
  await sql`
    create temp table finals on commit drop as
    select a.record, a.amount, a.line_key from arriving_deposits a
    where a.act = 'final' and (
      exists (select from deposits d where d.line_key = a.line_key and ${isNotUndone})
      or exists (select from arriving_deposits p where p.act = 'provisional' and p.line_key = a.line_key))`.execute(tx)
  await sql`delete from arriving_deposits where record in (select record from finals)`.execute(tx)
}

/**
 * Lines that an earlier file reported. Keys ascend with account and day, so that mostly nothing lies between the least and
 * the greatest of a file, which the index tells at once.
 */
export const dropKnown = async (tx: Transaction, importId: string, tallies: readonly Tally[]): Promise<Sum> => {
  const { rows: near } = await sql<{ near: boolean }>`
    select exists (
      select from unnest(${tallies.map(({ least }) => least)}::text[], ${tallies.map(({ greatest }) => greatest)}::text[])
        as t (least, greatest)
      join deposits d on d.line_key between t.least and t.greatest and ${isNotUndone}
    ) as near`.execute(tx)
  if (near[0]?.near !== true) return noSum
  const { rows } = await sql<Sum>`
    with known as (
      delete from arriving_deposits a using deposits d
      where a.act <> 'reversal' and d.line_key = a.line_key and ${isNotUndone}
      returning a.record, a.line_key, a.amount
    ),
    kept as (
      insert into deposit_repeats (import_id, record, line_key) select ${importId}::uuid, record, line_key from known
    )
    select count(*) as count, coalesce(sum(amount), 0)::bigint as amount from known`.execute(tx)
  return rows[0] ?? noSum
}

/** Turns provisional deposits into final ones; a final that was told before is known. */
export const finalise = async (
  tx: Transaction,
  { importId }: { readonly importId: string },
): Promise<{ readonly finalised: Sum; readonly known: Sum }> => {
  const { rows } = await sql<Sum & { readonly is: 'finalised' | 'known' }>`
    with made as (
      update deposits d set is_final = true, final_by_import = ${importId}::uuid
      from finals f where d.line_key = f.line_key and not d.is_final and ${isNotUndone}
      returning f.record
    )
    select case when m.record is null then 'known' else 'finalised' end as is, count(*) as count,
      sum(f.amount)::bigint as amount
    from finals f left join made m using (record) group by 1`.execute(tx)
  const of = (what: string): Sum => rows.find(({ is }) => is === what) ?? noSum
  return { finalised: of('finalised'), known: of('known') }
}

/** Whether the unique index counts it: what was undone may come again. */
const isNotUndone = sql`d.ended_how is distinct from 'undone'`
