import { sql, type Transaction } from '#platform/database/database'
import type { Match, Unmatched } from './match.rules.ts'
import type { Ownerless } from './ownerless.ts'
import { strongReferenceMin } from './reference.rules.ts'
import type { Sum } from './sum.rules.ts'

type Placing = { readonly importId: string; readonly now: Date }

/**
 * The clear ones, all at once: what came to a customer's own account or paid a slip. The rest waits in
 * `waiting_deposits`. The order of `judgeMatch` (match.rules.ts) is kept; place-deposits.store.test.ts holds the two together.
 */
export const placeByAccountAndSlip = async (tx: Transaction, placing: Placing): Promise<void> => {
  await sql`
    create temp table holders on commit drop as
    select a.account, v.customer_id
    from (select distinct account from arriving_deposits where account is not null) a
    join virtual_accounts v on (v.bank_code, v.branch_code, v.account_number)
      = (left(a.account, 4), substr(a.account, 6, 3), substr(a.account, 10))
    where v.customer_id is not null;
    analyze holders;
    create temp table waiting_deposits (like arriving_deposits) on commit drop`.execute(tx)
  await sql`
    with placed as materialized (
      select a.*, coalesce(h.customer_id, v.customer_id) as holder_id, s.customer_id as payer_id, s.id as slip_id
      from arriving_deposits a
      left join holders h on h.account = a.account
      left join virtual_accounts v on v.bank_code = left(a.account, 4) and v.branch_code = left(a.reference, 3)
        and v.account_number = substr(a.reference, 4)
      left join slips s on a.channel = 'convenience-store' and s.number = a.reference
      where a.act <> 'reversal'
    ),
    put as (
      insert into deposits (${common}, customer_id, slip_id, matched_how, certainty)
      select ${commonOf(sql`p`, placing)}, coalesce(p.holder_id, p.payer_id),
        case when p.holder_id is null then p.slip_id end,
        case when p.holder_id is null then 'slip' else 'virtual-account' end, 'certain'
      from placed p where p.holder_id is not null or p.payer_id is not null
    )
    insert into waiting_deposits
    select record, channel, act, amount, on_day, account, reference, payer, line_key, reversal_key
    from placed where holder_id is null and payer_id is null`.execute(tx)
  await sql`analyze waiting_deposits`.execute(tx)
}

/** Numbers long enough to be somebody's on purpose, and of exactly one customer. */
export const placeByNumber = async (tx: Transaction, placing: Placing): Promise<void> => {
  await sql`
    create temp table numbered_deposits on commit drop as
    with numbered as materialized (
      select record, ltrim(reference, '0') as bare from waiting_deposits
      where length(ltrim(reference, '0')) >= ${strongReferenceMin}
    ),
    forms as materialized (
      select record, lpad(bare, n, '0') as form
      from numbered, generate_series(length(bare), greatest(length(bare), ${writtenLength})) n
    ),
    fits as (
      select n.record, c.id as customer_id from numbered n join customers c on c.customer_number_bare = n.bare
      union all
      select n.record, k.customer_id from numbered n join contracts k on k.debit_number_bare = n.bare
      union all
      select f.record, k.customer_id from forms f join contracts k on k.contract_number = f.form
      union all
      select f.record, v.customer_id from forms f join answer_versions v on v.receipt_number = f.form
    )
    select record, (array_agg(customer_id))[1] as customer_id from fits
    group by record having count(distinct customer_id) = 1`.execute(tx)
  await sql`
    insert into deposits (${common}, customer_id, matched_how, certainty)
    select ${commonOf(sql`w`, placing)}, n.customer_id, 'reference', 'certain'
    from waiting_deposits w join numbered_deposits n using (record)`.execute(tx)
  await sql`
    delete from waiting_deposits where record in (select record from numbered_deposits);
    -- For the pages in which the rest is judged.
    create unique index on waiting_deposits (record)`.execute(tx)
}

/** As long as `writtenForms` makes a number (reference.rules.ts). */
const writtenLength = 10

const pageSize = 500

/** The rest in pages, in the order of the file. */
export async function* listWaiting(tx: Transaction): AsyncIterable<readonly Ownerless[]> {
  for (let after = 0; ; ) {
    const { rows } = await sql<Omit<Ownerless, 'key'> & { readonly record: number }>`
      select record, channel, amount, on_day as "onDay", account, reference, payer
      from waiting_deposits where record > ${after} order by record limit ${pageSize}`.execute(tx)
    const last = rows.at(-1)
    if (last === undefined) return
    yield rows.map(({ record, ...deposit }) => ({ ...deposit, key: String(record) }))
    after = last.record
  }
}

/** Deposits that were judged one by one, by their records. */
export const placeJudged = async (
  tx: Transaction,
  judged: ReadonlyMap<string, Match>,
  placing: Placing,
): Promise<void> => {
  const rows = [...judged].map(([record, match]) => ({ record: Number(record), ...matchColumns(match) }))
  await sql`
    insert into deposits (${common}, ${sql.raw(matchColumnNames.join(', '))})
    select ${commonOf(sql`w`, placing)}, ${sql.raw(matchColumnNames.map((name) => `j.${name}`).join(', '))}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as j (record integer, ${sql.raw(matchColumnTypes)})
    join waiting_deposits w using (record)
    order by record`.execute(tx)
}

export type Placed = {
  readonly matched: readonly (Sum & Pick<Extract<Match, { readonly kind: 'matched' }>, 'how' | 'certainty'>)[]
  readonly unmatched: readonly (Sum & { readonly because: Unmatched })[]
}

/** What became of the lines of a file, before anything of it is reversed. */
export const sumPlaced = async (tx: Transaction, importId: string): Promise<Placed> => {
  const { rows } = await sql<
    Sum & { how: Placed['matched'][number]['how'] | null; certainty: 'certain' | 'probable'; because: Unmatched }
  >`
    select matched_how as how, certainty, unmatched_because as because, count(*) as count, sum(amount)::bigint as amount
    from deposits where import_id = ${importId}::uuid group by 1, 2, 3 order by 4 desc, 1, 3`.execute(tx)
  return {
    matched: rows.flatMap(({ how, certainty, count, amount }) =>
      how === null ? [] : [{ how, certainty, count, amount }],
    ),
    unmatched: rows.flatMap(({ how, because, count, amount }) => (how === null ? [{ because, count, amount }] : [])),
  }
}

/** The columns of `deposits` that say whose it is. */
export const matchColumnNames = [
  'customer_id',
  'slip_id',
  'matched_how',
  'certainty',
  'unmatched_because',
  'candidates',
] as const

/** For `jsonb_to_recordset`. */
export const matchColumnTypes =
  'customer_id uuid, slip_id uuid, matched_how text, certainty text, unmatched_because text, candidates uuid[]'

export const matchColumns = (match: Match): { readonly [name in (typeof matchColumnNames)[number]]: unknown } =>
  match.kind === 'matched'
    ? {
        customer_id: match.customerId,
        slip_id: match.slipId ?? null,
        matched_how: match.how,
        certainty: match.certainty,
        unmatched_because: null,
        candidates: null,
      }
    : {
        customer_id: null,
        slip_id: null,
        matched_how: null,
        certainty: null,
        unmatched_because: match.because,
        candidates: match.candidates.length > 0 ? match.candidates : null,
      }

type Fragment = ReturnType<typeof sql>

const common = sql.raw(
  'id, import_id, record, channel, amount, on_day, account, reference, line_key, is_final, received_at',
)

/** The rule of `idWithRecord` in #values/id makes the ids. */
const commonOf = (a: Fragment, { importId, now }: Placing): Fragment => sql`
  (${importId.slice(0, 24)}::text || lpad(to_hex(${a}.record), 12, '0'))::uuid, ${importId}::uuid, ${a}.record,
  ${a}.channel, ${a}.amount, ${a}.on_day, ${a}.account, ${a}.reference, ${a}.line_key, ${a}.act <> 'provisional',
  ${now}::timestamptz`
