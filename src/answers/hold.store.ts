import { type Db, sql } from '#platform/database/database'
import type { HoldReason } from './answer.rules.ts'

/** The reasons for which these customers are on hold now. */
export const listHolds = async (
  db: Db,
  customerIds: readonly string[],
): Promise<readonly { readonly customerId: string; readonly reason: HoldReason }[]> => {
  const { rows } = await sql<{ customerId: string; reason: HoldReason }>`
    select customer_id as "customerId", reason from active_holds
    where customer_id = any(${[...customerIds]}::uuid[]) order by customer_id, placed_at, id`.execute(db)
  return rows
}
