import { isOutsideService } from '#bills'
import type { Creditor } from '#creditor'
import { type Db, sql } from '#platform/database/database'
import type { Day } from '#values/day'
import { sumYen, type Yen, yen } from '#values/yen'

/** Money of a customer that is in force, and what it was put on. */
export type Received = {
  readonly depositId: string
  readonly onDay: Day
  readonly channel: 'transfer' | 'convenience-store' | 'pay-easy' | 'card' | 'debit'
  /** All that may be told of it: what went to a contract outside the service is left out. */
  readonly amount: Yen
  /** False while only an agent's 速報 speaks of it. */
  readonly isFinal: boolean
  readonly parts: readonly ReceivedPart[]
  /** More than is owed, still here; and what of it was given back. */
  readonly surplus: Yen
  readonly refunded: Yen
}

export type ReceivedPart = {
  readonly billId: string
  readonly customerId: string
  /** Null when the debit did not tell for which of several contracts it was. */
  readonly contractId: string | null
  readonly contractNumber: string | null
  readonly product: string | null
  readonly dueDay: Day
  readonly fee: Yen
  readonly lateCharge: Yen
  readonly principal: Yen
}

/** Nobody reads further back on a phone, and a page is one light request. */
const receivedMax = 20

/** The latest first. */
export const listReceived = async (
  db: Db,
  customerIds: readonly string[],
  products: Creditor['products'],
): Promise<readonly Received[]> => {
  const { rows } = await sql<Row>`
    select d.id as "depositId", d.on_day as "onDay", d.channel, d.is_final as "isFinal",
      (select coalesce(sum(l.amount), 0) from ledger_lines l where l.deposit_id = d.id and l.account = 'surplus')::bigint
        as surplus,
      (select coalesce(sum(l.amount), 0) from ledger_lines l where l.deposit_id = d.id and l.account = 'refund')::bigint
        as refunded,
      p.*
    from deposits d
    left join lateral (
      select b.id as "billId", b.customer_id as "customerId", k.id as "contractId",
        k.contract_number as "contractNumber", coalesce(k.product, b.product) as product, b.due_day as "dueDay",
        coalesce(k.excluded, false) as "isExcluded", t.fee, t."lateCharge", t.principal,
        case when k.id is null then (
          select coalesce(json_agg(json_build_object('product', o.product, 'excluded', o.excluded)), '[]')
          from contracts o where o.customer_id = b.customer_id
        ) else '[]' end as contracts
      from (
        select l.customer_id, l.bill_id, sum(l.fee)::bigint as fee, sum(l.late_charge)::bigint as "lateCharge",
          sum(l.principal)::bigint as principal
        from ledger_lines l where l.deposit_id = d.id and l.account = 'bill'
        group by l.customer_id, l.bill_id having sum(l.amount) <> 0
      ) t
      join bills b on b.customer_id = t.customer_id and b.id = t.bill_id
      left join contracts k on k.customer_id = b.customer_id and k.id = b.contract_id
    ) p on true
    where d.customer_id = any(${[...customerIds]}::uuid[]) and d.ended_at is null
    order by d.on_day desc, d.received_at desc, d.id, p."dueDay", p."billId"`.execute(db)
  return [...Map.groupBy(rows, ({ depositId }) => depositId).values()]
    .flatMap((of) => receivedOf(of, products))
    .slice(0, receivedMax)
}

type Row = Omit<Received, 'amount' | 'parts'> & (PartRow | { readonly billId: null })
type PartRow = ReceivedPart & Parameters<typeof isOutsideService>[0]

const receivedOf = (rows: readonly Row[], products: Creditor['products']): readonly Received[] => {
  const [first] = rows
  if (first === undefined) return []
  const { depositId, onDay, channel, isFinal, surplus, refunded } = first
  const parts = rows
    .filter((row) => row.billId !== null)
    .filter((row) => !isOutsideService(row, products))
    .map(({ billId, customerId, contractId, contractNumber, product, dueDay, fee, lateCharge, principal }) => ({
      ...{ billId, customerId, contractId, contractNumber, product, dueDay, fee, lateCharge, principal },
    }))
  const shown = parts.map((part) => yen(part.fee + part.lateCharge + part.principal))
  const amount = sumYen([...shown, surplus, refunded])
  return amount === 0 ? [] : [{ depositId, onDay, channel, isFinal, amount, parts, surplus, refunded }]
}
