import { type Db, sql } from '#platform/database/database'
import type { ControlAct } from './control.store.ts'

export type ShownControl = {
  readonly number: number
  readonly act: ControlAct
  readonly by: string
  readonly because: string | null
  readonly at: Date
  /** How long it took until nothing was in anybody's hand any more; null while nobody knows. */
  readonly tookMs: number | null
  /** What was still awaited when nobody waited any longer. */
  readonly inHand: number | null
}

/** A queue is not paused and resumed more often than somebody wants to read. */
const controlsShownMax = 20

/** What was said about a queue, the newest first, each with the time that it took. */
export const listControls = async (db: Db, queueId: string): Promise<readonly ShownControl[]> =>
  (
    await sql<ShownControl>`
      select c.number, c.act, c.by, c.because, c.at, s.took_ms as "tookMs", s.in_hand as "inHand"
      from queue_controls c left join queue_stills s on s.queue_id = c.queue_id and s.number = c.number
      where c.queue_id = ${queueId} order by c.number desc limit ${controlsShownMax}`.execute(db)
  ).rows

/** Keeps how long the last pause or cancellation took; the first one who measured it is believed. */
export const keepStill = async (
  db: Db,
  queueId: string,
  { tookMs, inHand }: { readonly tookMs: number; readonly inHand: number },
): Promise<void> => {
  await sql`
    insert into queue_stills (queue_id, number, took_ms, in_hand)
    select queue_id, number, ${tookMs}, ${inHand} from queue_controls
    where queue_id = ${queueId} and act <> 'resumed' order by number desc limit 1
    on conflict do nothing`.execute(db)
}
