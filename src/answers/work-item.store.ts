import type { Db } from '#platform/database/database'
import { newId } from '#platform/ids'

/** Something a person at the contact centre has to do. */
export const insertWorkItem = async (
  tx: Db,
  item: {
    readonly customerId: string
    readonly caseId: string
    readonly kind: 'consultation' | 'broken-promise'
    readonly details: object
  },
  now: Date,
): Promise<void> => {
  await tx
    .insertInto('work_items')
    .values({
      customer_id: item.customerId,
      id: newId(now),
      kind: item.kind,
      case_id: item.caseId,
      opened_at: now,
      details: JSON.stringify(item.details),
    })
    .execute()
}
