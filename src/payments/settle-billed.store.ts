import { type Db, sql } from '#platform/database/database'

/**
 * Customers of whom money is here that may pay a bill of this import of debits, or is on one. Money from before a bill was
 * due never pays it, so nearly nobody is among them.
 */
export const listPayersBilled = async (tx: Db, importId: string): Promise<readonly string[]> => {
  const { rows } = await sql<{ customerId: string }>`
    select b.customer_id as "customerId"
    from bills b join deposits d on d.customer_id = b.customer_id and d.on_day >= b.due_day and d.ended_at is null
    where b.import_id = ${importId}
    union
    select b.customer_id from bills b join ledger_lines l on l.customer_id = b.customer_id and l.bill_id = b.id
    where b.import_id = ${importId}`.execute(tx)
  return rows.map(({ customerId }) => customerId)
}
