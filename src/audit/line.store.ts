import { type Db, sql } from '#platform/database/database'
import { newId } from '#platform/ids'

/** Who did it. */
export type Actor = 'customer' | 'system' | `operator:${string}` | `cli:${string}`

export type AuditLine = {
  readonly at: Date
  readonly actor: Actor
  /** A dotted word: 'answer.recorded'. */
  readonly act: string
  readonly customerId?: string
  /** Never personal data: lines are kept longer than customers. */
  readonly facts?: object
}

/** Writes what was done, in the transaction that does it. */
export const writeAudit = (db: Db, line: AuditLine): Promise<void> => writeAuditLines(db, [line])

/** Many acts of one transaction in one statement. The list of unsealed lines is what the sealer empties. */
export const writeAuditLines = async (db: Db, lines: readonly AuditLine[]): Promise<void> => {
  if (lines.length === 0) return
  const rows = lines.map(({ at, actor, act, customerId, facts }) => ({
    id: newId(at),
    at: at.toISOString(),
    actor,
    act,
    customer_id: customerId ?? null,
    facts: facts ?? {},
  }))
  await sql`
    with line as (
      insert into audit_lines (id, at, actor, act, customer_id, facts)
      select id, at, actor, act, customer_id, facts
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        as l (id uuid, at timestamptz, actor text, act text, customer_id uuid, facts jsonb)
      returning id
    )
    insert into audit_unsealed (line_id) select id from line`.execute(db)
}
