import type { Db } from '#platform/database/database'
import { isRole, type Role } from './roles.rules.ts'

/** Somebody who has signed in, as the provider described them then. */
export type KnownOperator = {
  readonly subject: string
  readonly name: string
  readonly roles: readonly Role[]
  readonly signedInAt: Date
}

/** Whoever signed in last comes first. */
export const listOperators = async (db: Db, limit: number): Promise<readonly KnownOperator[]> => {
  const rows = await db.selectFrom('operators').selectAll().orderBy('signed_in_at', 'desc').limit(limit).execute()
  return rows.map(({ subject, name, roles, signed_in_at }) => ({
    subject,
    name,
    roles: roles.filter(isRole),
    signedInAt: signed_in_at,
  }))
}
