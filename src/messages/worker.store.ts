import { type Db, sql, type Transaction, withAdvisoryLock } from '#platform/database/database'
import { isProcessGone, processPlace } from '#platform/process-place'
import type { HeldLease, LeaseRow, Place, WorkerRow } from './lease-book.ts'
import { bindLock } from './lock-names.ts'

export const insertWorker = async (db: Db, id: string, now: Date): Promise<void> => {
  await db
    .insertInto('workers')
    .values({ id, started_at: now, place: processPlace() ?? null })
    .execute()
}

/** False when it had ended already. */
export const markWorkerEnded = async (db: Db, id: string, now: Date): Promise<boolean> => {
  const { numUpdatedRows } = await db
    .updateTable('workers')
    .set({ ended_at: now })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .executeTakeFirstOrThrow()
  return numUpdatedRows > 0n
}

/** Says that this worker lives and which of its binds are bound; leases that are not its own any more stay as they are. */
export const beat = async (
  db: Db,
  worker: string,
  held: readonly {
    readonly gateway: string
    readonly bind: number
    readonly epoch: number
    readonly isBound: boolean
  }[],
): Promise<void> => {
  await sql`
    with alive as (update workers set beat = beat + 1 where id = ${worker})
    update gateway_leases l set beat = l.beat + 1, is_bound = h.is_bound
    from unnest(
      ${held.map(({ gateway }) => gateway)}::text[], ${held.map(({ bind }) => bind)}::smallint[],
      ${held.map(({ epoch }) => epoch)}::bigint[], ${held.map(({ isBound }) => isBound)}::boolean[]
    ) as h (gateway, bind, epoch, is_bound)
    where l.gateway = h.gateway and l.bind = h.bind and l.worker = ${worker} and l.epoch = h.epoch`.execute(db)
}

export const listLeases = async (db: Db): Promise<readonly LeaseRow[]> => {
  const { rows } = await sql<LeaseRow>`
    select gateway, bind, worker, epoch, beat, is_bound as "isBound" from gateway_leases order by gateway, bind`.execute(
    db,
  )
  return rows
}

/** Those that have not said that they ended, and were not found dead. */
export const listWorkers = async (db: Db): Promise<readonly WorkerRow[]> => {
  const rows = await db
    .selectFrom('workers')
    .select(['id', 'beat', 'place'])
    .where('ended_at', 'is', null)
    .orderBy('id')
    .execute()
  return rows.map(({ id, beat, place }) => ({ id, beat, isGone: isProcessGone(place) }))
}

/** Makes the rows of binds that are configured. */
export const insertBinds = async (db: Db, binds: readonly Place[]) => {
  if (binds.length === 0) return
  await db
    .insertInto('gateway_leases')
    .values([...binds])
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/**
 * Takes a bind from whoever is seen to have it, if that is still so. Claims under the old epoch have ended or are refused
 * from now on. The new epoch; undefined when somebody else was faster.
 */
export const takeLease = async (
  tx: Transaction,
  seen: Omit<LeaseRow, 'isBound'>,
  worker: string,
): Promise<number | undefined> => {
  await withAdvisoryLock(tx, bindLock(seen.gateway, seen.bind))
  const { rows } = await sql<{ epoch: number }>`
    update gateway_leases set worker = ${worker}, epoch = epoch + 1, beat = 0, is_bound = false
    where gateway = ${seen.gateway} and bind = ${seen.bind} and epoch = ${seen.epoch} and beat = ${seen.beat}
    returning epoch`.execute(tx)
  return rows[0]?.epoch
}

/** Gives a bind back; whoever sees it may take it at once. */
export const releaseLease = async (db: Db, { gateway, bind, epoch }: HeldLease): Promise<void> => {
  await db
    .updateTable('gateway_leases')
    .set({ worker: null, is_bound: false })
    .where('gateway', '=', gateway)
    .where('bind', '=', bind)
    .where('epoch', '=', epoch)
    .execute()
}

/** Takes a dead worker's binds away. Its claims have ended when this returns, and none can begin. */
export const releaseLeasesOf = async (tx: Transaction, worker: string): Promise<void> => {
  for (const lease of await listLeases(tx)) {
    if (lease.worker !== worker) continue
    await withAdvisoryLock(tx, bindLock(lease.gateway, lease.bind))
    await releaseLease(tx, lease)
  }
}
