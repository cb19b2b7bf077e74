import type { Db } from '#platform/database/database'

/** What operators called themselves when they last signed in, by subject. Actors that are no operators have none. */
export const listOperatorNames = async (
  db: Db,
  actors: readonly (string | null)[],
): Promise<ReadonlyMap<string, string>> => {
  const subjects = actors.flatMap((actor) => (actor?.startsWith('operator:') ? [actor.slice('operator:'.length)] : []))
  if (subjects.length === 0) return new Map()
  const rows = await db.selectFrom('operators').select(['subject', 'name']).where('subject', 'in', subjects).execute()
  return new Map(rows.map(({ subject, name }) => [subject, name]))
}
