import { type Database, type Db, sql } from '#platform/database/database'
import { lineColumns } from './line-columns.store.ts'
import { firstLink, isSameSeal, type LineText, sealOf } from './seal.rules.ts'

export type AuditVerdict =
  | {
      readonly kind: 'intact'
      /** Sealed lines. */
      readonly lines: number
      /** Lines of the last moments that wait for the sealer. */
      readonly waiting: number
      /** The last seal, in hex. Whoever notes it down elsewhere can tell later that nothing was cut off the end. */
      readonly head: string
    }
  | {
      readonly kind: 'broken'
      /** The first position at which the chain does not hold; null for a line that never had one. */
      readonly position: number | null
      readonly lineId: string | null
      readonly because: 'seal-missing' | 'line-missing' | 'line-changed' | 'line-unsealed'
    }

const linesPerPage = 5_000

/**
 * Follows the chain from position 1 to its head and finds the first line that is broken, missing or unsealed. Reads in
 * pages from one snapshot, so it may run beside the sealer and over any number of lines.
 */
export const verifyAudit = (db: Database, sealKey: Buffer): Promise<AuditVerdict> =>
  db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (tx) => {
      let head = { position: 0, seal: firstLink }
      for (;;) {
        const page = await listSeals(tx, head.position)
        for (const { seal, line, ...at } of page) {
          const position = head.position + 1
          if (at.position !== position) return { kind: 'broken', position, lineId: null, because: 'seal-missing' }
          if (line === null) return { kind: 'broken', position, lineId: at.lineId, because: 'line-missing' }
          if (!isSameSeal(seal, sealOf(sealKey, position, line, head.seal)))
            return { kind: 'broken', position, lineId: at.lineId, because: 'line-changed' }
          head = { position, seal }
        }
        if (page.length < linesPerPage) break
      }
      return judgeTheRest(tx, head)
    })

/** Beyond the chain there may only be lines that wait for the sealer. */
const judgeTheRest = async (
  db: Db,
  head: { readonly position: number; readonly seal: Buffer },
): Promise<AuditVerdict> => {
  const lost = await findWaitingWithoutLine(db)
  if (lost !== undefined) return { kind: 'broken', position: null, lineId: lost, because: 'line-missing' }
  const stray = await findStrayLine(db)
  if (stray !== undefined) return { kind: 'broken', position: null, lineId: stray, because: 'line-unsealed' }
  return { kind: 'intact', lines: head.position, waiting: await countWaiting(db), head: head.seal.toString('hex') }
}

type SealRow = {
  readonly position: number
  readonly lineId: string
  readonly seal: Buffer
  readonly line: LineText | null
}

const listSeals = async (db: Db, after: number): Promise<readonly SealRow[]> => {
  const { rows } = await sql<Omit<SealRow, 'line'> & { [K in keyof LineText]: LineText[K] | null }>`
    select s.position, s.line_id as "lineId", s.seal, ${lineColumns}
    from audit_seals s left join audit_lines l on l.id = s.line_id
    where s.position > ${after} order by s.position limit ${linesPerPage}`.execute(db)
  return rows.map(({ position, lineId, seal, ...line }) => ({
    position,
    lineId,
    seal,
    line: isWhole(line) ? line : null,
  }))
}

const isWhole = (line: { [K in keyof LineText]: LineText[K] | null }): line is LineText => line.id !== null

const findWaitingWithoutLine = async (db: Db): Promise<string | undefined> => {
  const { rows } = await sql<{ id: string }>`
    select u.line_id as id from audit_unsealed u
    where not exists (select from audit_lines l where l.id = u.line_id) order by 1 limit 1`.execute(db)
  return rows[0]?.id
}

const findStrayLine = async (db: Db): Promise<string | undefined> => {
  const { rows } = await sql<{ id: string }>`
    select l.id from audit_lines l
    where not exists (select from audit_seals s where s.line_id = l.id)
      and not exists (select from audit_unsealed u where u.line_id = l.id)
    order by 1 limit 1`.execute(db)
  return rows[0]?.id
}

const countWaiting = async (db: Db): Promise<number> => {
  const { rows } = await sql<{ count: number }>`select count(*) as count from audit_unsealed`.execute(db)
  return rows[0]?.count ?? 0
}
