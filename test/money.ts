import { type Db, sql } from '#platform/database/database'
import { newId } from '#platform/ids'
import type { Day } from '#values/day'
import { ten, tuesday } from './casework.ts'

let keys = 0

export type DepositPut = {
  readonly customerId: string
  readonly amount: number
  readonly onDay?: Day
  readonly channel?: 'transfer' | 'convenience-store' | 'pay-easy' | 'card' | 'debit'
  readonly billId?: string | undefined
  readonly slipId?: string
  readonly importId?: string
  readonly key?: string
  readonly now?: Date
}

/** Money that is matched to a customer; nothing of it is on a bill yet. */
export const putDeposit = async (
  db: Db,
  {
    customerId,
    amount,
    onDay = tuesday,
    channel = 'transfer',
    billId,
    slipId,
    importId,
    key = `key-${String(++keys).padStart(8, '0')}`,
    now = ten,
  }: DepositPut,
): Promise<string> => {
  const id = newId(now)
  await sql`
    insert into deposits (id, import_id, record, channel, amount, on_day, line_key, received_at, customer_id, bill_id,
      slip_id, matched_how, certainty)
    values (${id}, ${importId ?? null}, ${importId === undefined ? null : ++keys}, ${channel}, ${amount}, ${onDay}, ${key},
      ${now}, ${customerId}, ${billId ?? null}, ${slipId ?? null}, 'person', 'certain')`.execute(db)
  return id
}

/** As a reversal leaves it. */
export const endDeposit = async (
  db: Db,
  depositId: string,
  how: 'reversed' | 'refunded' | 'undone' = 'reversed',
  now = ten,
): Promise<void> => {
  await sql`update deposits set ended_at = ${now}, ended_how = ${how} where id = ${depositId}`.execute(db)
}

/** A slip for these bills, its amounts fixed. */
export const putSlip = async (
  db: Db,
  {
    customerId,
    bills,
    chargeDay,
    expiresOn,
  }: {
    readonly customerId: string
    readonly bills: readonly { readonly billId: string; readonly amount: number }[]
    readonly chargeDay: Day
    readonly expiresOn: Day
  },
): Promise<string> => {
  const id = newId(ten)
  const number = String(++keys).padStart(21, '0')
  const amount = bills.reduce((sum, bill) => sum + bill.amount, 0)
  await sql`
    insert into slips (customer_id, id, number, barcode, amount, charge_day, expires_on, issued_at)
    values (${customerId}, ${id}, ${number}, ${number.padStart(44, '9')}, ${amount}, ${chargeDay}, ${expiresOn}, ${ten})`.execute(
    db,
  )
  for (const bill of bills)
    await sql`insert into slip_bills (customer_id, slip_id, bill_id, amount)
      values (${customerId}, ${id}, ${bill.billId}, ${bill.amount})`.execute(db)
  return id
}
