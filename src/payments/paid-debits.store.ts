import { sql, type Transaction } from '#platform/database/database'

/** The columns of `paid_debits`: the successful debits of one result file that were for a bill of ours. */
export const createPaidDebits = async (tx: Transaction): Promise<void> => {
  await sql`
    create temp table paid_debits (
      record integer not null,
      customer_id uuid not null,
      bill_id uuid not null,
      amount bigint not null check (amount > 0),
      on_day date not null,
      -- 顧客番号 of the debit, without outer spaces.
      reference text not null,
      -- What makes it this debit, whichever import tells of it.
      line_key text not null
    ) on commit drop`.execute(tx)
}

/** What the bank has debited is money that came in: a deposit for its bill and nothing else, whether that is still open or not. */
export const insertPaidDebits = async (tx: Transaction, importId: string, now: Date): Promise<void> => {
  await sql`
    insert into deposits (id, import_id, record, channel, amount, on_day, reference, line_key, received_at, customer_id,
      bill_id, matched_how, certainty)
    select (${importId.slice(0, 24)}::text || lpad(to_hex(record), 12, '0'))::uuid, ${importId}::uuid, record, 'debit',
      amount, on_day, reference, line_key, ${now}::timestamptz, customer_id, bill_id, 'debit', 'certain'
    from paid_debits`.execute(tx)
}
