import { type Db, type RawBuilder, sql } from '#platform/database/database'
import { idOfContent } from '#platform/ids'

/** One line of a message's log; nothing there is ever changed. */
export type LogLine = {
  readonly messageId: string
  readonly customerId: string
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
}

/** Adds lines in this order. */
export const appendLines = async (tx: Db, lines: readonly LogLine[], now: Date): Promise<void> => {
  if (lines.length > 0) await sql`with ${appending(lines, now)} select`.execute(tx)
}

/** The same as parts of a `with`, for a statement that does more. */
export const appending = (lines: readonly LogLine[], now: Date): RawBuilder<unknown> => {
  const reasons = new Map<string, string>()
  const reasonIds = lines.map(({ facts }) => {
    if (facts === undefined) return null
    const text = JSON.stringify(facts)
    const id = idOfContent(text)
    reasons.set(id, text)
    return id
  })
  const column = <T>(of: (line: LogLine) => T): readonly T[] => lines.map(of)
  return sql`
    new_reasons as (
      insert into reasons (id, facts)
      select * from unnest(${[...reasons.keys()]}::uuid[], ${[...reasons.values()]}::jsonb[]) as r (id, facts)
      -- In one order everywhere: of two who add the same reasons, neither waits for the other in a circle.
      order by id
      on conflict do nothing
    ), new_lines as (
      insert into message_events
        (message_id, customer_id, state, part, parts, gateway, carrier_id, because, blame, reasons_id, at)
      select *, ${now}::timestamptz from unnest(
        ${column(({ messageId }) => messageId)}::uuid[], ${column(({ customerId }) => customerId)}::uuid[],
        ${column(({ state }) => state)}::text[], ${column(({ part }) => part ?? 1)}::smallint[],
        ${column(({ parts }) => parts ?? null)}::smallint[], ${column(({ gateway }) => gateway ?? null)}::text[],
        ${column(({ carrierId }) => carrierId ?? null)}::text[], ${column(({ because }) => because ?? null)}::text[],
        ${column(({ blame }) => blame ?? null)}::text[],
        ${reasonIds}::uuid[])
    )`
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
    from message_events e left join reasons r on r.id = e.reasons_id
    where e.message_id = ${messageId} order by e.number`.execute(db)
  return rows
}
