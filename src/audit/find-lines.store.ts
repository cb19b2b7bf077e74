import { type Db, sql } from '#platform/database/database'
import { firstIdAt } from '#platform/ids'
import type { Actor } from './line.store.ts'

/** Which lines are asked for. A period always: the log only grows. */
export type AuditFilter = {
  readonly from: Date
  /** Not any more. */
  readonly until: Date
  readonly act?: string | undefined
  /** One of them, or everybody who is neither a customer nor the program itself. */
  readonly actor?: Actor | 'people' | undefined
  readonly customerId?: string | undefined
}

export type FoundLine = {
  readonly id: string
  readonly at: Date
  readonly actor: Actor
  readonly act: string
  readonly customerId?: string
  readonly facts: Readonly<Record<string, unknown>>
  /** Its place in the chain; a line of the last second has none yet. */
  readonly position?: number
  /** In hex. */
  readonly seal?: string
}

/** The newest first; `before` is the last id of the page before. */
export const listAuditLines = async (
  db: Db,
  filter: AuditFilter,
  { before, limit }: { readonly before?: string | undefined; readonly limit: number },
): Promise<readonly FoundLine[]> => {
  const until = firstIdAt(filter.until)
  const end = before !== undefined && before < until ? before : until
  const { rows } = await sql<Row>`
    ${foundLines} where ${matching(filter)} and l.id >= ${firstIdAt(filter.from)} and l.id < ${end}
    order by l.id desc limit ${limit}`.execute(db)
  return rows.map(asFound)
}

/** The oldest first, in pages of one statement each: as many as there are. */
export async function* streamAuditLines(db: Db, filter: AuditFilter): AsyncIterable<FoundLine> {
  let start = sql`l.id >= ${firstIdAt(filter.from)}`
  for (;;) {
    const { rows } = await sql<Row>`
      ${foundLines} where ${matching(filter)} and ${start} and l.id < ${firstIdAt(filter.until)}
      order by l.id limit ${linesPerPage}`.execute(db)
    yield* rows.map(asFound)
    const last = rows.at(-1)
    if (last === undefined || rows.length < linesPerPage) return
    start = sql`l.id > ${last.id}`
  }
}

const linesPerPage = 1_000

const foundLines = sql`
  select l.id, l.at, l.actor, l.act, l.customer_id as "customerId", l.facts, s.position, encode(s.seal, 'hex') as seal
  from audit_lines l left join audit_seals s on s.line_id = l.id`

const matching = ({ act, actor, customerId }: AuditFilter) => sql`
  ${act === undefined ? sql`true` : sql`l.act = ${act}`}
  and ${actorIs(actor)}
  and ${customerId === undefined ? sql`true` : sql`l.customer_id = ${customerId}`}`

/** In the words of the partial indexes, so that they are used. */
const actorIs = (actor: AuditFilter['actor']) => {
  if (actor === undefined) return sql`true`
  if (actor === 'customer' || actor === 'system') return sql`l.actor = ${actor}`
  const isPerson = sql`l.actor <> 'customer' and l.actor <> 'system'`
  return actor === 'people' ? isPerson : sql`${isPerson} and l.actor = ${actor}`
}

type Row = Omit<FoundLine, 'customerId' | 'position' | 'seal'> & {
  readonly customerId: string | null
  readonly position: number | null
  readonly seal: string | null
}

const asFound = ({ customerId, position, seal, ...line }: Row): FoundLine => ({
  ...line,
  ...(customerId !== null && { customerId }),
  ...(position !== null && { position }),
  ...(seal !== null && { seal }),
})
