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
    from deposits d
    join deposit_days t on t.deposit_id = d.id
    where d.customer_id = any(${[...customerIds]}::uuid[]) and d.ended_at is null`.execute(db)
  return rows
}

const listSums = async (db: Db, customerIds: readonly string[]): Promise<readonly Of<LedgerSum>[]> => {
  const { rows } = await sql<Of<LedgerSum>>`
    select customer_id as "customerId", deposit_id as "depositId", account, bill_id as "billId", sum(fee)::bigint as fee,
      sum(late_charge)::bigint as "lateCharge", sum(principal)::bigint as principal, sum(amount)::bigint as amount
    from ledger_lines where customer_id = any(${[...customerIds]}::uuid[])
    group by customer_id, deposit_id, account, bill_id`.execute(db)
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
