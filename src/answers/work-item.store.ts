import type { Db } from '#platform/database/database'
import { newId } from '#platform/ids'

type NewWorkItem = {
  readonly customerId: string
  readonly caseId: string
  readonly kind: 'consultation' | 'broken-promise'
  readonly details: object
}

/** Things that a person at the contact centre has to do. */
export const insertWorkItems = async (tx: Db, items: readonly NewWorkItem[], now: Date): Promise<void> => {
  if (items.length === 0) return
  await tx
    .insertInto('work_items')
    .values(
      items.map((item) => ({
        customer_id: item.customerId,
        id: newId(now),
        kind: item.kind,
        case_id: item.caseId,
        opened_at: now,
        details: JSON.stringify(item.details),
      })),
    )
    .execute()
}
