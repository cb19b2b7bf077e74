import type { Db } from '#platform/database/database'
import { newId } from '#platform/ids'
import { type RevealField, type RevealReason, revealMinutes } from './reveal.rules.ts'

export const insertReveal = async (
  tx: Db,
  reveal: {
    readonly customerId: string
    readonly field: RevealField
    readonly reason: RevealReason
    readonly sessionId: string
    readonly by: string
  },
  now: Date,
): Promise<void> => {
  await tx
    .insertInto('reveals')
    .values({
      customer_id: reveal.customerId,
      id: newId(now),
      field: reveal.field,
      reason: reveal.reason,
      session_id: reveal.sessionId,
      revealed_at: now,
      revealed_by: reveal.by,
      ends_at: new Date(now.getTime() + revealMinutes * 60_000),
    })
    .execute()
}

/** What of this customer this session may see in clear now. Nothing of another session, even of the same person. */
export const findReveals = async (
  db: Db,
  { customerId, sessionId }: { readonly customerId: string; readonly sessionId: string },
  now: Date,
): Promise<ReadonlySet<RevealField>> => {
  const rows = await db
    .selectFrom('reveals')
    .select('field')
    .where('customer_id', '=', customerId)
    .where('session_id', '=', sessionId)
    .where('ends_at', '>', now)
    .execute()
  return new Set(rows.map(({ field }) => field as RevealField))
}
