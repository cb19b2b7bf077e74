import type { Creditor } from '#creditor'
import type { PayEasyNumbers } from '#customers'
import { type Db, sql } from '#platform/database/database'

/** What a Pay-easy payment asks for. The numbers are the creditor's; we only show them. */
export type PayEasy = PayEasyNumbers & {
  readonly customerId: string
  readonly contractNumber: string
  /** 収納機関 by name. */
  readonly institutionName: string
}

/** The numbers of contracts that have an open bill, as far as the creditor's file has them. */
export const listPayEasy = async (
  db: Db,
  { payEasy }: Creditor,
  customerIds: readonly string[],
): Promise<readonly PayEasy[]> => {
  if (payEasy === undefined) return []
  const { rows } = await sql<{ customerId: string; contractNumber: string; numbers: PayEasyNumbers }>`
    select customer_id as "customerId", contract_number as "contractNumber", pay_easy as numbers
    from contracts k
    where customer_id = any(${[...customerIds]}::uuid[]) and pay_easy is not null and not excluded
      and exists (select from open_bills b where b.customer_id = k.customer_id and b.contract_id = k.id)
    order by contract_number`.execute(db)
  const { institutionName } = payEasy
  return rows.map(({ numbers, ...contract }) => ({ ...contract, ...numbers, institutionName }))
}
