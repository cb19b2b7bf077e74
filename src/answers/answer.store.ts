import { listOpenBills } from '#bills'
import type { Creditor } from '#creditor'
import { type Db, sql, type Transaction } from '#platform/database/database'
import type { AnswerFacts, CurrentAnswer } from './answer.rules.ts'
import { listHolds } from './hold.store.ts'

/**
 * Everything that decides whether these customers may answer. Their open cases stay locked until the transaction ends,
 * so that two answers, a hold or a notice on its way out come one after the other.
 */
export const lockAnswerFacts = async (
  tx: Transaction,
  customerIds: readonly string[],
  products: Creditor['products'],
): Promise<AnswerFacts> => {
  await lockOpenCases(tx, customerIds)
  return getAnswerFacts(tx, customerIds, products)
}

/** The same for a page that only shows. */
export const getAnswerFacts = async (
  db: Db,
  customerIds: readonly string[],
  products: Creditor['products'],
): Promise<AnswerFacts> => ({
  bills: await listOpenBills(db, customerIds, products),
  holds: (await listHolds(db, customerIds)).map(({ reason }) => reason),
  answers: await listCurrentAnswers(db, customerIds),
})

/** In one order everywhere, so that nobody waits in a circle; an import that adds bills to a case is not waited for. */
export const lockOpenCases = async (tx: Transaction, customerIds: readonly string[]): Promise<void> => {
  await sql`
    select from cases where customer_id = any(${[...customerIds]}::uuid[]) and closed_at is null
    order by customer_id, id for no key update`.execute(tx)
}

/** What counts now in each case of these customers that was ever answered: the latest first. */
export const listCurrentAnswers = async (db: Db, customerIds: readonly string[]): Promise<readonly CurrentAnswer[]> => {
  const { rows } = await sql<CurrentAnswer>`
    select a.customer_id as "customerId", a.case_id as "caseId", a.id as "answerId", v.version, v.kind,
      v.answered_at as "answeredAt", v.receipt_number as "receiptNumber", v.quiet_until as "quietUntil",
      (
        select json_build_object('version', p.version, 'day', p.promised_day, 'lastOfferedDay', p.last_offered_day,
          'quietUntil', p.quiet_until, 'receiptNumber', p.receipt_number, 'state', coalesce(o.outcome, 'pending'))
        from answer_versions p
        left join promise_outcomes o using (customer_id, answer_id, version)
        where p.customer_id = a.customer_id and p.answer_id = a.id and p.kind = 'promise'
        order by p.version desc limit 1
      ) as promise,
      (
        select count(*)::int from promise_outcomes o
        where o.customer_id = a.customer_id and o.answer_id = a.id and o.outcome = 'broken'
      ) as "brokenCount"
    from answers a
    cross join lateral (
      select * from answer_versions l where l.customer_id = a.customer_id and l.answer_id = a.id
      order by l.version desc limit 1
    ) v
    where a.customer_id = any(${[...customerIds]}::uuid[])
    order by v.answered_at desc, a.id desc`.execute(db)
  return rows
}
