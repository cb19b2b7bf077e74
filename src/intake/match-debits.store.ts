import { sql, type Transaction } from '#platform/database/database'

export interface Matching {
  readonly importId: string
  /** 振替結果コード that ask for a bill. */
  readonly billCodes: readonly string[]
  /** 振替結果コード of money that came. */
  readonly paidCodes: readonly string[]
  /** Products the service is for, by their keys. */
  readonly servedProducts: readonly string[]
}

/**
 * Numbers that several customers or several contracts have when leading zeros do not count. Nearly none do, so everything
 * else is matched by plain joins, and these few alone take the long way.
 */
export async function collectUnclearNumbers(tx: Transaction): Promise<void> {
  // Customer numbers are unique as written, so two can only meet where one of them has leading zeros.
  await sql`
    create temp table unclear_numbers on commit drop as
      select customer_number_bare as bare from customers
        where customer_number_bare in (
          select customer_number_bare from customers where customer_number <> customer_number_bare
        )
        group by 1 having count(*) > 1
      union
      select debit_number_bare from contracts where debit_number_bare is not null group by 1 having count(*) > 1;
    analyze unclear_numbers`.execute(tx)
}

/**
 * Money that came for a debit that had failed before: an open bill of the same debit number and amount, due before.
 * Several bills of one amount are settled only when as many debits came; otherwise a person has to look.
 */
export async function matchSettlements(tx: Transaction, { importId, paidCodes }: Matching): Promise<void> {
  await sql`
    create temp table settling_debits on commit drop as
    with open as materialized (
      select customer_id, id, due_day, principal + fee as amount, ${bare(sql`debit_number`)} as bare from open_bills
    ),
    paid as (
      select s.record, s.bare, s.amount, h.debit_day,
        row_number() over (partition by s.bare, s.amount order by s.record) as nth,
        count(*) over same as paid_count, min(h.debit_day) over same as first_day
      from staged_debits s
      join debit_headers h on h.import_id = ${importId}::uuid and h.number = s.header
      where s.code = any(${paidCodes}::text[]) and s.bare in (select bare from open)
      window same as (partition by s.bare, s.amount)
    ),
    bills as (
      select *, row_number() over (partition by bare, amount order by due_day, id) as nth from open
    ),
    fits as (
      select bare, amount, count(*) as bill_count, max(due_day) as last_due_day from open group by bare, amount
    )
    select p.record, p.amount, b.customer_id, b.id as bill_id, p.debit_day as on_day,
      case
        when f.bare is null then 'paid-other-amount'
        when f.bill_count > p.paid_count or p.first_day <= f.last_due_day then 'settles-unclear'
        when b.id is null then 'paid'
        else 'settled'
      end as outcome
    from paid p
    left join fits f using (bare, amount)
    left join bills b on b.bare = p.bare and b.amount = p.amount and b.nth = p.nth
      and f.bill_count <= p.paid_count and p.first_day > f.last_due_day`.execute(tx)
  // Usually there are hardly any, and whoever joins them should know.
  await sql`analyze settling_debits`.execute(tx)
}

/** Who is to be asked for what: one row for every debit that failed for want of money, of which there are so many. */
export async function judgeFailedDebits(tx: Transaction, matching: Matching, failedCount: number): Promise<void> {
  await judgeClearNumbers(tx, matching)
  const { rows } = await sql<{ clear: number }>`
    select count(*) as clear from failed_debits where outcome <> 'several-customers'`.execute(tx)
  if (rows[0]?.clear !== failedCount) await judgeUnclearNumbers(tx, matching)
}

async function judgeClearNumbers(tx: Transaction, { billCodes, servedProducts }: Matching): Promise<void> {
  await sql`
    create temp table failed_debits on commit drop as
    with failed as materialized (
      select s.record, s.header, s.came, s.amount, s.code, coalesce(k.customer_id, c.id) as customer_id,
        k.id as contract_id, k.product, k.excluded or k.product <> all(${servedProducts}::text[]) as is_excluded,
        -- One customer's number that is the debit number of another is as unclear.
        k.customer_id <> c.id as is_unclear
      from staged_debits s
      left join customers c on c.customer_number_bare = s.bare
      left join contracts k on k.debit_number_bare = s.bare
      where s.code = any(${billCodes}::text[]) and ${isClear}
    ),
    untied as (
      select k.customer_id, ${contractFacts(sql`k`, servedProducts)}
      from contracts k
      where k.customer_id in (select customer_id from failed where contract_id is null)
      group by k.customer_id
    )
    select f.record, f.header, f.came, f.amount, f.code, f.customer_id,
      coalesce(f.contract_id, u.contract_id) as contract_id, coalesce(f.product, u.product) as product,
      ${outcome({
        several: sql`f.is_unclear`,
        customer: sql`f.customer_id`,
        amount: sql`f.amount`,
        any: sql`coalesce(f.is_excluded, u.any_excluded)`,
        all: sql`coalesce(f.is_excluded, u.all_excluded)`,
      })} as outcome,
      null::uuid[] as candidates
    from failed f left join untied u on u.customer_id = f.customer_id and f.contract_id is null`.execute(tx)
}

/** The same for the few numbers that fit several: as written first, and only then without leading zeros. */
async function judgeUnclearNumbers(tx: Transaction, { billCodes, servedProducts }: Matching): Promise<void> {
  await sql`delete from failed_debits where outcome = 'several-customers'`.execute(tx)
  await sql`
    insert into failed_debits (record, header, came, amount, code, customer_id, contract_id, product, outcome, candidates)
    with unclear as materialized (
      select s.* from staged_debits s
      where s.code = any(${billCodes}::text[]) and s.record not in (select record from failed_debits)
    ),
    fits as (
      select u.record, c.id as customer_id, null::uuid as contract_id, c.customer_number = btrim(u.came) as is_exact
        from unclear u join customers c on c.customer_number_bare = u.bare
      union all
      select u.record, k.customer_id, k.id, k.debit_number = btrim(u.came)
        from unclear u join contracts k on k.debit_number_bare = u.bare
    ),
    ranked as (select *, bool_or(is_exact) over (partition by record) as any_exact from fits),
    best as (
      select record, array_agg(distinct customer_id) as customers,
        array_agg(distinct contract_id) filter (where contract_id is not null) as contracts
      from ranked where is_exact or not any_exact group by record
    ),
    facts as (
      select b.record, ${contractFacts(sql`k`, servedProducts)}
      from best b join contracts k on k.customer_id = b.customers[1] and (b.contracts is null or k.id = any(b.contracts))
      where cardinality(b.customers) = 1
      group by b.record
    )
    select u.record, u.header, u.came, u.amount, u.code,
      case when cardinality(b.customers) = 1 then b.customers[1] end, f.contract_id, f.product,
      ${outcome({
        several: sql`cardinality(b.customers) > 1`,
        customer: sql`b.customers[1]`,
        amount: sql`u.amount`,
        any: sql`f.any_excluded`,
        all: sql`f.all_excluded`,
      })},
      case when cardinality(b.customers) > 1 then b.customers end
    from unclear u left join best b using (record) left join facts f using (record)`.execute(tx)
}

type Fragment = ReturnType<typeof sql>

/** What a group of contracts says together: the one it is, or what all of them share. */
const contractFacts = (k: Fragment, servedProducts: readonly string[]) => sql`
  case when count(*) = 1 then (array_agg(${k}.id))[1] end as contract_id,
  case when min(${k}.product) = max(${k}.product) then min(${k}.product) end as product,
  bool_or(${k}.excluded or ${k}.product <> all(${servedProducts}::text[])) as any_excluded,
  bool_and(${k}.excluded or ${k}.product <> all(${servedProducts}::text[])) as all_excluded`

interface Judged {
  readonly several: Fragment
  readonly customer: Fragment
  readonly amount: Fragment
  readonly any: Fragment
  readonly all: Fragment
}

/** A debit that may be of an excluded contract gets no notice: better one letter too few than one to the wrong person. */
const outcome = ({ several, customer, amount, any, all }: Judged) => sql`
  case
    when ${several} then 'several-customers'
    when ${customer} is null then 'unknown-customer'
    when ${all} then 'excluded-product'
    when ${any} then 'contract-unclear'
    when ${amount} = 0 then 'zero-amount'
    else 'billed'
  end`

/** Whether a staged debit `s` goes the short way. */
export const isClear = sql`not exists (select from unclear_numbers u where u.bare = s.bare)`

/** As `bareNumber`: without leading zeros, of which one stays when there is nothing else. */
export const bare = (number: Fragment) => sql`coalesce(nullif(ltrim(${number}, '0'), ''), left(${number}, 1))`
