import { lateChargeOfUntouched } from '#bills'
import type { Creditor } from '#creditor'
import { type RawBuilder, sql, type Transaction, withAdvisoryLock } from '#platform/database/database'
import { ledgersLock } from './ledger-lock.store.ts'

/**
 * Settles at once what needs no thought: customers with exactly one open bill on which nothing was ever put, and one
 * deposit of this import that pays it to the yen and is later than all their others. It writes what `rebalance` would
 * write for them, in a handful of statements for a million customers; a test holds the two together.
 * @returns how many bills were settled, and the customers who are left for `rebalance`.
 */
export const settleExactly = async (
  tx: Transaction,
  creditor: Pick<Creditor, 'products'>,
  importId: string,
  now: Date,
): Promise<{ readonly settled: number; readonly others: readonly string[] }> => {
  // Nobody changes a ledger meanwhile, so what is decided before the cases are locked still holds after.
  await withAdvisoryLock(tx, ledgersLock)
  await withHashes(tx, importId, () => findExactDeposits(tx, creditor, importId))
  await lockCasesInOrder(tx)
  await writeLines(tx, now)
  await endBills(tx, importId, now)
  const settled = await closeCases(tx, now)
  const others = await listOthers(tx, importId)
  await sql`drop table exact_deposits`.execute(tx)
  return { settled, others }
}

/** From here on, going through the indexes row by row takes longer than reading the tables once. */
const largeFile = 10_000

/** The planner takes an equal amount for rare. Here it is the rule, so for a large file it may not go row by row. */
const withHashes = async (tx: Transaction, importId: string, act: () => Promise<void>): Promise<void> => {
  const { rows } = await sql<{ count: number; nestedLoops: string }>`
    select (select count(*)::integer from deposits where import_id = ${importId}) as count,
      current_setting('enable_nestloop') as "nestedLoops"`.execute(tx)
  const [of] = rows
  const set = (value: string) => sql`select set_config('enable_nestloop', ${value}, true)`.execute(tx)
  if (of === undefined || of.count < largeFile) return act()
  await set('off')
  await act()
  await set(of.nestedLoops)
}

const findExactDeposits = async (tx: Transaction, { products }: Pick<Creditor, 'products'>, importId: string) => {
  const product = sql`coalesce(k.product, b.product)`
  const chargeDay = sql`case when s.expires_on >= d.on_day then s.charge_day else d.on_day end`
  const late = lateChargeOfUntouched(products, {
    principal: sql`b.principal`,
    product,
    dueDay: sql`b.due_day`,
    day: chargeDay,
  })
  // The planner knows nothing of what has just been written, and everything of a table that was analyzed.
  await sql`
    create temp table settling_deposits on commit drop as
    select customer_id, id, import_id, channel, amount, on_day, bill_id, slip_id from deposits
    where import_id = ${importId} and ended_at is null and card_payment_id is null and customer_id is not null
    order by customer_id`.execute(tx)
  await sql`analyze settling_deposits`.execute(tx)
  await sql`
    create temp table exact_deposits on commit drop as
    select d.customer_id, d.id as deposit_id, b.id as bill_id, b.case_id, b.fee, b.principal, d.amount, d.on_day
    from settling_deposits d
    join bills b on b.customer_id = d.customer_id
    left join contracts k on k.customer_id = b.customer_id and k.id = b.contract_id
    left join slips s on s.customer_id = d.customer_id and s.id = d.slip_id
    left join slip_bills f on f.customer_id = d.customer_id and f.slip_id = d.slip_id and f.bill_id = b.id
    where ${isOpen(sql`b`)}
      and case
        when d.bill_id is not null then d.bill_id = b.id
        when d.slip_id is not null then f.bill_id is not null
        else b.due_day <= d.on_day
      end
      and d.amount = b.principal + b.fee + case when d.channel = 'debit' then 0 else ${late} end
      and not exists (
        select from bills o where o.customer_id = b.customer_id and o.id <> b.id and ${isOpen(sql`o`)}
      )
      and not exists (
        select from deposits o
        where o.customer_id = d.customer_id and o.id <> d.id and o.ended_at is null
          and (o.on_day >= d.on_day or o.import_id = d.import_id)
      )
      and not exists (
        select from ledger_lines l
        where l.customer_id = d.customer_id and (l.bill_id = b.id or l.deposit_id = d.id)
      )
    -- Every table that is written from here has its index by customer: in their order it is appended to.
    order by d.customer_id`.execute(tx)
  await sql`analyze exact_deposits`.execute(tx)
  await sql`drop table settling_deposits`.execute(tx)
}

const isOpen = (bill: RawBuilder<unknown>) => sql`not exists (
  select from bill_endings e where e.customer_id = ${bill}.customer_id and e.bill_id = ${bill}.id
)`

/** As `lockOpenCases`: in one order everywhere. Counted, so that a million rows do not travel. */
const lockCasesInOrder = async (tx: Transaction): Promise<void> => {
  await sql`
    select count(*) from (
      select from cases c join exact_deposits x on x.customer_id = c.customer_id and x.case_id = c.id
      order by c.customer_id, c.id for no key update of c
    ) locked`.execute(tx)
}

/** The first line of a deposit bears the deposit's own id. */
const writeLines = async (tx: Transaction, now: Date): Promise<void> => {
  await sql`
    insert into ledger_lines
      (customer_id, id, deposit_id, bill_id, account, fee, late_charge, principal, amount, at)
    select customer_id, deposit_id, deposit_id, bill_id, 'bill', fee, amount - fee - principal, principal, amount,
      ${now}::timestamptz
    from exact_deposits`.execute(tx)
  await sql`
    insert into ledger_feed_waiting (customer_id, line_id)
    select customer_id, deposit_id from exact_deposits`.execute(tx)
}

const endBills = async (tx: Transaction, importId: string, now: Date): Promise<void> => {
  await sql`
    insert into bill_endings (customer_id, bill_id, how, on_day, ended_at, import_id)
    select customer_id, bill_id, 'settled', on_day, ${now}::timestamptz, ${importId}::uuid from exact_deposits`.execute(
    tx,
  )
}

/** They had one open bill, and all open bills of a customer are in one case. */
const closeCases = async (tx: Transaction, now: Date): Promise<number> => {
  const { numAffectedRows } = await sql`
    update cases c set closed_at = ${now}::timestamptz, closed_because = 'settled'
    from exact_deposits x where c.customer_id = x.customer_id and c.id = x.case_id`.execute(tx)
  return Number(numAffectedRows ?? 0)
}

/** Customers of the import's other deposits on which nothing is written yet. */
const listOthers = async (tx: Transaction, importId: string): Promise<readonly string[]> => {
  const { rows } = await sql<{ customerId: string }>`
    with other as materialized (
      select d.customer_id, d.id from deposits d
      where d.import_id = ${importId} and d.customer_id is not null and d.ended_at is null
        and not exists (select from exact_deposits x where x.deposit_id = d.id)
    )
    select distinct o.customer_id as "customerId" from other o
    where not exists (select from ledger_lines l where l.deposit_id = o.id)`.execute(tx)
  return rows.map(({ customerId }) => customerId)
}
