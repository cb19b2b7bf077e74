import type { BillKey } from '#bills'
import { type Db, sql } from '#platform/database/database'

/** Whose deposits in force came with this import. */
export const listPaidBy = async (db: Db, importId: string): Promise<readonly string[]> => {
  const { rows } = await sql<{ customerId: string }>`
    select distinct customer_id as "customerId" from deposits
    where import_id = ${importId} and ended_at is null and customer_id is not null`.execute(db)
  return rows.map(({ customerId }) => customerId)
}

/** Bills that this import settled when there was no ledger yet. */
export const listSettledWithoutLines = async (db: Db, importId: string): Promise<readonly BillKey[]> => {
  const { rows } = await sql<BillKey>`
    select e.customer_id as "customerId", e.bill_id as "billId" from bill_endings e
    where e.import_id = ${importId} and e.how = 'settled'
      and not exists (select from ledger_lines l where l.customer_id = e.customer_id and l.bill_id = e.bill_id)`.execute(
    db,
  )
  return rows
}

export const endDeposits = async (tx: Db, importId: string, now: Date): Promise<void> => {
  await sql`
    update deposits set ended_at = ${now}, ended_how = 'undone', ended_by_import = ${importId}
    where import_id = ${importId} and ended_at is null`.execute(tx)
}

export const countOpen = async (db: Db, bills: readonly BillKey[]): Promise<number> => {
  if (bills.length === 0) return 0
  const { rows } = await sql<{ open: number }>`
    select count(*)::integer as open
    from unnest(${bills.map(({ customerId }) => customerId)}::uuid[], ${bills.map(({ billId }) => billId)}::uuid[])
      as key (customer_id, bill_id)
    join open_bills b on b.customer_id = key.customer_id and b.id = key.bill_id`.execute(db)
  return rows[0]?.open ?? 0
}
