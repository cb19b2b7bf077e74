import { arrivingColumns } from '#payments'
import { copyFrom, type Db, sql, type Transaction } from '#platform/database/database'
import type { DepositHeader } from './deposit-header.format.ts'

export function copyArriving(tx: Transaction, rows: AsyncIterable<Buffer | string>): Promise<number> {
  return copyFrom(tx, `copy arriving_deposits (${arrivingColumns.join(', ')}) from stdin`, rows)
}

/**
 * Lines that are equal in everything are as many payments: the second one of a file is the second one of every file that
 * tells of that account and day.
 */
export async function numberRepeats(tx: Transaction): Promise<void> {
  await sql`
    with repeated as (select line_key from arriving_deposits group by line_key having count(*) > 1),
    numbered as (
      select a.record, row_number() over (partition by line_key order by a.record) as nth
      from arriving_deposits a join repeated using (line_key)
    )
    update arriving_deposits a set line_key = a.line_key || '#' || n.nth, reversal_key = a.reversal_key || '#' || n.nth
    from numbered n where a.record = n.record and n.nth > 1`.execute(tx)
}

export interface Repeats {
  /** Left out, for they say nothing new. */
  readonly count: number
  readonly amount: number
  /** Lines that say of one payment something else than an earlier line. */
  readonly contradictions: readonly { readonly record: number; readonly first: number }[]
}

/** An agent's slip is paid once in a minute: the same act told twice is told twice, not done twice. */
export async function dropRepeats(tx: Transaction): Promise<Repeats> {
  const { rows } = await sql<{ record: number; first: number; amount: number; differs: boolean }>`
    with told as (
      select record, amount, row_number() over same as nth, first_value(record) over same as first,
        first_value(amount) over same as first_amount
      from arriving_deposits window same as (partition by line_key, act order by record)
    ),
    dropped as (
      delete from arriving_deposits a using told t where a.record = t.record and t.nth > 1 returning a.record
    )
    select t.record, t.first, t.amount, t.amount <> t.first_amount as differs
    from told t join dropped using (record) order by t.record`.execute(tx)
  const [contradictions, same] = [rows.filter(({ differs }) => differs), rows.filter(({ differs }) => !differs)]
  return { count: same.length, amount: same.reduce((sum, { amount }) => sum + amount, 0), contradictions }
}

export async function insertDepositHeaders(
  tx: Transaction,
  importId: string,
  headers: readonly DepositHeader[],
): Promise<void> {
  if (headers.length === 0) return
  await tx
    .insertInto('deposit_headers')
    .values(
      headers.map(({ number, typeCode, account, from, to }) => ({
        import_id: importId,
        number,
        type_code: typeCode,
        account,
        from_day: from,
        to_day: to,
      })),
    )
    .execute()
}

/** The import of exactly these records that is in force. */
export async function findDepositsImport(db: Db, contentHash: Buffer): Promise<string | undefined> {
  const row = await db
    .selectFrom('imports')
    .select('id')
    .where('kind', '=', 'deposits')
    .where('content_hash', '=', contentHash)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  return row?.id
}

/** Imports in force of the other kind of file for one of these accounts and some of its days. */
export async function listOtherKind(db: Db, headers: readonly DepositHeader[]): Promise<readonly string[]> {
  if (headers.length === 0) return []
  const { rows } = await sql<{ import_id: string }>`
    select distinct h.import_id
    from deposit_headers h
    join imports i on i.id = h.import_id and i.ended_at is null
    join jsonb_to_recordset(${JSON.stringify(headers)}::jsonb) as n
      (account text, "typeCode" text, "from" date, "to" date)
      on h.account = n.account and h.type_code <> n."typeCode" and h.from_day <= n."to" and h.to_day >= n."from"
    order by h.import_id`.execute(db)
  return rows.map((row) => row.import_id)
}

/** Whether some customer's own account is, or can be, at this branch. */
export async function hasVirtualAccounts(db: Db, { bankCode, branchCode }: DepositHeader): Promise<boolean> {
  const row = await db
    .selectFrom('virtual_accounts')
    .select('account_number')
    .where('bank_code', '=', bankCode)
    .where('branch_code', '=', branchCode)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}
