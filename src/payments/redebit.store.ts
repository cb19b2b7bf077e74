import { listOpenBills } from '#bills'
import type { Creditor } from '#creditor'
import { type Db, sql } from '#platform/database/database'
import type { Day } from '#values/day'
import type { RedebitFacts } from './redebit.rules.ts'

/** What the re-debit rules ask about the open bills of these customers; nothing is looked up when no day is planned. */
export const listRedebitFacts = async (
  db: Db,
  customerIds: readonly string[],
  { products, redebits }: Pick<Creditor, 'products' | 'redebits'>,
): Promise<readonly RedebitFacts[]> => {
  const days = redebits?.days.map(({ day }) => day) ?? []
  if (days.length === 0 || customerIds.length === 0) return []
  const bills = await listOpenBills(db, customerIds, products)
  const results = await listResults(db, customerIds, days)
  return bills.map(({ customerId, caseId, billId, product, dueDay }) => ({
    customerId,
    caseId,
    billId,
    product,
    dueDay,
    resultsOn: results.get(billId) ?? [],
  }))
}

/** By open bill: the days of which a result is in force for the 委託者コード and the account that its own debit was for. */
const listResults = async (
  db: Db,
  customerIds: readonly string[],
  days: readonly string[],
): Promise<ReadonlyMap<string, readonly Day[]>> => {
  const { rows } = await sql<{ billId: string; resultsOn: readonly Day[] }>`
    select b.id as "billId", array_agg(distinct r.debit_day)::text[] as "resultsOn"
    from open_bills b
    join debits d on d.import_id = b.import_id and d.record = b.record
    join debit_headers h on h.import_id = d.import_id and h.number = d.header
    join debit_headers r on r.originator_code = h.originator_code and r.debit_day = any(${[...days]}::date[])
      and (r.bank_code, r.branch_code, r.account_type, r.account_number)
        = (h.bank_code, h.branch_code, h.account_type, h.account_number)
    join imports i on i.id = r.import_id and i.ended_at is null
    where b.customer_id = any(${[...customerIds]}::uuid[])
    group by b.id`.execute(db)
  return new Map(rows.map(({ billId, resultsOn }) => [billId, resultsOn]))
}
