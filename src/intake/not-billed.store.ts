import { type Db, sql } from '#platform/database/database'
import { type DebitOutcome, reportedOutcomes } from './debit-outcome.rules.ts'

/** A debit that leads to no bill, or whose money nobody could place, and why. */
export interface NotBilled {
  /** In the file; the line, when it has line breaks. */
  readonly record: number
  /** 顧客番号 without outer spaces. */
  readonly customerNumber: string
  readonly amount: number
  readonly resultCode: string
  readonly outcome: DebitOutcome
  /** The 顧客番号 of everybody it could have been. */
  readonly candidates: readonly string[]
}

/** In the order of the file, from page to page. */
export async function* listNotBilled(db: Db, importId: string): AsyncIterable<NotBilled> {
  for (let after = 0; ; ) {
    const page = await listNotBilledAfter(db, importId, { after, limit: rowsPerPage })
    yield* page
    const last = page.at(-1)
    if (last === undefined || page.length < rowsPerPage) return
    after = last.record
  }
}

const rowsPerPage = 1_000

/** Those that come after that record. */
export async function listNotBilledAfter(
  db: Db,
  importId: string,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<readonly NotBilled[]> {
  const rows = await db
    .selectFrom('debits as d')
    .select(['record', sql<string>`btrim(customer_number)`.as('number'), 'amount', 'result_code', 'outcome'])
    .select(
      sql<string[] | null>`
        (select array_agg(c.customer_number order by c.customer_number) from customers c where c.id = any(d.candidates))
      `.as('candidates'),
    )
    .where('import_id', '=', importId)
    .where('outcome', 'in', reportedOutcomes)
    .where('record', '>', after)
    .orderBy('record')
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    record: row.record,
    customerNumber: row.number,
    amount: row.amount,
    resultCode: row.result_code,
    outcome: row.outcome as DebitOutcome,
    candidates: row.candidates ?? [],
  }))
}
