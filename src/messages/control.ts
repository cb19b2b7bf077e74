import type { Database, Db, Transaction } from '#platform/database/database'
import {
  type ControlAct,
  countInHand,
  findControl,
  hasWaiting,
  insertControl,
  lockQueue,
  type QueueState,
} from './control.store.ts'
import { wakeSenders } from './queue.store.ts'

export type ControlOutcome =
  | { readonly kind: 'done'; readonly state: QueueState }
  | { readonly kind: 'refused'; readonly because: 'is-paused' | 'is-running' | 'is-cancelled' }

const stateAfter = { paused: 'paused', resumed: 'running', cancelled: 'cancelled' } as const

/**
 * Pauses, resumes or cancels a queue, and does in the same transaction what goes `alongside`. When this returns no further intent to send is committed; what is on its way at
 * this moment still gets its answer. Cancelled is for good.
 */
export const controlQueue = (
  db: Database,
  queueId: string,
  {
    act,
    by,
    because = null,
    now,
  }: { readonly act: ControlAct; readonly by: string; readonly because?: string | null; readonly now: Date },
  alongside: (tx: Transaction) => Promise<void> = async () => {},
): Promise<ControlOutcome> =>
  db.transaction().execute(async (tx) => {
    await lockQueue(tx, queueId)
    const state = await queueState(tx, queueId)
    if (state === 'cancelled') return { kind: 'refused', because: 'is-cancelled' }
    if (act === 'paused' && state === 'paused') return { kind: 'refused', because: 'is-paused' }
    if (act === 'resumed' && state === 'running') return { kind: 'refused', because: 'is-running' }
    await insertControl(tx, queueId, { act, by, because, at: now })
    await alongside(tx)
    await wakeSenders(tx)
    return { kind: 'done', state: stateAfter[act] }
  })

export const queueState = async (...of: Parameters<typeof findControl>): Promise<QueueState> => {
  const control = await findControl(...of)
  return control === undefined ? 'running' : stateAfter[control.act]
}

/** Waits until nothing of this queue is in anybody's hand any more, at most `withinMs`; what is still awaited then. */
export const waitUntilStill = async (
  db: Database,
  queueId: string,
  { withinMs, rest }: { readonly withinMs: number; readonly rest: (ms: number) => Promise<void> },
): Promise<number> => {
  const everyMs = 50
  for (let waitedMs = 0; ; waitedMs += everyMs) {
    const inHand = await countInHand(db, queueId)
    if (inHand === 0 || waitedMs >= withinMs) return inHand
    await rest(everyMs)
  }
}

/** Whether anything of this queue is still to be sent, or is on its way at this moment. */
export const hasMore = async (db: Db, queueId: string): Promise<boolean> =>
  (await hasWaiting(db, queueId)) || (await countInHand(db, queueId)) > 0
