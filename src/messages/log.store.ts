import { type Db, type RawBuilder, sql } from '#platform/database/database'
import { idOfContent } from '#platform/ids'

/** One line of a message's log; nothing there is ever changed. */
export type LogLine = {
  readonly messageId: string
  readonly state:
    | 'deferred'
    | 'excluded'
    | 'sending'
    | 'submitted'
    | 'refused'
    | 'requeued'
    | 'unknown'
    | 'reported'
    | 'delivered'
    | 'failed'
    | 'expired'
  readonly part?: number
  readonly parts?: number
  readonly gateway?: string
  readonly carrierId?: string
  readonly because?: string
  /** Whose fault it is that it was refused, or that its answer was lost. */
  readonly blame?: 'message' | 'gateway'
  /** What the rules saw and said; kept once for all messages that it holds for. */
  readonly facts?: object
  /** A receipt as it came. */
  readonly raw?: string
}

/** Adds lines in this order. */
export const appendLines = async (tx: Db, lines: readonly LogLine[], now: Date): Promise<void> => {
  if (lines.length > 0) await sql`with ${appending(lines, now)} select`.execute(tx)
}

/** The same as parts of a `with`, for a statement that does more. */
export const appending = (
  lines: readonly LogLine[],
  now: Date,
  { name = sql`new_lines`, onlyIf = sql`true` } = {},
): RawBuilder<unknown> => {
  const { reasonIds, newReasons } = keepingReasons(lines)
  const values: readonly Column[] = [
    columnOf(
      'state',
      sql`text`,
      lines.map(({ state }) => state),
    ),
    columnOf(
      'part',
      sql`smallint`,
      lines.map(({ part }) => part ?? 1),
    ),
    columnOf(
      'parts',
      sql`smallint`,
      lines.map(({ parts }) => parts ?? null),
    ),
    columnOf(
      'gateway',
      sql`text`,
      lines.map(({ gateway }) => gateway ?? null),
    ),
    columnOf(
      'carrier_id',
      sql`text`,
      lines.map(({ carrierId }) => carrierId ?? null),
    ),
    columnOf(
      'because',
      sql`text`,
      lines.map(({ because }) => because ?? null),
    ),
    columnOf(
      'blame',
      sql`text`,
      lines.map(({ blame }) => blame ?? null),
    ),
    columnOf('reasons_id', sql`uuid`, reasonIds),
    columnOf(
      'raw',
      sql`text`,
      lines.map(({ raw }) => raw ?? null),
    ),
  ]
  const varying = values.flatMap(({ list, name: column }) => (list === undefined ? [] : [{ list, column }]))
  return sql`
    ${newReasons ? sql`${name}_reasons as (${newReasons}), ` : sql``}${name} as (
      insert into message_events
        (message_id, state, part, parts, gateway, carrier_id, because, blame, reasons_id, raw, at)
      select message_id, ${sql.join(values.map(({ value }) => value))}, ${now}::timestamptz
      from unnest(${sql.join([
        sql`${`{${lines.map(({ messageId }) => messageId).join()}}`}::uuid[]`,
        ...varying.map(({ list }) => list),
      ])}) as l (message_id${sql.join(
        varying.map(({ column }) => sql`, ${column}`),
        sql``,
      )}) where ${onlyIf}
    )`
}

/** What the rules said, each text once: most messages leave for the same reasons. */
export const keepingReasons = (
  of: readonly { readonly facts?: object }[],
): { readonly reasonIds: readonly (string | null)[]; readonly newReasons?: RawBuilder<unknown> } => {
  const reasons = new Map<string, string>()
  const reasonIds = of.map(({ facts }) => {
    if (facts === undefined) return null
    const text = JSON.stringify(facts)
    const id = reasons.get(text) ?? idOfContent(text)
    reasons.set(text, id)
    return id
  })
  if (reasons.size === 0) return { reasonIds }
  const newReasons = sql`
    insert into reasons (id, facts)
    select * from unnest(${[...reasons.values()]}::uuid[], ${[...reasons.keys()]}::jsonb[]) as r (id, facts)
    -- In one order everywhere: of two who add the same reasons, neither waits for the other in a circle.
    order by id
    on conflict do nothing`
  return { reasonIds, newReasons }
}

/** A column of a batch: one value for all, or a list beside the ids. */
type Column = {
  readonly name: RawBuilder<unknown>
  readonly value: RawBuilder<unknown>
  readonly list?: RawBuilder<unknown>
}

/** Most batches are of one kind; writing its words out for every line costs more than all the rest of the statement. */
const columnOf = (name: string, type: RawBuilder<unknown>, values: readonly (string | number | null)[]): Column => {
  const column = sql.raw(name)
  const [first = null] = values
  if (values.every((value) => value === first)) return { name: column, value: sql`${first}::${type}` }
  return { name: column, value: column, list: sql`${[...values]}::${type}[]` }
}

/**
 * The state of one message, beside the row `of` that names it by customer_id and message_id. The limit, which takes nothing
 * away, has the state looked up for each row; a plain join works out the states of all messages there are.
 */
export const stateOf = (of: RawBuilder<unknown>): RawBuilder<unknown> => sql`(
  select state from message_states o where o.customer_id = ${of}.customer_id and o.message_id = ${of}.message_id limit 1
)`

export type ShownLine = {
  readonly at: Date
  readonly state: string
  readonly gateway: string | null
  readonly carrierId: string | null
  readonly because: string | null
  readonly facts: unknown
}

/** The log of one message, the oldest line first. */
export const listLines = async (db: Db, messageId: string): Promise<readonly ShownLine[]> => {
  const { rows } = await sql<ShownLine>`
    select e.at, e.state, e.gateway, e.carrier_id as "carrierId", e.because, r.facts
    from message_lines e left join reasons r on r.id = e.reasons_id
    where e.message_id = ${messageId} order by e.number`.execute(db)
  return rows
}
