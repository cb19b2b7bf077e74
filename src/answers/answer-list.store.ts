import { type Db, sql } from '#platform/database/database'
import type { Day } from '#values/day'
import type { Yen } from '#values/yen'
import type { ConsultationDetails, CurrentAnswer, PaidDetails } from './answer.rules.ts'

/** One version of an answer, as it was given. */
export type ListedAnswer = {
  readonly customerId: string
  readonly caseId: string
  readonly answerId: string
  readonly version: number
  readonly kind: CurrentAnswer['kind']
  readonly promisedDay: Day | null
  readonly details: PaidDetails & ConsultationDetails
  readonly answeredAt: Date
  readonly answeredBy: string
  readonly receiptNumber: string
  /** What its bills came to. */
  readonly total: Yen
  /** No later version has taken its place. */
  readonly isCurrent: boolean
}

/** Where a list of answers goes on. */
export type AnswerPlace = Pick<ListedAnswer, 'answeredAt' | 'customerId' | 'answerId' | 'version'>

export type AnswersAsked = {
  readonly kind?: CurrentAnswer['kind'] | undefined
  readonly from: Date
  readonly until: Date
  readonly after?: AnswerPlace | undefined
  readonly limit: number
}

/** What was answered from one instant to another, the latest first. */
export const listAnswers = async (
  db: Db,
  { kind, from, until, after, limit }: AnswersAsked,
): Promise<readonly ListedAnswer[]> => {
  const { rows } = await sql<ListedAnswer>`
    select v.customer_id as "customerId", a.case_id as "caseId", v.answer_id as "answerId", v.version, v.kind,
      v.promised_day as "promisedDay", v.details, v.answered_at as "answeredAt", v.answered_by as "answeredBy",
      v.receipt_number as "receiptNumber",
      (
        select coalesce(sum(b.amount), 0)::bigint from answer_bills b
        where b.customer_id = v.customer_id and b.answer_id = v.answer_id and b.version = v.version
      ) as total,
      not exists (
        select from answer_versions l
        where l.customer_id = v.customer_id and l.answer_id = v.answer_id and l.version > v.version
      ) as "isCurrent"
    from (
      select * from answer_versions
      where answered_at >= ${from} and answered_at < ${until}
        ${kind === undefined ? sql`` : sql`and kind = ${kind}`}
        ${after === undefined ? sql`` : isBefore(after)}
      order by answered_at desc, customer_id desc, answer_id desc, version desc
      limit ${limit}
    ) v
    join answers a on a.customer_id = v.customer_id and a.id = v.answer_id
    order by v.answered_at desc, v.customer_id desc, v.answer_id desc, v.version desc`.execute(db)
  return rows
}

const isBefore = ({ answeredAt, customerId, answerId, version }: AnswerPlace) => sql`
  and (answered_at, customer_id, answer_id, version)
    < (${answeredAt}::timestamptz, ${customerId}::uuid, ${answerId}::uuid, ${version}::int)`

/** How many versions of each kind there are from one instant to another, each counted no further than `max`. */
export const countAnswers = async (
  db: Db,
  { from, until }: Pick<AnswersAsked, 'from' | 'until'>,
  max: number,
): Promise<Readonly<Record<CurrentAnswer['kind'], number>>> => {
  const counted = (kind: CurrentAnswer['kind']) => sql`(
    select count(*)::int from (
      select from answer_versions
      where kind = ${kind} and answered_at >= ${from} and answered_at < ${until} limit ${max}
    ) counted
  )`
  const { rows } = await sql<Record<CurrentAnswer['kind'], number>>`
    select ${counted('already-paid')} as "already-paid", ${counted('promise')} as promise,
      ${counted('consultation')} as consultation, ${counted('cancelled')} as cancelled`.execute(db)
  return rows[0] ?? { 'already-paid': 0, promise: 0, consultation: 0, cancelled: 0 }
}
