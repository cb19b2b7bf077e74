import { type Db, sql } from '#platform/database/database'
import { newId } from '#platform/ids'
import type { Day } from '#values/day'
import type { CurrentAnswer } from './answer.rules.ts'

export type NewVersion = {
  readonly customerId: string
  readonly answerId: string
  readonly kind: CurrentAnswer['kind']
  readonly promisedDay: Day | null
  readonly lastOfferedDay: Day | null
  readonly quietUntil: Day | null
  readonly details: object
  readonly receiptNumber: string
  readonly bills: readonly { readonly billId: string; readonly amount: number }[]
}

/** The answer of that case, made when it has none yet. */
export const getAnswerId = async (
  tx: Db,
  { customerId, caseId }: { readonly customerId: string; readonly caseId: string },
  now: Date,
): Promise<string> => {
  await tx
    .insertInto('answers')
    .values({ customer_id: customerId, id: newId(now), case_id: caseId, first_answered_at: now })
    .onConflict((conflict) => conflict.columns(['customer_id', 'case_id']).doNothing())
    .execute()
  const { id } = await tx
    .selectFrom('answers')
    .select('id')
    .where('customer_id', '=', customerId)
    .where('case_id', '=', caseId)
    .executeTakeFirstOrThrow()
  return id
}

/** Adds a version with its bills and puts it before the feed. The case is locked by now, so the next number is free. */
export const insertVersion = async (tx: Db, version: NewVersion, answeredBy: string, now: Date): Promise<number> => {
  const { customerId, answerId, bills } = version
  const key = { customer_id: customerId, answer_id: answerId }
  const { number } = await tx
    .selectFrom('answer_versions')
    .select(sql<number>`coalesce(max(version), 0) + 1`.as('number'))
    .where('customer_id', '=', customerId)
    .where('answer_id', '=', answerId)
    .executeTakeFirstOrThrow()
  await tx
    .insertInto('answer_versions')
    .values({
      ...key,
      version: number,
      kind: version.kind,
      promised_day: version.promisedDay,
      last_offered_day: version.lastOfferedDay,
      quiet_until: version.quietUntil,
      details: JSON.stringify(version.details),
      answered_at: now,
      answered_by: answeredBy,
      receipt_number: version.receiptNumber,
    })
    .execute()
  if (bills.length > 0)
    await tx
      .insertInto('answer_bills')
      .values(bills.map(({ billId, amount }) => ({ ...key, version: number, bill_id: billId, amount })))
      .execute()
  await tx
    .insertInto('answer_feed_waiting')
    .values({ ...key, version: number })
    .execute()
  return number
}

/** The bills of a version with their amounts as they were. */
export const listVersionBills = async (
  tx: Db,
  of: { readonly customerId: string; readonly answerId: string; readonly version: number },
): Promise<readonly { readonly billId: string; readonly amount: number }[]> =>
  tx
    .selectFrom('answer_bills')
    .select(['bill_id as billId', 'amount'])
    .where('customer_id', '=', of.customerId)
    .where('answer_id', '=', of.answerId)
    .where('version', '=', of.version)
    .orderBy('bill_id')
    .execute()
