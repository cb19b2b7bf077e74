import type { LedgerBill, LedgerDeposit } from '#bills'
import { type Db, sql } from '#platform/database/database'
import { newId } from '#platform/ids'
import type { Day } from '#values/day'
import type { LedgerSum } from './ledger-change.rules.ts'

/** One of a customer's bills, however it stands now. Bills that were withdrawn are not among them. */
export type StoredBill = LedgerBill & {
  /** Since which day it counts as settled; null while it is open. */
  readonly settledOn: Day | null
  /** Its import was taken back while it was settled: it may not be open again. */
  readonly isVoid: boolean
}

export type StoredDeposit = Omit<LedgerDeposit, 'amount'> & {
  readonly amount: number
  readonly importId: string | null
}

export type StoredLedger = {
  readonly customerId: string
  readonly bills: readonly StoredBill[]
  readonly deposits: readonly StoredDeposit[]
  /** What the lines written so far come to. */
  readonly sums: readonly LedgerSum[]
}

/** The ledgers of these customers as they are written. Their ledgers are locked by the caller. */
export const listLedgers = async (tx: Db, customerIds: readonly string[]): Promise<readonly StoredLedger[]> => {
  const bills = Map.groupBy(await listBills(tx, customerIds), ({ customerId }) => customerId)
  const deposits = Map.groupBy(await listDeposits(tx, customerIds), ({ customerId }) => customerId)
  const sums = Map.groupBy(await listSums(tx, customerIds), ({ customerId }) => customerId)
  return customerIds.map((customerId) => ({
    customerId,
    bills: bills.get(customerId) ?? [],
    deposits: deposits.get(customerId) ?? [],
    sums: sums.get(customerId) ?? [],
  }))
}

type Of<T> = T & { readonly customerId: string }

/**
 * A settled bill on which no line was ever written was settled before there was a ledger, or by hand: it is closed, and
 * no reversal can open it.
 */
const listBills = async (db: Db, customerIds: readonly string[]): Promise<readonly Of<StoredBill>[]> => {
  const { rows } = await sql<Of<StoredBill>>`
    select b.customer_id as "customerId", b.id as "billId", coalesce(k.product, b.product) as product, b.principal, b.fee,
      b.due_day as "dueDay", e.on_day as "settledOn", i.ended_at is not null as "isVoid",
      e.how is not null and not exists (
        select from ledger_lines l where l.customer_id = b.customer_id and l.bill_id = b.id
      ) as "isClosed"
    from bills b
    left join contracts k on k.customer_id = b.customer_id and k.id = b.contract_id
    left join bill_endings e on e.customer_id = b.customer_id and e.bill_id = b.id
    left join imports i on i.id = b.import_id
    where b.customer_id = any(${[...customerIds]}::uuid[]) and e.how is distinct from 'withdrawn'`.execute(db)
  return rows
}

/**
 * `offset 0` keeps the planner from turning this around: an import has just filled these tables, and from its old
 * knowledge of them it would read them whole for every page of customers.
 */
const listDeposits = async (db: Db, customerIds: readonly string[]): Promise<readonly Of<StoredDeposit>[]> => {
  const { rows } = await sql<Of<StoredDeposit>>`
    select d.customer_id as "customerId", d.id as "depositId", d.line_key as key, d.on_day as "onDay", d.amount,
      t.charge_day as "chargeDay", d.import_id as "importId",
      case
        when d.bill_id is not null then array[d.bill_id]
        when d.slip_id is not null then array(
          select s.bill_id from slip_bills s where s.customer_id = d.customer_id and s.slip_id = d.slip_id)
        when d.card_payment_id is not null then array(
          select p.bill_id from card_payment_bills p
          where p.customer_id = d.customer_id and p.card_payment_id = d.card_payment_id)
      end as "billIds"
    from unnest(${[...customerIds]}::uuid[]) as w (customer_id)
    cross join lateral (select * from deposits where customer_id = w.customer_id and ended_at is null offset 0) d
    cross join lateral (select charge_day from deposit_days where deposit_id = d.id offset 0) t`.execute(db)
  return rows
}

const listSums = async (db: Db, customerIds: readonly string[]): Promise<readonly Of<LedgerSum>[]> => {
  const { rows } = await sql<Of<LedgerSum>>`
    select l.customer_id as "customerId", l.deposit_id as "depositId", l.account, l.bill_id as "billId",
      sum(l.fee)::bigint as fee, sum(l.late_charge)::bigint as "lateCharge", sum(l.principal)::bigint as principal,
      sum(l.amount)::bigint as amount
    from unnest(${[...customerIds]}::uuid[]) as w (customer_id)
    cross join lateral (select * from ledger_lines where customer_id = w.customer_id offset 0) l
    group by l.customer_id, l.deposit_id, l.account, l.bill_id`.execute(db)
  return rows
}

/** Adds lines, and puts them before the feed of the core system. */
export const insertLines = async (tx: Db, lines: readonly Of<LedgerSum>[], now: Date): Promise<void> => {
  if (lines.length === 0) return
  await sql`
    with line as (
      insert into ledger_lines
        (customer_id, id, deposit_id, bill_id, account, fee, late_charge, principal, amount, at)
      select "customerId", id, "depositId", "billId", account, fee, "lateCharge", principal, amount, ${now}::timestamptz
      from jsonb_to_recordset(${JSON.stringify(lines.map((line) => ({ ...line, id: newId(now) })))}::jsonb) as l
        ("customerId" uuid, id uuid, "depositId" uuid, "billId" uuid, account text, fee bigint, "lateCharge" bigint,
          principal bigint, amount bigint)
      returning customer_id, id
    )
    insert into ledger_feed_waiting (customer_id, line_id) select customer_id, id from line`.execute(tx)
}
