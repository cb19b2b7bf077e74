import { type Db, sql, type Transaction } from '#platform/database/database'
import type { Slip } from './slip.rules.ts'

/** The one issued last. */
export const findLatestSlip = async (db: Db, customerId: string): Promise<Slip | undefined> => {
  const { rows } = await sql<Slip>`
    select s.customer_id as "customerId", s.id, s.number, s.barcode, s.amount, s.charge_day as "chargeDay",
      s.expires_on as "expiresOn", s.issued_at as "issuedAt",
      (
        select json_agg(json_build_object('billId', b.bill_id, 'amount', b.amount) order by b.bill_id)
        from slip_bills b where b.customer_id = s.customer_id and b.slip_id = s.id
      ) as bills
    from slips s where s.customer_id = ${customerId}
    order by s.id desc limit 1`.execute(db)
  return rows[0]
}

/** @returns false when the number was given before: then nothing has changed. */
export const insertSlip = async (tx: Transaction, slip: Slip): Promise<boolean> => {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('slips')
    .values({
      customer_id: slip.customerId,
      id: slip.id,
      number: slip.number,
      barcode: slip.barcode,
      amount: slip.amount,
      charge_day: slip.chargeDay,
      expires_on: slip.expiresOn,
      issued_at: slip.issuedAt,
    })
    .onConflict((conflict) => conflict.column('number').doNothing())
    .executeTakeFirst()
  if (numInsertedOrUpdatedRows === 0n) return false
  const bills = slip.bills.map(({ billId, amount }) => ({
    customer_id: slip.customerId,
    slip_id: slip.id,
    bill_id: billId,
    amount,
  }))
  await tx.insertInto('slip_bills').values(bills).execute()
  return true
}
