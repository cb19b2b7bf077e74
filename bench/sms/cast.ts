import { phoneValue } from '#customers'
import { type Database, sql } from '#platform/database/database'
import { newId } from '#platform/ids'
import type { Vault } from '#platform/vault/vault'
import { phone } from '#values/phone'
import { phoneOf, pieces } from './data.ts'

export type Customer = { readonly id: string; readonly caseId: string; readonly phoneValue: Buffer }

/**
 * `count` customers, each with a contract, a failed debit, an open case and one bill, so that all contact rules have
 * something to look at. Their names are never opened here; their numbers are sealed as an import seals them.
 */
export async function fillCustomers(
  db: Database,
  vault: Vault,
  { count, now, numbersFrom = 0 }: { readonly count: number; readonly now: Date; readonly numbersFrom?: number },
): Promise<readonly Customer[]> {
  const importId = newId(now)
  await sql`
    insert into imports (id, kind, content_hash, file_name, byte_count, record_count, received_on, imported_at, imported_by,
      report)
    values (${importId}, 'debits', ${Buffer.from(importId)}, 'debits.txt', 0, ${count}, '2026-11-25', ${now}, 'cli:bench', '{}')`.execute(
    db,
  )
  const customers: Customer[] = []
  for (const numbers of pieces(count, 5_000)) {
    const rows = numbers.map((n) => {
      const id = newId(now)
      const to = phone(`+${phoneOf(numbersFrom + n)}`)
      const { wrapped, key } = vault.newCustomerKey(id)
      const sealed = key.seal({ table: 'customers', column: 'mobile_number', row: id }, to)
      return {
        id,
        n: numbersFrom + n,
        wrapped,
        sealed,
        phoneValue: phoneValue(vault, to),
        caseId: newId(now),
        billId: newId(now),
        contractId: newId(now),
      }
    })
    const column = <T>(of: (row: (typeof rows)[number]) => T): readonly T[] => rows.map(of)
    const ids = sql`
      unnest(${column(({ id }) => id)}::uuid[], ${column(({ n }) => n)}::int[], ${column(({ caseId }) => caseId)}::uuid[],
        ${column(({ billId }) => billId)}::uuid[], ${column(({ contractId }) => contractId)}::uuid[])
      as q (id, n, case_id, bill_id, contract_id)`
    await sql`
      insert into customers (id, customer_number, customer_number_bare, data_key, person, mobile_number, phone_value, import_id,
        updated_at)
      select id, n::text, n::text, data_key, '', mobile_number, phone_value, ${importId}, ${now}
      from unnest(${column(({ id }) => id)}::uuid[], ${column(({ n }) => n)}::int[], ${column(({ wrapped }) => wrapped)}::bytea[],
        ${column(({ sealed }) => sealed)}::bytea[], ${column((row) => row.phoneValue)}::bytea[])
        as q (id, n, data_key, mobile_number, phone_value)`.execute(db)
    await sql`
      insert into contracts (customer_id, id, contract_number, product, excluded, import_id)
      select id, contract_id, 'K' || n, 'shopping', false, ${importId} from ${ids}`.execute(db)
    await sql`
      insert into debits (import_id, record, header, customer_number, amount, result_code, customer_id, contract_id, outcome)
      select ${importId}, n, 1, n::text, 12000, '1', id, contract_id, 'billed' from ${ids}`.execute(db)
    await sql`
      insert into cases (customer_id, id, opened_at, import_id) select id, case_id, ${now}, ${importId} from ${ids}`.execute(
      db,
    )
    await sql`
      insert into bills (customer_id, id, case_id, contract_id, product, debit_number, import_id, record, principal, due_day,
        billed_at)
      select id, bill_id, case_id, contract_id, 'shopping', n::text, ${importId}, n, 12000, '2026-11-24', ${now} from ${ids}`.execute(
      db,
    )
    for (const row of rows) customers.push({ id: row.id, caseId: row.caseId, phoneValue: row.phoneValue })
  }
  return customers
}
