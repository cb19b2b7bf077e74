import type { Db } from '#platform/database/database'
import { newId } from '#platform/ids'
import type { ContactWish } from './contact-wish.rules.ts'

/** What counts: the latest. Undefined when nobody ever asked. */
export const findWish = async (db: Db, customerId: string): Promise<ContactWish | undefined> => {
  const row = await db
    .selectFrom('contact_wishes')
    .select(['call_time', 'language', 'hearing'])
    .where('customer_id', '=', customerId)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row && ({ callTime: row.call_time, language: row.language, hearing: row.hearing } as ContactWish)
}

export const insertWish = async (
  tx: Db,
  { customerId, wish, by }: { readonly customerId: string; readonly wish: ContactWish; readonly by: string },
  now: Date,
): Promise<void> => {
  await tx
    .insertInto('contact_wishes')
    .values({
      customer_id: customerId,
      id: newId(now),
      call_time: wish.callTime,
      language: wish.language,
      hearing: wish.hearing,
      said_at: now,
      noted_by: by,
    })
    .execute()
}
