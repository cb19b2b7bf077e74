import { type Db, sql } from '#platform/database/database'

/** Customers of the import's deposits on which nothing is written yet. */
export const listUnsettledCustomers = async (tx: Db, importId: string): Promise<readonly string[]> => {
  const { rows } = await sql<{ customerId: string }>`
    select distinct d.customer_id as "customerId"
    from deposits d
    where d.import_id = ${importId} and d.customer_id is not null and d.ended_at is null
      and not exists (select from ledger_lines l where l.deposit_id = d.id)`.execute(tx)
  return rows.map(({ customerId }) => customerId)
}

/** Customers whom this import of debits billed, and of whom money is here. */
export const listPayersBilled = async (tx: Db, importId: string): Promise<readonly string[]> => {
  const { rows } = await sql<{ customerId: string }>`
    select distinct b.customer_id as "customerId"
    from bills b join deposits d on d.customer_id = b.customer_id and d.ended_at is null
    where b.import_id = ${importId}`.execute(tx)
  return rows.map(({ customerId }) => customerId)
}
