import type { Db } from '#platform/database/database'
import { newId } from '#platform/ids'

type NewWorkItem = {
  readonly customerId: string
  readonly caseId: string
  readonly kind: 'consultation' | 'broken-promise' | 'undelivered-number'
  readonly details: object
}

/**
 * Things that a person at the contact centre has to do.
 * @returns their ids, in the same order.
 */
export const insertWorkItems = async (tx: Db, items: readonly NewWorkItem[], now: Date): Promise<readonly string[]> => {
  if (items.length === 0) return []
  const ids = items.map(() => newId(now))
  await tx
    .insertInto('work_items')
    .values(
      items.map((item, index) => ({
        customer_id: item.customerId,
        id: ids[index] ?? newId(now),
        kind: item.kind,
        case_id: item.caseId,
        opened_at: now,
        details: JSON.stringify(item.details),
      })),
    )
    .execute()
  return ids
}
