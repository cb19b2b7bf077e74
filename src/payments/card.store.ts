import { type Db, sql, type Transaction } from '#platform/database/database'
import type { Day } from '#values/day'
import type { Yen } from '#values/yen'

export type CardPayment = {
  readonly customerId: string
  readonly id: string
  readonly provider: string
  /** Null until the provider has answered. */
  readonly providerId: string | null
  readonly amount: Yen
  /** The day whose late charge is in the amount. */
  readonly chargeDay: Day
  readonly bills: readonly { readonly billId: string; readonly amount: Yen }[]
  /** Its money has come, whether or not it was given back since. */
  readonly isPaid: boolean
}

export const insertCardPayment = async (
  tx: Transaction,
  payment: Omit<CardPayment, 'providerId' | 'isPaid'>,
  now: Date,
): Promise<void> => {
  const { customerId, id, bills } = payment
  await tx
    .insertInto('card_payments')
    .values({
      customer_id: customerId,
      id,
      provider: payment.provider,
      amount: payment.amount,
      charge_day: payment.chargeDay,
      begun_at: now,
    })
    .execute()
  await tx
    .insertInto('card_payment_bills')
    .values(
      bills.map(({ billId, amount }) => ({ customer_id: customerId, card_payment_id: id, bill_id: billId, amount })),
    )
    .execute()
}

export const setProviderId = async (
  db: Db,
  { customerId, id }: Pick<CardPayment, 'customerId' | 'id'>,
  providerId: string,
): Promise<void> => {
  await db
    .updateTable('card_payments')
    .set({ provider_id: providerId })
    .where('customer_id', '=', customerId)
    .where('id', '=', id)
    .where('provider_id', 'is', null)
    .execute()
}

/** The payments of this customer that a provider may still have open, and the one begun last. */
export const listCardPayments = (db: Db, customerId: string, provider: string): Promise<readonly CardPayment[]> =>
  cardPayments(db, sql`p.customer_id = ${customerId} and p.provider = ${provider} order by p.id desc limit 10`)

export const findCardPayment = async (
  db: Db,
  { id, provider }: { readonly id: string; readonly provider: string },
): Promise<CardPayment | undefined> => (await cardPayments(db, sql`p.id = ${id} and p.provider = ${provider}`))[0]

/** Payments of which nothing has come yet, begun between these instants: what a call that was lost would have told. */
export const listUnanswered = (
  db: Db,
  provider: string,
  {
    from,
    to,
    after,
    limit,
  }: { readonly from: Date; readonly to: Date; readonly after: string | undefined; readonly limit: number },
): Promise<readonly CardPayment[]> =>
  cardPayments(
    db,
    sql`p.provider = ${provider} and p.provider_id is not null and p.begun_at >= ${from} and p.begun_at < ${to}
      and ${after === undefined ? sql`true` : sql`p.id > ${after}`} and ${unpaid} order by p.id limit ${limit}`,
  )

const unpaid = sql`not exists (
  select from deposits d where d.customer_id = p.customer_id and d.card_payment_id = p.id)`

const cardPayments = async (db: Db, which: ReturnType<typeof sql>): Promise<readonly CardPayment[]> => {
  const { rows } = await sql<CardPayment>`
    select p.customer_id as "customerId", p.id, p.provider, p.provider_id as "providerId", p.amount,
      p.charge_day as "chargeDay", not ${unpaid} as "isPaid",
      (
        select json_agg(json_build_object('billId', b.bill_id, 'amount', b.amount) order by b.bill_id)
        from card_payment_bills b where b.customer_id = p.customer_id and b.card_payment_id = p.id
      ) as bills
    from card_payments p where ${which}`.execute(db)
  return rows
}

export type CardDeposit = {
  readonly id: string
  readonly payment: Pick<CardPayment, 'customerId' | 'id' | 'provider'>
  readonly amount: number
  readonly onDay: Day
  readonly reference: string
  readonly providerId: string
}

/** @returns false when this money was written down before: then nothing has changed. */
export const insertCardDeposit = async (
  tx: Transaction,
  { id, payment, amount, onDay, reference, providerId }: CardDeposit,
  now: Date,
): Promise<boolean> => {
  const { rows } = await sql`
    insert into deposits (id, channel, amount, on_day, reference, line_key, received_at, customer_id, card_payment_id,
      matched_how, certainty)
    values (${id}, 'card', ${amount}, ${onDay}, ${reference}, ${`card ${payment.provider} ${providerId}`}, ${now},
      ${payment.customerId}, ${payment.id}, 'provider', 'certain')
    on conflict (line_key) where ended_how is distinct from 'undone' do nothing
    returning id`.execute(tx)
  return rows.length > 0
}

/** What is known of the money of a payment. */
export const findCardDeposit = async (
  db: Db,
  { customerId, id }: Pick<CardPayment, 'customerId' | 'id'>,
): Promise<
  | { readonly depositId: string; readonly amount: number; readonly refunded: number; readonly isEnded: boolean }
  | undefined
> => {
  const { rows } = await sql<{ depositId: string; amount: number; refunded: number; isEnded: boolean }>`
    select d.id as "depositId", d.amount, d.ended_at is not null as "isEnded", coalesce((
      select sum(l.amount)::bigint from ledger_lines l
      where l.deposit_id = d.id and l.customer_id = d.customer_id and l.account = 'refund'
    ), 0) as refunded
    from deposits d where d.customer_id = ${customerId} and d.card_payment_id = ${id}`.execute(db)
  return rows[0]
}

/** Whose money a deposit is that this provider took, by what name the provider knows it, and what was given back of it. */
export const findCardMoney = async (
  db: Db,
  depositId: string,
  provider: string,
): Promise<{ readonly customerId: string; readonly reference: string; readonly refunded: number } | undefined> => {
  const { rows } = await sql<{ customerId: string; reference: string; refunded: number }>`
    select d.customer_id as "customerId", d.reference, coalesce((
      select sum(l.amount)::bigint from ledger_lines l
      where l.deposit_id = d.id and l.customer_id = d.customer_id and l.account = 'refund'
    ), 0) as refunded
    from deposits d
    join card_payments p on p.customer_id = d.customer_id and p.id = d.card_payment_id and p.provider = ${provider}
    where d.id = ${depositId} and d.channel = 'card' and d.ended_at is null`.execute(db)
  return rows[0]
}

export const endRefunded = async (tx: Transaction, depositId: string, now: Date): Promise<void> => {
  await tx
    .updateTable('deposits')
    .set({ ended_at: now, ended_how: 'refunded' })
    .where('id', '=', depositId)
    .where('ended_at', 'is', null)
    .execute()
}
