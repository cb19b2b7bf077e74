import { lateChargeOfUntouched } from '#bills'
import type { Creditor } from '#creditor'
import { type RawBuilder, sql, type Transaction, withAdvisoryLock } from '#platform/database/database'
import { ledgersLock } from './ledger-lock.store.ts'

/**
 * Settles at once what needs no thought: customers with exactly one open bill on which nothing was ever put, and one
 * deposit of this import that pays it to the yen and is later than all their others. It writes what `rebalance` would
 * write for them, in a handful of statements for a million customers; a test holds the two together. The customers who
 * are left for `rebalance` are told by `listOthers`.
 * @returns how many bills were settled.
 */
export const settleExactly = async (
  tx: Transaction,
  creditor: Pick<Creditor, 'products'>,
  importId: string,
  now: Date,
): Promise<number> => {
  // Nobody changes a ledger meanwhile, so what is decided before the cases are locked still holds after.
  await withAdvisoryLock(tx, ledgersLock)
  await findSettling(tx, importId)
  await pairWithBills(tx, creditor)
  await leaveOutTouched(tx, importId)
  const settled = await closeCases(tx, now)
  await writeLines(tx, now)
  await endBills(tx, importId, now)
  await keepOthers(tx)
  return settled
}

/**
 * The planner knows nothing of what has just been written, and everything of a table that was analyzed: from an old
 * knowledge of `deposits` it would go through the bills row by row.
 */
const findSettling = async (tx: Transaction, importId: string): Promise<void> => {
  await sql`
    create temp table settling_deposits on commit drop as
    select customer_id, id, channel, amount, on_day, bill_id, slip_id, card_payment_id from deposits
    where import_id = ${importId} and ended_at is null and customer_id is not null`.execute(tx)
  await sql`analyze settling_deposits`.execute(tx)
}

/**
 * Each deposit beside each open bill of its customer. A customer who stands there once has one of each, so that one pass
 * over both tables, in the customers' order, tells as much as looking for a second deposit and a second bill of each.
 */
const pairWithBills = async (tx: Transaction, { products }: Pick<Creditor, 'products'>): Promise<void> => {
  const late = lateChargeOfUntouched(products, {
    principal: sql`b.principal`,
    product: sql`b.product`,
    dueDay: sql`b.due_day`,
    day: sql`case when s.expires_on >= d.on_day then s.charge_day else d.on_day end`,
  })
  await sql`
    create temp table paired_deposits on commit drop as
    select d.customer_id, d.id as deposit_id, b.id as bill_id, b.case_id, b.fee, b.principal, d.amount, d.on_day,
      coalesce(
        count(*) over (partition by d.customer_id) = 1
        and d.card_payment_id is null
        and case
          when d.bill_id is not null then d.bill_id = b.id
          when d.slip_id is not null then f.bill_id is not null
          else b.due_day <= d.on_day
        end
        and d.amount = b.principal + b.fee + case when d.channel = 'debit' then 0 else ${late} end,
        false
      ) as is_exact
    from settling_deposits d
    left join (
      select b.customer_id, b.id, b.case_id, b.principal, b.fee, b.due_day, coalesce(k.product, b.product) as product
      from bills b
      left join contracts k on k.customer_id = b.customer_id and k.id = b.contract_id
      where not exists (select from bill_endings e where e.customer_id = b.customer_id and e.bill_id = b.id)
    ) b on b.customer_id = d.customer_id
    left join slips s on s.customer_id = d.customer_id and s.id = d.slip_id
    left join slip_bills f on f.customer_id = d.customer_id and f.slip_id = d.slip_id and f.bill_id = b.id
    -- Every table that is written from here has its index by customer: in their order it is appended to.
    order by d.customer_id`.execute(tx)
  await sql`drop table settling_deposits`.execute(tx)
  await sql`analyze paired_deposits`.execute(tx)
}

/** Money of earlier files, or lines of the ledger that are there already, are for the rule to weigh. */
const leaveOutTouched = async (tx: Transaction, importId: string): Promise<void> => {
  await sql`
    update paired_deposits x set is_exact = false from deposits o
    where x.is_exact and o.customer_id = x.customer_id and o.ended_at is null and o.on_day >= x.on_day
      and o.import_id is distinct from ${importId}::uuid`.execute(tx)
  await sql`
    update paired_deposits x set is_exact = false from ledger_lines l
    where x.is_exact and l.customer_id = x.customer_id
      and (l.bill_id = x.bill_id or l.deposit_id = x.deposit_id)`.execute(tx)
}

/**
 * Takes hold of the cases before anything else is written, in the one order of `lockOpenCases`: without hashes the cases
 * are walked in the order of the sorted deposits, whichever way the planner goes. They had one open bill, and all open
 * bills of a customer are in one case.
 */
const closeCases = async (tx: Transaction, now: Date): Promise<number> => {
  const { numAffectedRows } = await inOrder(
    tx,
    sql`
      update cases c set closed_at = ${now}::timestamptz, closed_because = 'settled'
      from (select customer_id, case_id from paired_deposits where is_exact order by customer_id, case_id) x
      where c.customer_id = x.customer_id and c.id = x.case_id`,
  )
  return Number(numAffectedRows ?? 0)
}

const inOrder = async (tx: Transaction, statement: RawBuilder<unknown>) => {
  const { rows } = await sql<{ was: string }>`
    select current_setting('enable_hashjoin') as was, set_config('enable_hashjoin', 'off', true)`.execute(tx)
  const result = await statement.execute(tx)
  await sql`select set_config('enable_hashjoin', ${rows[0]?.was ?? 'on'}, true)`.execute(tx)
  return result
}

/** The first line of a deposit bears the deposit's own id. */
const writeLines = async (tx: Transaction, now: Date): Promise<void> => {
  await sql`
    insert into ledger_lines
      (customer_id, id, deposit_id, bill_id, account, fee, late_charge, principal, amount, at)
    select customer_id, deposit_id, deposit_id, bill_id, 'bill', fee, amount - fee - principal, principal, amount,
      ${now}::timestamptz
    from paired_deposits where is_exact`.execute(tx)
  await sql`
    insert into ledger_feed_waiting (customer_id, line_id)
    select customer_id, deposit_id from paired_deposits where is_exact`.execute(tx)
}

const endBills = async (tx: Transaction, importId: string, now: Date): Promise<void> => {
  await sql`
    insert into bill_endings (customer_id, bill_id, how, on_day, ended_at, import_id)
    select customer_id, bill_id, 'settled', on_day, ${now}::timestamptz, ${importId}::uuid
    from paired_deposits where is_exact`.execute(tx)
}

const keepOthers = async (tx: Transaction): Promise<void> => {
  await sql`
    create temp table other_customers on commit drop as
    select distinct customer_id from paired_deposits where not is_exact;
    create unique index on other_customers (customer_id);
    drop table paired_deposits`.execute(tx)
}

/** As many as `rebalance` takes at a time, four times over. */
const customersPerPage = 1_000

/** The customers of the import's other deposits, in their order. */
export async function* listOthers(tx: Transaction): AsyncIterable<readonly string[]> {
  for (let after: string | null = null; ; ) {
    const { rows } = await sql<{ customerId: string }>`
      select customer_id as "customerId" from other_customers
      where ${after}::uuid is null or customer_id > ${after}::uuid
      order by customer_id limit ${customersPerPage}`.execute(tx)
    const ids: readonly string[] = rows.map(({ customerId }) => customerId)
    const last = ids.at(-1)
    if (last === undefined) break
    yield ids
    after = last
  }
  await sql`drop table other_customers`.execute(tx)
}
