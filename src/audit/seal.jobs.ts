import { type Database, inTransaction, sql, type Transaction } from '#platform/database/database'
import { lineColumns } from './line-columns.store.ts'
import { firstLink, type LineText, sealOf } from './seal.rules.ts'

/** One round's lines: a few megabytes, and a fraction of a second under the lock. */
export const linesPerRoundMax = 5_000

/**
 * Gives committed lines that have no place yet the next dense positions and links them. One worker at a time: another
 * one that comes meanwhile does nothing. Call again while it answers with a full round.
 * @returns how many lines were sealed.
 */
export const sealAudit = (db: Database, sealKey: Buffer): Promise<number> =>
  inTransaction(db, async (tx) => {
    if (!(await isOnlySealer(tx))) return 0
    const lines = await listUnsealed(tx)
    if (lines.length === 0) return 0
    const seals: { readonly position: number; readonly lineId: string; readonly seal: Buffer }[] = []
    let head = await getHead(tx)
    for (const line of lines) {
      const position = head.position + 1
      head = { position, seal: sealOf(sealKey, position, line, head.seal) }
      seals.push({ lineId: line.id, ...head })
    }
    await insertSeals(tx, seals)
    return lines.length
  })

/** A lock of the transaction and not of a session, so that a pooler in between does no harm. */
const isOnlySealer = async (tx: Transaction): Promise<boolean> => {
  const { rows } = await sql<{ held: boolean }>`
    select pg_try_advisory_xact_lock(hashtextextended('annai audit sealer', 0)) as held`.execute(tx)
  return rows[0]?.held === true
}

const getHead = async (tx: Transaction): Promise<{ readonly position: number; readonly seal: Buffer }> => {
  const { rows } = await sql<{ position: number; seal: Buffer }>`
    select position, seal from audit_seals order by position desc limit 1`.execute(tx)
  return rows[0] ?? { position: 0, seal: firstLink }
}

const listUnsealed = async (tx: Transaction): Promise<readonly LineText[]> => {
  const { rows } = await sql<LineText>`
    select ${lineColumns} from audit_unsealed u join audit_lines l on l.id = u.line_id
    where not exists (select from audit_seals s where s.line_id = u.line_id)
    order by u.line_id limit ${linesPerRoundMax}`.execute(tx)
  return rows
}

const insertSeals = async (
  tx: Transaction,
  seals: readonly { readonly position: number; readonly lineId: string; readonly seal: Buffer }[],
): Promise<void> => {
  const lineIds = seals.map(({ lineId }) => lineId)
  await sql`
    with sealed as (
      insert into audit_seals (position, line_id, seal)
      select * from unnest(
        ${seals.map(({ position }) => position)}::bigint[], ${lineIds}::uuid[], ${seals.map(({ seal }) => seal)}::bytea[])
      returning line_id
    )
    delete from audit_unsealed u using sealed s where u.line_id = s.line_id`.execute(tx)
}
