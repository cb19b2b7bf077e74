import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { decideRelease } from '#outreach'
import { sql } from '#platform/database/database'
import type { Work } from '../../src/main/work.ts'
import { openBenchWorld, startBenchWork } from './annai-world.ts'
import { planNotices, queueNotices } from './campaign.ts'
import type { Contest, Contestant, OpenContestant } from './contest.ts'

/**
 * Annai as `annai work` runs it, whole: leases, contact rules asked of every notice, numbers unsealed, the log, the
 * sweeps beside it. Queued is a campaign that was planned and approved.
 */
export const openAnnaiWithRules: OpenContestant = (contest) => open(contest)

/** The same without asking any rule: what the others do, who know none. */
export const openAnnai: OpenContestant = (contest) =>
  open(contest, async (_, __, due) => new Map(due.map(({ messageId }) => [messageId, { kind: 'send' } as const])))

const open = async (contest: Contest, decide?: typeof decideRelease): Promise<Contestant> => {
  const { adminUrl, messages } = contest
  const world = await openBenchWorld(contest)
  const admin = new pg.Client({ connectionString: adminUrl })
  await admin.connect()
  let work: Work | undefined
  return {
    async queue() {
      const campaign = await planNotices(world, messages)
      await queueNotices(world, campaign, messages)
      await admin.query('vacuum analyze')
    },
    async drain() {
      work = await startBenchWork(world, contest, decide)
    },
    async countDelivered() {
      // A receipt that came before its answer was written down is kept, and tied to its message by the next sweep.
      for (let tries = 1; ; tries++) {
        const { rows } = await sql<{ count: number }>`
          select count(*)::int as count from message_states where state = 'delivered'`.execute(world.db)
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
