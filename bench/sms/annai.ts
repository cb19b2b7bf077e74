import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { approveCampaign, planCampaign } from '#outreach'
import { sql } from '#platform/database/database'
import type { Work } from '../../src/main/work.ts'
import { openBenchWorld, startBenchWork } from './annai-world.ts'
import { fillCustomers } from './cast.ts'
import type { Contestant, OpenContestant } from './contest.ts'

/**
 * Annai as `annai work` runs it, whole: leases, contact rules asked of every notice, numbers unsealed, the log, the
 * sweeps beside it. Queued is a campaign that was planned and approved.
 */
export const openAnnai: OpenContestant = async (contest): Promise<Contestant> => {
  const { adminUrl, messages } = contest
  const world = await openBenchWorld(contest)
  const { db, vault, clock } = world
  const admin = new pg.Client({ connectionString: adminUrl })
  await admin.connect()
  let work: Work | undefined
  return {
    async queue() {
      await fillCustomers(db, vault, { count: messages, now: clock.now() })
      await admin.query('vacuum analyze')
      const { campaign } = await planCampaign(world, { by: 'cli:bench', now: clock.now() })
      const approved = await approveCampaign(world, { id: campaign.id, by: 'cli:bench', now: clock.now() })
      if (approved.kind !== 'approved' || approved.queued !== messages)
        throw new Error(`The campaign was not queued: ${JSON.stringify({ campaign, approved })}`)
      await admin.query('vacuum analyze')
    },
    async drain() {
      work = await startBenchWork(world, { ...contest, binds: 1, ratePerSecond: 1_000_000 })
    },
    async countDelivered() {
      // A receipt that came before its answer was written down is kept, and tied to its message by the next sweep.
      for (let tries = 1; ; tries++) {
        const { rows } = await sql<{ count: number }>`
          select count(*)::int as count from message_states where state = 'delivered'`.execute(db)
        const count = rows[0]?.count ?? 0
        if (count === messages || tries === 10) return count
        await sleep(500)
      }
    },
    async close() {
      await work?.stop()
      await admin.end()
      await world.close()
    },
  }
}
