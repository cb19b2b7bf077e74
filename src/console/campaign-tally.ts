import { countCampaign, deliveryCurve } from '#messages'
import type { Campaign } from '#outreach'
import type { Database } from '#platform/database/database'
import { assert } from '#values/assert'
import { countFunnel } from './campaign-funnel.store.ts'
import { followedOf, isQuick, isStale } from './campaign-tally.rules.ts'
import { findTally, keepTally, type Tally } from './campaign-tally.store.ts'

export type Tallies = { of(campaign: Pick<Campaign, 'id' | 'approvedAt'>, now: Date): Promise<Tally> }

/**
 * The numbers of approved campaigns, kept as they were last counted: a page costs the same for ten notices and for a
 * million, and says of when its numbers are. Whoever looks at stale ones has them counted, one count a campaign at a time.
 */
export const openTallies = (db: Database, monotonicMs: () => number = () => performance.now()): Tallies => {
  const counting = new Map<string, Promise<Tally>>()
  const count = (id: string, approvedAt: Date, now: Date): Promise<Tally> => {
    const running =
      counting.get(id) ?? countNow(db, id, approvedAt, now, monotonicMs).finally(() => counting.delete(id))
    counting.set(id, running)
    return running
  }
  return {
    async of({ id, approvedAt }, now) {
      assert(approvedAt !== null, 'only of an approved campaign there is something to count')
      const kept = await findTally(db, id)
      if (kept === undefined) return count(id, approvedAt, now)
      if (!isStale(kept, approvedAt, now)) return kept
      const fresh = count(id, approvedAt, now)
      if (isQuick(kept)) return fresh
      // Whoever looks next tries again; until then the numbers say how old they are.
      fresh.catch(() => {})
      return kept
    },
  }
}

const countNow = async (
  db: Database,
  id: string,
  approvedAt: Date,
  now: Date,
  monotonicMs: () => number,
): Promise<Tally> => {
  const began = monotonicMs()
  const { from, until } = followedOf(approvedAt)
  const count = await countCampaign(db, id)
  const funnel = await countFunnel(db, id, { from, until })
  const curve = await deliveryCurve(db, id)
  const tally = { countedAt: now, tookMs: Math.round(monotonicMs() - began), count, funnel, curve }
  await keepTally(db, id, tally)
  return tally
}
