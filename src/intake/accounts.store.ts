import { copyFrom, type Db, sql, type Transaction } from '#platform/database/database'

/** The rows of one file, for as long as its transaction lasts. */
export async function createStagedAccounts(tx: Transaction): Promise<void> {
  await sql`
    create temp table staged_accounts (
      line integer not null,
      bank_code text not null,
      branch_code text not null,
      account_type text not null,
      account_number text not null
    ) on commit drop`.execute(tx)
}

export function copyStagedAccounts(tx: Transaction, rows: AsyncIterable<Buffer | string>): Promise<number> {
  return copyFrom(
    tx,
    'copy staged_accounts (line, bank_code, branch_code, account_type, account_number) from stdin',
    rows,
  )
}

/** The import of exactly this file. */
export async function findAccountsImport(db: Db, contentHash: Buffer): Promise<string | undefined> {
  const row = await db
    .selectFrom('imports')
    .select('id')
    .where('kind', '=', 'virtual-accounts')
    .where('content_hash', '=', contentHash)
    .limit(1)
    .executeTakeFirst()
  return row?.id
}

/** Adds what nobody knew. An account that is known stays what and whose it is. Answers with the number of new ones. */
export async function insertAccounts(tx: Transaction, importId: string): Promise<number> {
  const { numAffectedRows } = await sql`
    insert into virtual_accounts (bank_code, branch_code, account_number, account_type, import_id)
    select distinct on (bank_code, branch_code, account_number)
      bank_code, branch_code, account_number, account_type, ${importId}::uuid
    from staged_accounts order by bank_code, branch_code, account_number, line
    on conflict do nothing`.execute(tx)
  return Number(numAffectedRows ?? 0)
}

/** Why a row added nothing: an earlier row of the file has the account, the pool has it, or a customer has. */
export type NotAdded = 'twice-in-file' | 'known' | 'assigned'

export interface NotAddedRows {
  readonly because: NotAdded
  readonly count: number
  /** The first ones. */
  readonly lines: readonly number[]
}

/** After `insertAccounts`. */
export async function listNotAdded(
  tx: Transaction,
  importId: string,
  linesMax: number,
): Promise<readonly NotAddedRows[]> {
  const { rows } = await sql<NotAddedRows>`
    with judged as (
      select s.line, case
        when row_number() over (partition by bank_code, branch_code, account_number order by s.line) > 1
          then 'twice-in-file'
        when v.import_id = ${importId}::uuid then null
        when v.customer_id is not null then 'assigned'
        else 'known'
      end as because
      from staged_accounts s join virtual_accounts v using (bank_code, branch_code, account_number)
    )
    select because, count(*)::int as count, (array_agg(line order by line))[:${linesMax}::int] as lines
    from judged where because is not null group by because order by because`.execute(tx)
  return rows
}
