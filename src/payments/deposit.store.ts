import { type Db, sql } from '#platform/database/database'
import type { Day } from '#values/day'
import type { Yen } from '#values/yen'
import type { Unmatched } from './match.rules.ts'

/** Money that came in, as it stands now. */
export type Deposit = {
  readonly id: string
  /** The file that told of it, and where in it. A provider's notice has neither. */
  readonly importId: string | null
  readonly record: number | null
  readonly channel: 'transfer' | 'convenience-store' | 'pay-easy' | 'card' | 'debit'
  readonly amount: Yen
  readonly onDay: Day
  readonly account: string | null
  readonly reference: string | null
  readonly isFinal: boolean
  readonly receivedAt: Date
  readonly customerId: string | null
  readonly customerNumber: string | null
  readonly how: string | null
  readonly certainty: 'certain' | 'probable' | null
  readonly because: Unmatched | null
  readonly endedAt: Date | null
  readonly endedHow: 'reversed' | 'refunded' | 'undone' | null
}

export const findDeposit = async (db: Db, id: string): Promise<Deposit | undefined> =>
  (await listDeposits(db, sql`where d.id = ${id}`))[0]

/** The same, and nobody else changes whose it is until the transaction ends. */
export const lockDeposit = async (tx: Db, id: string): Promise<Deposit | undefined> =>
  (await listDeposits(tx, sql`where d.id = ${id} for no key update of d`))[0]

/** Where a list of deposits goes on. */
export type DepositPlace = Pick<Deposit, 'onDay' | 'id'>

export type DepositsAsked = {
  readonly channel?: Deposit['channel'] | undefined
  readonly after?: DepositPlace | undefined
  readonly limit: number
}

/** Money that waits for a person, the oldest first. */
export const listUnmatched = (db: Db, { channel, after, limit }: DepositsAsked): Promise<readonly Deposit[]> =>
  listDeposits(
    db,
    sql`where d.customer_id is null and d.ended_at is null
        ${channel === undefined ? sql`` : sql`and d.channel = ${channel}`}
        ${after ? sql`and (d.on_day, d.id) > (${after.onDay}::date, ${after.id}::uuid)` : sql``}
      order by d.on_day, d.id limit ${limit}`,
  )

/** Money that a person has given to a customer, the latest first. */
export const listMatchedByPerson = (db: Db, { channel, after, limit }: DepositsAsked): Promise<readonly Deposit[]> =>
  listDeposits(
    db,
    sql`where d.matched_how = 'person' and d.ended_at is null
        ${channel === undefined ? sql`` : sql`and d.channel = ${channel}`}
        ${after ? sql`and (d.on_day, d.id) < (${after.onDay}::date, ${after.id}::uuid)` : sql``}
      order by d.on_day desc, d.id desc limit ${limit}`,
  )

/** How much money waits for a person, counted no further than `max` deposits. */
export const countUnmatched = async (
  db: Db,
  max: number,
): Promise<{ readonly count: number; readonly amount: number }> => {
  const { rows } = await sql<{ count: number; amount: number }>`
    select count(*)::int as count, coalesce(sum(amount), 0)::bigint as amount from (
      select amount from deposits where customer_id is null and ended_at is null order by on_day, id limit ${max}
    ) waiting`.execute(db)
  return rows[0] ?? { count: 0, amount: 0 }
}

const listDeposits = async (db: Db, which: ReturnType<typeof sql>): Promise<readonly Deposit[]> => {
  const { rows } = await sql<Deposit>`
    select d.id, d.import_id as "importId", d.record, d.channel, d.amount, d.on_day as "onDay", d.account, d.reference,
      d.is_final as "isFinal", d.received_at as "receivedAt", d.customer_id as "customerId",
      c.customer_number as "customerNumber", d.matched_how as how, d.certainty, d.unmatched_because as because,
      d.ended_at as "endedAt", d.ended_how as "endedHow"
    from deposits d left join customers c on c.id = d.customer_id
    ${which}`.execute(db)
  return rows
}

export type DepositUse = {
  readonly account: 'bill' | 'surplus' | 'refund'
  readonly dueDay: Day | null
  readonly contractNumber: string | null
  readonly fee: number
  readonly lateCharge: number
  readonly principal: number
  readonly amount: number
}

/** What it was put on, line by line, in the order in which that was written. */
export const listUses = async (db: Db, depositId: string): Promise<readonly DepositUse[]> => {
  const { rows } = await sql<DepositUse>`
    select l.account, b.due_day as "dueDay", k.contract_number as "contractNumber", l.fee, l.late_charge as "lateCharge",
      l.principal, l.amount
    from ledger_lines l
    left join bills b on b.customer_id = l.customer_id and b.id = l.bill_id
    left join contracts k on k.customer_id = b.customer_id and k.id = b.contract_id
    where l.deposit_id = ${depositId}
    order by l.at, l.id`.execute(db)
  return rows
}

export type StrayReversal = {
  readonly importId: string
  readonly record: number
  readonly channel: Deposit['channel']
  readonly amount: Yen
  readonly onDay: Day
  readonly account: string | null
  readonly reference: string | null
}

/** Reversals of money that never came in: either its file is missing, or it was entered elsewhere. */
export const listStrayReversals = async (db: Db, limit: number): Promise<readonly StrayReversal[]> => {
  const { rows } = await sql<StrayReversal>`
    select s.import_id as "importId", s.record, s.channel, s.amount, s.on_day as "onDay", s.account, s.reference
    from reversals s join imports i on i.id = s.import_id and i.ended_at is null
    where s.deposit_id is null order by s.on_day, s.import_id, s.record limit ${limit}`.execute(db)
  return rows
}

/** A person says whose it is, and perhaps which bill it was meant for. */
export const markMatched = async (
  tx: Db,
  depositId: string,
  { customerId, billId }: { readonly customerId: string; readonly billId?: string | undefined },
): Promise<void> => {
  await sql`
    update deposits set customer_id = ${customerId}, bill_id = ${billId ?? null}, matched_how = 'person',
      certainty = 'certain', unmatched_because = null, candidates = null
    where id = ${depositId}`.execute(tx)
}

/** A person says that it is not theirs: nothing but a person gives it to anybody again. */
export const markTakenApart = async (tx: Db, depositId: string): Promise<void> => {
  await sql`
    update deposits set customer_id = null, slip_id = null, bill_id = null, matched_how = null, certainty = null,
      unmatched_because = 'taken-apart', candidates = null
    where id = ${depositId}`.execute(tx)
}

export const isRefunded = async (db: Db, depositId: string): Promise<boolean> => {
  const { rows } = await sql`
    select from ledger_lines where deposit_id = ${depositId} and account = 'refund'
    group by deposit_id having sum(amount) <> 0`.execute(db)
  return rows.length > 0
}
