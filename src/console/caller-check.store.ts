import { type Db, sql, type Transaction, withAdvisoryLock } from '#platform/database/database'
import { newId } from '#platform/ids'
import { dayInJst, instantOfJst } from '#values/day'
import type { CheckedField } from './caller-check.rules.ts'

/** How often it was asked, while nobody else asks about this customer or for this operator. */
export const countChecks = async (
  tx: Transaction,
  { customerId, by }: { readonly customerId: string; readonly by: string },
  now: Date,
): Promise<{ readonly ofCustomerToday: number; readonly ofOperatorThisHour: number }> => {
  await withAdvisoryLock(tx, `caller checks of ${customerId}`)
  await withAdvisoryLock(tx, `caller checks by ${by}`)
  const { rows } = await sql<{ ofCustomerToday: number; ofOperatorThisHour: number }>`
    select
      (select count(*)::int from caller_checks
        where customer_id = ${customerId} and checked_at >= ${instantOfJst(dayInJst(now), 0)}) as "ofCustomerToday",
      (select count(*)::int from caller_checks
        where checked_by = ${by} and checked_at > ${new Date(now.getTime() - 3_600_000)}) as "ofOperatorThisHour"`.execute(
    tx,
  )
  return rows[0] ?? { ofCustomerToday: 0, ofOperatorThisHour: 0 }
}

export const insertCheck = async (
  tx: Db,
  check: {
    readonly customerId: string
    readonly asked: readonly CheckedField[]
    readonly matched: readonly CheckedField[]
    readonly by: string
  },
  now: Date,
): Promise<string> => {
  const id = newId(now)
  await tx
    .insertInto('caller_checks')
    .values({
      customer_id: check.customerId,
      id,
      asked: [...check.asked],
      matched: [...check.matched],
      checked_at: now,
      checked_by: check.by,
    })
    .execute()
  return id
}

/** One check that this operator has just made. */
export const findCheck = async (
  db: Db,
  { customerId, id, by }: { readonly customerId: string; readonly id: string; readonly by: string },
): Promise<
  { readonly asked: readonly CheckedField[]; readonly matched: readonly CheckedField[]; readonly at: Date } | undefined
> => {
  const row = await db
    .selectFrom('caller_checks')
    .select(['asked', 'matched', 'checked_at'])
    .where('customer_id', '=', customerId)
    .where('id', '=', id)
    .where('checked_by', '=', by)
    .executeTakeFirst()
  return row && { asked: row.asked as CheckedField[], matched: row.matched as CheckedField[], at: row.checked_at }
}
