import { type Actor, writeAudit } from '#audit'
import type { Transaction } from '#platform/database/database'
import { assert } from '#values/assert'
import { insertWorkItems } from './work-item.store.ts'
import { findWorkItem, markWorkItemClosed, markWorkItemOpen, type WorkItem } from './work-item-list.store.ts'

export type WorkItemAct = Pick<WorkItem, 'customerId' | 'id'> & { readonly by: Actor; readonly now: Date }

export type CloseWorkItemOutcome =
  | { readonly kind: 'closed'; readonly item: WorkItem }
  | { readonly kind: 'refused'; readonly because: 'no-such-item' | 'closed-already' }

/** Says that this is done. Two people who press at once: the second is told so. */
export const closeWorkItem = async (
  tx: Transaction,
  { by, now, ...key }: WorkItemAct,
): Promise<CloseWorkItemOutcome> => {
  const isClosedNow = await markWorkItemClosed(tx, key, by, now)
  const item = await findWorkItem(tx, key)
  if (item === undefined) return { kind: 'refused', because: 'no-such-item' }
  if (!isClosedNow) return { kind: 'refused', because: 'closed-already' }
  await writeAudit(tx, lineOf('work-item.closed', item, by, now))
  return { kind: 'closed', item }
}

export type ReopenWorkItemOutcome =
  | { readonly kind: 'reopened'; readonly item: WorkItem }
  | { readonly kind: 'refused'; readonly because: 'no-such-item' | 'open-already' }

/** Says that it is not done after all. */
export const reopenWorkItem = async (
  tx: Transaction,
  { by, now, ...key }: WorkItemAct,
): Promise<ReopenWorkItemOutcome> => {
  const isOpenNow = await markWorkItemOpen(tx, key)
  const item = await findWorkItem(tx, key)
  if (item === undefined) return { kind: 'refused', because: 'no-such-item' }
  if (!isOpenNow) return { kind: 'refused', because: 'open-already' }
  await writeAudit(tx, lineOf('work-item.reopened', item, by, now))
  return { kind: 'reopened', item }
}

/** Somebody has looked at a number to which nothing comes through: an item that is done, so that it can be put back. */
export const noteUndelivered = async (
  tx: Transaction,
  {
    customerId,
    caseId,
    messageId,
    by,
    now,
  }: {
    readonly customerId: string
    readonly caseId: string
    /** The SMS that did not come through. */
    readonly messageId: string
    readonly by: Actor
    readonly now: Date
  },
): Promise<CloseWorkItemOutcome> => {
  const kind = 'undelivered-number' as const
  const [id] = await insertWorkItems(tx, [{ customerId, caseId, kind, details: { messageId } }], now)
  assert(id !== undefined, 'one item was inserted')
  return closeWorkItem(tx, { customerId, id, by, now })
}

const lineOf = (act: string, { customerId, caseId, id, kind }: WorkItem, actor: Actor, at: Date) => ({
  at,
  actor,
  act,
  customerId,
  facts: { workItemId: id, caseId, kind },
})
