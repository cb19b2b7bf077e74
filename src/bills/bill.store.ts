import type { Creditor } from '#creditor'
import { type Db, sql } from '#platform/database/database'
import type { Day } from '#values/day'
import { isOutsideService, type OpenBill, type ServiceFacts } from './bill.rules.ts'

/** The open bills of these customers, oldest first; those outside the service are never among them. */
export const listOpenBills = async (
  db: Db,
  customerIds: readonly string[],
  products: Creditor['products'],
): Promise<readonly OpenBill[]> => {
  const { rows } = await sql<OpenBill & ServiceFacts>`
    select b.customer_id as "customerId", b.id as "billId", b.case_id as "caseId",
      k.contract_number as "contractNumber", coalesce(k.product, b.product) as product,
      b.principal, b.fee, b.due_day as "dueDay", coalesce(k.excluded, false) as "isExcluded",
      case when k.id is null then (
        select coalesce(json_agg(json_build_object('product', o.product, 'excluded', o.excluded)), '[]')
        from contracts o where o.customer_id = b.customer_id
      ) else '[]' end as contracts
    from open_bills b
    left join contracts k on k.customer_id = b.customer_id and k.id = b.contract_id
    where b.customer_id = any(${[...customerIds]}::uuid[])
    order by b.due_day, b.id`.execute(db)
  return rows
    .filter((row) => !isOutsideService(row, products))
    .map(({ isExcluded, contracts, ...bill }): OpenBill => bill)
}

/** The latest settlement of a bill that the service may show: what a read-only visit tells about. */
export const lastSettled = async (
  db: Db,
  customerIds: readonly string[],
  products: Creditor['products'],
): Promise<{ readonly onDay: Day; readonly settledAt: Date } | undefined> => {
  const { rows } = await sql<{ onDay: Day; settledAt: Date } & Omit<ServiceFacts, 'contracts'>>`
    select e.on_day as "onDay", e.ended_at as "settledAt", coalesce(k.product, b.product) as product,
      coalesce(k.excluded, false) as "isExcluded"
    from bill_endings e
    join bills b on b.customer_id = e.customer_id and b.id = e.bill_id
    left join contracts k on k.customer_id = b.customer_id and k.id = b.contract_id
    where e.customer_id = any(${[...customerIds]}::uuid[]) and e.how = 'settled'
    order by e.on_day desc, e.ended_at desc`.execute(db)
  const last = rows.find((row) => !isOutsideService({ ...row, contracts: [] }, products))
  return last && { onDay: last.onDay, settledAt: last.settledAt }
}

/**
 * Closes the open cases that this import left without an open bill: settled when money came for any of its bills,
 * else withdrawn.
 * @returns how many were closed.
 */
export const closeSettledCases = async (tx: Db, importId: string, now: Date): Promise<number> => {
  const { numAffectedRows } = await sql`
    update cases c set closed_at = ${now}, closed_because = case
      when exists (
        select from bills b join bill_endings e on e.customer_id = b.customer_id and e.bill_id = b.id
        where b.customer_id = c.customer_id and b.case_id = c.id and e.how = 'settled'
      ) then 'settled' else 'withdrawn' end
    where c.closed_at is null
      and c.customer_id in (select e.customer_id from bill_endings e where e.import_id = ${importId})
      and exists (select from bills b where b.customer_id = c.customer_id and b.case_id = c.id)
      and not exists (select from open_bills b where b.customer_id = c.customer_id and b.case_id = c.id)
  `.execute(tx)
  return Number(numAffectedRows ?? 0)
}
