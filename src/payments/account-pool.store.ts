import type { Creditor } from '#creditor'
import { type Db, sql, type Transaction } from '#platform/database/database'

type Pool = NonNullable<Creditor['virtualAccounts']>

/** Counted, for an import that began earlier may be there later. */
export const countImports = async (db: Db): Promise<number> => {
  const { rows } = await sql<{ imports: number }>`select count(*) as imports from imports`.execute(db)
  return rows[0]?.imports ?? 0
}

/** Whether the pool has one left that the creditor's file can name. */
export const hasFreeAccounts = async (db: Db, pool: Pool): Promise<boolean> => {
  const { rows } = await sql`
    select from virtual_accounts
    where customer_id is null and bank_code = ${pool.bankCode} and branch_code = any(${branchesOf(pool)})
    limit 1`.execute(db)
  return rows.length > 0
}

/** The lowest numbers to those who have waited longest. */
export const assignFreeAccounts = async (
  tx: Transaction,
  pool: Pool,
  { now, countMax }: { readonly now: Date; readonly countMax: number },
): Promise<readonly { readonly customerId: string; readonly branchCode: string }[]> => {
  const { rows } = await sql<{ customerId: string; branchCode: string }>`
    with waiting as (
      select customer_id, row_number() over (order by id) as place from (
        select c.customer_id, c.id from cases c
        where c.closed_at is null
          and not exists (select from virtual_accounts v where v.customer_id = c.customer_id)
        order by c.id limit ${countMax}
      ) w
    ),
    free as (
      select bank_code, branch_code, account_number,
        row_number() over (order by bank_code, branch_code, account_number) as place
      from (
        select bank_code, branch_code, account_number from virtual_accounts
        where customer_id is null and bank_code = ${pool.bankCode} and branch_code = any(${branchesOf(pool)})
        order by 1, 2, 3 limit ${countMax} for update
      ) f
    )
    update virtual_accounts v
    set customer_id = w.customer_id, assigned_at = ${now}::timestamptz, assigned_how = 'pool'
    from free f join waiting w using (place)
    where v.bank_code = f.bank_code and v.branch_code = f.branch_code and v.account_number = f.account_number
    returning v.customer_id as "customerId", v.branch_code as "branchCode"`.execute(tx)
  return rows
}

const branchesOf = ({ branches }: Pool): readonly string[] => Object.keys(branches)
