import { type Db, sql } from '#platform/database/database'
import type { Day } from '#values/day'

/** A slip that a till would take. */
export type PayableSlip = {
  readonly customerNumber: string
  readonly barcode: string
  /** The part of the barcode that an agent reports. */
  readonly number: string
  readonly amount: number
  readonly expiresOn: Day
}

/** The newest first. One that has been paid stays away, unless its payment was taken back. */
export const listPayableSlips = async (db: Db, today: Day, limit: number): Promise<readonly PayableSlip[]> => {
  const { rows } = await sql<PayableSlip>`
    select c.customer_number as "customerNumber", s.barcode, s.number, s.amount, s.expires_on as "expiresOn"
    from slips s join customers c on c.id = s.customer_id
    where s.expires_on >= ${today} and not exists (
      select from deposits d where d.customer_id = s.customer_id and d.slip_id = s.id and d.ended_at is null
    )
    order by s.issued_at desc, s.id desc limit ${limit}`.execute(db)
  return rows
}
