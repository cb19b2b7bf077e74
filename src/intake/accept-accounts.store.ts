import type { Creditor } from '#creditor'
import { virtualAccountsLock } from '#payments'
import { sql, type Transaction, withAdvisoryLock } from '#platform/database/database'

/**
 * A virtual account is one customer's for good, for the bank tells by it whose the money is. The lock keeps the sweep
 * that gives accounts out of the pool from giving one of these meanwhile.
 */
export async function rejectAccounts(tx: Transaction, { virtualAccounts }: Creditor): Promise<void> {
  if (virtualAccounts === undefined) return
  await withAdvisoryLock(tx, virtualAccountsLock)
  await sql`
    create temp table staged_accounts on commit drop as
    select row, customer_number, account_branch, account_number
    from staged_rows where reasons is null and account_number is not null`.execute(tx)
  await sql`
    insert into rejections
    select row, '仮想口座番号：このファイルに別の顧客の同じ口座があります'
      from staged_accounts where (account_branch, account_number) in (
        select account_branch, account_number from staged_accounts
        group by 1, 2 having min(customer_number) <> max(customer_number)
      )
    union all
    select row, '仮想口座番号：同じ顧客番号の行と異なります'
      from staged_accounts where customer_number in (
        select customer_number from staged_accounts
        group by 1 having min(account_branch || account_number) <> max(account_branch || account_number)
      )
    union all
    select s.row, '仮想口座番号：別の顧客の口座です'
      from staged_accounts s
      join virtual_accounts v on v.bank_code = ${virtualAccounts.bankCode} and v.branch_code = s.account_branch
        and v.account_number = s.account_number
      join customers c on c.id = v.customer_id and c.customer_number <> s.customer_number
    union all
    select s.row, '仮想口座番号：この顧客にはすでに別の口座があり、変更できません'
      from staged_accounts s
      join customers c on c.customer_number = s.customer_number
      join virtual_accounts v on v.customer_id = c.id
      where (v.bank_code, v.branch_code, v.account_number)
        <> (${virtualAccounts.bankCode}, s.account_branch, s.account_number)`.execute(tx)
}

/** @returns how many customers have an account who had none. */
export async function assignMasterAccounts(
  tx: Transaction,
  { virtualAccounts }: Creditor,
  { importId, now }: { readonly importId: string; readonly now: Date },
): Promise<number> {
  if (virtualAccounts === undefined) return 0
  const { numAffectedRows } = await sql`
    insert into virtual_accounts as v
      (bank_code, branch_code, account_number, account_type, import_id, customer_id, assigned_at, assigned_how)
    select distinct ${virtualAccounts.bankCode}, s.account_branch, s.account_number, '普通', ${importId}::uuid, c.id,
      ${now}::timestamptz, 'master'
    from staged_accounts s join customers c on c.customer_number = s.customer_number
    where s.row not in (select row from rejections)
    on conflict (bank_code, branch_code, account_number) do update
      set customer_id = excluded.customer_id, assigned_at = excluded.assigned_at, assigned_how = excluded.assigned_how
      where v.customer_id is null`.execute(tx)
  return Number(numAffectedRows ?? 0)
}
