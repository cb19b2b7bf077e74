import { type HoldReason, listHolds } from '#answers'
import { isOutsideService } from '#bills'
import type { Creditor } from '#creditor'
import { countNoticesSent } from '#messages'
import { listRedebitFacts } from '#payments'
import { type Db, sql } from '#platform/database/database'
import { type Day, dayInJst } from '#values/day'
import type { BillFacts, ContactFacts } from './contact.rules.ts'

export type AskedCase = {
  readonly customerId: string
  readonly caseId: string
  readonly phoneValue: Buffer
  /** The notice in question, if there is one already: it does not count against itself. */
  readonly messageId?: string
}

/** By case: everything the contact rules ask about, as it stands now. The text's problems are the caller's to add. */
export const listContactFacts = async (
  db: Db,
  cases: readonly AskedCase[],
  creditor: Pick<Creditor, 'products' | 'redebits'>,
  now: Date,
): Promise<ReadonlyMap<string, Omit<ContactFacts, 'textProblems'>>> => {
  const customerIds = [...new Set(cases.map(({ customerId }) => customerId))]
  const [billFacts, allHolds, quiet, redebitFacts, sent] = await Promise.all([
    listBillFacts(db, customerIds, creditor.products),
    listHolds(db, customerIds),
    listQuietDays(db, customerIds, dayInJst(now)),
    listRedebitFacts(db, customerIds, creditor),
    countNoticesSent(db, cases, now),
  ])
  const bills = Map.groupBy(billFacts, ({ caseId }) => caseId)
  const holds = Map.groupBy(allHolds, ({ customerId }) => customerId)
  const redebits = Map.groupBy(redebitFacts, ({ caseId }) => caseId)
  return new Map(
    cases.map(({ customerId, caseId }) => [
      caseId,
      {
        bills: (bills.get(caseId) ?? []).map(({ bill }) => bill),
        holds: (holds.get(customerId) ?? []).map(({ reason }): HoldReason => reason),
        promiseQuietUntil: quiet.get(customerId)?.promise ?? null,
        told: quiet.get(customerId)?.told ?? null,
        redebits: redebits.get(caseId) ?? [],
        sent: sent.get(caseId) ?? { today: 0, in7Days: 0, inCase: 0, todayOnPhone: 0, in7DaysOnPhone: 0 },
      },
    ]),
  )
}

/** Every bill these customers ever had here, with what the rules ask about it. */
export const listBillFacts = async (
  db: Db,
  customerIds: readonly string[],
  products: Creditor['products'],
): Promise<readonly { readonly customerId: string; readonly caseId: string; readonly bill: BillFacts }[]> => {
  type Row = Omit<BillFacts, 'isOutsideService'> & Parameters<typeof isOutsideService>[0]
  const { rows } = await sql<Row & { customerId: string; caseId: string }>`
    select b.customer_id as "customerId", b.case_id as "caseId", coalesce(k.product, b.product) as product,
      d.result_code as "resultCode", e.how as ended, coalesce(k.excluded, false) as "isExcluded",
      case when k.id is null then (
        select coalesce(json_agg(json_build_object('product', o.product, 'excluded', o.excluded)), '[]')
        from contracts o where o.customer_id = b.customer_id
      ) else '[]' end as contracts
    from bills b
    join debits d on d.import_id = b.import_id and d.record = b.record
    left join contracts k on k.customer_id = b.customer_id and k.id = b.contract_id
    left join bill_endings e on e.customer_id = b.customer_id and e.bill_id = b.id
    where b.customer_id = any(${[...customerIds]}::uuid[])
    order by b.due_day, b.id`.execute(db)
  return rows.map((row) => ({
    customerId: row.customerId,
    caseId: row.caseId,
    bill: {
      product: row.product,
      resultCode: row.resultCode,
      ended: row.ended,
      isOutsideService: isOutsideService(row, products),
    },
  }))
}

type Quiet = { readonly promise: Day | null; readonly told: ContactFacts['told'] }

/**
 * By customer: how long nothing is sent because of what they answered, in whichever case. A promise counts while it is
 * live and, when it broke, through the day on which it was judged; one that was moved, kept or cancelled does not.
 */
const listQuietDays = async (
  db: Db,
  customerIds: readonly string[],
  today: Day,
): Promise<ReadonlyMap<string, Quiet>> => {
  const { rows } = await sql<Quiet & { customerId: string }>`
    select v.customer_id as "customerId",
      max(v.quiet_until) filter (where l.version = v.version or o.outcome = 'broken') as promise,
      (
        jsonb_agg(jsonb_build_object('kind', v.kind, 'quietUntil', v.quiet_until) order by v.quiet_until desc)
        filter (where v.kind in ('already-paid', 'consultation'))
      ) -> 0 as told
    from answer_versions v
    left join live_promises l on l.customer_id = v.customer_id and l.answer_id = v.answer_id
    left join promise_outcomes o
      on o.customer_id = v.customer_id and o.answer_id = v.answer_id and o.version = v.version
    where v.customer_id = any(${[...customerIds]}::uuid[]) and v.quiet_until >= ${today}
    group by v.customer_id`.execute(db)
  return new Map(rows.map(({ customerId, ...quiet }) => [customerId, quiet]))
}
