import { sql, type Transaction } from '#platform/database/database'
import type { DebitOutcome, OutcomeTotal } from './debit-outcome.rules.ts'
import { isClear, type Matching } from './match-debits.store.ts'

/** Every record with what became of it. Codes without an outcome of their own are `manual`. */
export async function insertDebits(
  tx: Transaction,
  { importId, billCodes }: Matching,
  outcomes: ReadonlyMap<string, DebitOutcome>,
): Promise<void> {
  const codes = [...outcomes].map(([code, outcome]) => sql`when ${code} then ${outcome}`)
  const byCode = codes.length === 0 ? sql`'manual'` : sql`case s.code ${sql.join(codes, sql` `)} else 'manual' end`
  const isOther = sql`s.code <> all(${billCodes}::text[])`
  await sql`
    insert into debits
      (import_id, record, header, customer_number, amount, result_code, customer_id, contract_id, outcome)
    select ${importId}::uuid, s.record, s.header, s.came, s.amount, s.code,
      coalesce(p.customer_id, case when k.customer_id <> c.id then null else coalesce(k.customer_id, c.id) end),
      case when k.customer_id <> c.id then null else k.id end, coalesce(p.outcome, ${byCode})
    from staged_debits s
    left join customers c on c.customer_number_bare = s.bare
    left join contracts k on k.debit_number_bare = s.bare
    left join settling_debits p on p.record = s.record
    where ${isOther} and ${isClear}`.execute(tx)
  await sql`
    insert into debits (import_id, record, header, customer_number, amount, result_code, customer_id, outcome)
    select ${importId}::uuid, s.record, s.header, s.came, s.amount, s.code, p.customer_id, coalesce(p.outcome, ${byCode})
    from staged_debits s left join settling_debits p on p.record = s.record
    where ${isOther} and s.bare in (select bare from unclear_numbers)`.execute(tx)
  await sql`
    insert into debits
      (import_id, record, header, customer_number, amount, result_code, customer_id, contract_id, outcome, candidates)
    select ${importId}::uuid, record, header, came, amount, code, customer_id, contract_id, outcome, candidates
    from failed_debits`.execute(tx)
}

/** Hands the debits whose money came for a bill on to where deposits are kept. */
export async function insertPaid(tx: Transaction, importId: string): Promise<void> {
  await sql`
    insert into paid_debits (record, customer_id, bill_id, amount, on_day, reference, line_key)
    select p.record, p.customer_id, p.bill_id, p.amount, p.on_day, btrim(s.came),
      concat_ws(' ', 'debit', ${debited}, row_number() over (partition by ${debited} order by p.record))
    from settling_debits p
    join staged_debits s on s.record = p.record
    join debit_headers h on h.import_id = ${importId}::uuid and h.number = s.header
    where p.outcome in ('settled', 'paid-twice')`.execute(tx)
}

/** A bill in the customer's open case for every failed debit; who has no open case gets one. */
export async function insertBills(tx: Transaction, importId: string, now: Date): Promise<void> {
  await sql`
    insert into cases (customer_id, id, opened_at, import_id)
    select f.customer_id, ${idWithRecord(importId, sql`min(f.record)`)}, ${now}::timestamptz, ${importId}::uuid
    from failed_debits f
    where f.outcome = 'billed'
      and not exists (select from cases k where k.customer_id = f.customer_id and k.closed_at is null)
    group by f.customer_id`.execute(tx)
  await sql`
    insert into bills
      (customer_id, id, case_id, contract_id, product, debit_number, import_id, record, principal, due_day, billed_at)
    select f.customer_id, ${idWithRecord(importId, sql`f.record`)}, k.id, f.contract_id, f.product, btrim(f.came),
      ${importId}::uuid, f.record, f.amount, h.debit_day, ${now}::timestamptz
    from failed_debits f
    join cases k on k.customer_id = f.customer_id and k.closed_at is null
    join debit_headers h on h.import_id = ${importId}::uuid and h.number = f.header
    where f.outcome = 'billed'`.execute(tx)
}

/** What the failed and the settling debits came to; everything else goes by its code. */
export async function totalJudged(tx: Transaction): Promise<readonly (OutcomeTotal & { readonly code: string })[]> {
  const { rows } = await sql<OutcomeTotal & { readonly code: string }>`
    select outcome, code, count(*) as count, sum(amount) as amount from failed_debits group by 1, 2
    union all
    select p.outcome, s.code, count(*), sum(p.amount)
      from settling_debits p join staged_debits s on s.record = p.record group by 1, 2`.execute(tx)
  return rows
}

/** The same in every file that tells of this debit; equal ones are numbered. */
const debited = sql`
  h.originator_code, h.bank_code, h.branch_code, h.account_type, h.account_number, p.on_day, s.bare, p.amount`

type Fragment = ReturnType<typeof sql>

/** The rule of `idWithRecord` in #values/id. */
const idWithRecord = (importId: string, record: Fragment) =>
  sql`(${importId.slice(0, 24)}::text || lpad(to_hex(${record}), 12, '0'))::uuid`
