import type { Db } from '#platform/database/database'

/** A form older than any visit is repeated by nobody. */
const submissionLifeMs = 24 * 3_600_000

export async function deleteOldSubmissions(db: Db, now: Date): Promise<void> {
  await db
    .deleteFrom('submissions')
    .where('submitted_at', '<', new Date(now.getTime() - submissionLifeMs))
    .execute()
}
