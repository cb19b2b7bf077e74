import type { Creditor } from '#creditor'
import { type Db, type RawBuilder, sql } from '#platform/database/database'
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
      ) else '[]' end as contracts,
      ${creditsOf(sql`b`)} as credits
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

/** What was paid of a bill, one credit for each deposit. */
const creditsOf = (bill: RawBuilder<unknown>) => sql`(
  select coalesce(json_agg(json_build_object('onDay', c.on_day, 'chargeDay', c.charge_day, 'fee', c.fee,
    'lateCharge', c.late_charge, 'principal', c.principal) order by c.on_day, c.deposit_id), '[]')
  from bill_credits c where c.customer_id = ${bill}.customer_id and c.bill_id = ${bill}.id
)`
