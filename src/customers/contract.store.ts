import type { Db } from '#platform/database/database'

export type Contract = {
  readonly customerId: string
  readonly id: string
  readonly contractNumber: string
  /** Key of a product in the creditor's file. */
  readonly product: string
  readonly excluded: boolean
}

export async function listContracts(db: Db, customerIds: readonly string[]): Promise<readonly Contract[]> {
  if (customerIds.length === 0) return []
  const rows = await db
    .selectFrom('contracts')
    .select(['customer_id', 'id', 'contract_number', 'product', 'excluded'])
    .where('customer_id', 'in', [...customerIds])
    .orderBy('contract_number')
    .execute()
  return rows.map((row) => ({
    customerId: row.customer_id,
    id: row.id,
    contractNumber: row.contract_number,
    product: row.product,
    excluded: row.excluded,
  }))
}
