import { type Db, sql } from '#platform/database/database'

export type WorkItemKind = 'consultation' | 'broken-promise' | 'undelivered-number'

/** Something that a person has to do, or has done. */
export type WorkItem = {
  readonly customerId: string
  readonly id: string
  readonly caseId: string
  readonly kind: WorkItemKind
  readonly openedAt: Date
  /** What the customer said or did; its fields are those of whoever opened it. */
  readonly details: {
    readonly topic?: string
    readonly callTime?: string
    readonly reachBy?: string
    readonly promisedDay?: string
    readonly receiptNumber?: string
  }
  readonly closedAt: Date | null
  readonly closedBy: string | null
}

export type WorkItemPlace = { readonly at: Date; readonly customerId: string; readonly id: string }

export type WorkItemsAsked = {
  readonly kind: WorkItemKind
  readonly state: 'open' | 'done'
  /** Of a consultation: what it is about, and when to call. */
  readonly topic?: string | undefined
  readonly callTime?: string | undefined
  readonly after?: WorkItemPlace | undefined
  readonly limit: number
}

/** Open ones with the one that has waited longest first; done ones with the last one first. */
export const listWorkItems = async (db: Db, asked: WorkItemsAsked): Promise<readonly WorkItem[]> => {
  const { kind, state, topic, callTime, after, limit } = asked
  const isOpen = state === 'open'
  const at = isOpen ? sql`opened_at` : sql`closed_at`
  const direction = isOpen ? sql`asc` : sql`desc`
  const { rows } = await sql<WorkItem>`
    select customer_id as "customerId", id, case_id as "caseId", kind, opened_at as "openedAt", details,
      closed_at as "closedAt", closed_by as "closedBy"
    from work_items
    where kind = ${kind} and ${isOpen ? sql`closed_at is null` : sql`closed_at is not null`}
      ${topic === undefined ? sql`` : sql`and details ->> 'topic' = ${topic}`}
      ${callTime === undefined ? sql`` : sql`and details ->> 'callTime' = ${callTime}`}
      ${
        after === undefined
          ? sql``
          : sql`and (${at}, customer_id, id) ${isOpen ? sql`>` : sql`<`}
              (${after.at}::timestamptz, ${after.customerId}::uuid, ${after.id}::uuid)`
      }
    order by ${at} ${direction}, customer_id ${direction}, id ${direction} limit ${limit}`.execute(db)
  return rows
}

/** Where a list goes on after this item. */
export const placeOfWorkItem = ({ openedAt, closedAt, customerId, id }: WorkItem): WorkItemPlace => ({
  at: closedAt ?? openedAt,
  customerId,
  id,
})

/** How many of a kind are open, counted no further than `max`. */
export const countOpenWorkItems = async (db: Db, kind: WorkItemKind, max: number): Promise<number> => {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from (
      select from work_items where kind = ${kind} and closed_at is null limit ${max}
    ) open`.execute(db)
  return rows[0]?.count ?? 0
}

/** @returns whether it was open until now. */
export const markWorkItemClosed = async (
  tx: Db,
  { customerId, id }: Pick<WorkItem, 'customerId' | 'id'>,
  by: string,
  now: Date,
): Promise<boolean> => {
  const { rows } = await sql`
    update work_items set closed_at = ${now}, closed_by = ${by}
    where customer_id = ${customerId} and id = ${id} and closed_at is null returning id`.execute(tx)
  return rows.length > 0
}

/** @returns whether it was closed until now. */
export const markWorkItemOpen = async (
  tx: Db,
  { customerId, id }: Pick<WorkItem, 'customerId' | 'id'>,
): Promise<boolean> => {
  const { rows } = await sql`
    update work_items set closed_at = null, closed_by = null
    where customer_id = ${customerId} and id = ${id} and closed_at is not null returning id`.execute(tx)
  return rows.length > 0
}

export const findWorkItem = async (
  db: Db,
  { customerId, id }: Pick<WorkItem, 'customerId' | 'id'>,
): Promise<WorkItem | undefined> => {
  const { rows } = await sql<WorkItem>`
    select customer_id as "customerId", id, case_id as "caseId", kind, opened_at as "openedAt", details,
      closed_at as "closedAt", closed_by as "closedBy"
    from work_items where customer_id = ${customerId} and id = ${id}`.execute(db)
  return rows[0]
}
