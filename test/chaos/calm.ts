import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from '#platform/database/database'
import type { World } from '../../src/main/world.ts'
import { type CarrierLives, together } from './carrier-lives.ts'

/** Longer than a repeat of a doubtful notice has to wait. */
const repeatsAfterMs = 16 * 60_000

/** Waits until nothing moves any more, lets the time pass after which the doubtful is repeated, and waits again. */
export const untilCalm = async ({
  world,
  carriers,
  withinMs,
  say,
}: CalmPlan): Promise<{ readonly isCalm: boolean }> => {
  const first = await untilStill({ world, carriers, withinMs, isDone: async () => true })
  say(`still: ${first}; now sixteen minutes pass`)
  await moveClocks({ world, carriers }, repeatsAfterMs)
  // The workers follow the clock within half a second and sweep every second.
  await sleep(3_000)
  const isCalm = await untilStill({ world, carriers, withinMs, isDone: async () => (await countWaiting(world)) === 0 })
  return { isCalm }
}

export type CalmPlan = {
  readonly world: World
  readonly carriers: readonly CarrierLives[]
  readonly withinMs: number
  readonly say: (text: string) => void
}

const moveClocks = async ({ world, carriers }: Pick<CalmPlan, 'world' | 'carriers'>, byMs: number): Promise<void> => {
  const to = new Date(world.clock.now().getTime() + byMs)
  await world.demoClock?.set(to)
  for (const carrier of carriers) await carrier.moveClock(to)
}

/** So long without a new line in the log, and no receipt under way. */
const stillForMs = 3_000
const lookEveryMs = 500

const untilStill = async ({
  world,
  carriers,
  withinMs,
  isDone,
}: Omit<CalmPlan, 'say'> & { readonly isDone: () => Promise<boolean> }): Promise<boolean> => {
  let [seen, sinceMs] = ['', performance.now()]
  for (const startMs = performance.now(); performance.now() - startMs < withinMs; await sleep(lookEveryMs)) {
    const { receipts } = together(...(await Promise.all(carriers.map((carrier) => carrier.counts()))))
    const log = await lookAtLog(world).catch(() => undefined)
    const isBusy = log === undefined || log.inHand > 0 || receipts.toCome > 0 || receipts.unacknowledged > 0
    const now = JSON.stringify(log)
    if (isBusy || now !== seen) [seen, sinceMs] = [now, performance.now()]
    else if (performance.now() - sinceMs >= stillForMs) {
      if (await isDone().catch(() => false)) return true
      sinceMs = performance.now()
    }
  }
  return false
}

const lookAtLog = async ({ db }: World) => {
  const { rows } = await sql<{ lines: number; receipts: number; inHand: number }>`
    select
      pg_sequence_last_value('message_event_numbers'::regclass)::float8 as lines,
      (select count(*)::int from receipts) as receipts,
      (
        select count(*)::int from claims k where not exists (
          select from claim_ends e where e.queue_id = k.queue_id and e.stream = k.stream and e.number = k.number
        )
      ) as "inHand"`.execute(db)
  return rows[0]
}

const countWaiting = async ({ db }: World): Promise<number> => {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from message_states where state in ('queued', 'deferred', 'sending')`.execute(db)
  return rows[0]?.count ?? 0
}
