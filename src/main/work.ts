import { judgePromises } from '#answers'
import { checkAudit, sealAudit } from '#audit'
import { numberAnswers, numberDeposits } from '#handback'
import { queueDueCodes, sweepIdentity } from '#identity'
import { readPayers, takeUploads } from '#intake'
import { dropMonths, keepMonths, repeatDoubtfulNotices, settleReceipts } from '#messages'
import { pauseFailingCampaigns } from '#outreach'
import { assignAccountsAfterImports, catchUpCardPayments, rematchAfterImports } from '#payments'
import { listen } from '#platform/database/listen'
import type { Log } from '#platform/log'
import { findCardProvider } from './cards.ts'
import { openCarriers } from './carriers.ts'
import { keepDoing, type Loop } from './loop.ts'
import type { World } from './world.ts'

/** The jobs of one process: sending over the binds it holds, and the sweeps that find what has fallen due by our clock. */
export type Work = {
  /** Does everything that is due now, and what follows from it, before it resolves. */
  settle(): Promise<void>
  /** Finishes what is in hand and stops. */
  stop(): Promise<void>
}

const sweepEveryMs = 1_000
const matchEveryMs = 5_000
/** A safety net under NOTIFY. */
const lookEveryMs = 500

export const startWork = async (world: World, plan: Parameters<typeof openCarriers>[1]): Promise<Work> => {
  const { db, clock } = world
  const { log } = plan
  await keepMonths(db, clock.now())
  const carriers = openCarriers(world, plan)
  const codes = keepDoing('codes', () => queueDueCodes(world, clock.now()), { everyMs: lookEveryMs, log })
  const months = keepDoing('months', keepingMonths(world), { everyMs: 60_000, log })
  const cards = keepDoing('cards', catchingUpCards(world, log), { everyMs: 10 * 60_000, log })
  const sweep = keepDoing('sweep', sweeping(world), { everyMs: sweepEveryMs, log })
  const rematch = rematchAfterImports(world, (importId, records) => readPayers(world, importId, records))
  // Apart, for it may have to read whole files.
  const matching = keepDoing('matching', () => rematch(clock.now()), { everyMs: matchEveryMs, log })
  // Each apart as well: a long file, or the whole of the audit log.
  const uploads = keepDoing('uploads', () => takeUploads(world, clock.now()), { everyMs: sweepEveryMs, log })
  const check = () => checkAudit(db, auditSealKey(world), () => clock.now())
  const checks = keepDoing('audit checks', check, { everyMs: sweepEveryMs, log })
  const ear = listen(world.databaseUrl, 'annai_work', () => {
    codes.wake()
    carriers.wake()
  })
  const once: readonly Loop['once'][] = [months, sweep, uploads, checks, matching, codes, carriers].map(
    ({ once }) => once,
  )
  return {
    async settle() {
      // What one step causes may be due at once for another; a hundred rounds are far more than any chain is long.
      for (let round = 0, moved = 1; moved > 0 && round < 100; round++) {
        moved = 0
        for (const step of once) moved += await step()
      }
    },
    async stop() {
      await ear.close()
      await Promise.all([codes, months, cards, sweep, uploads, checks, matching].map((loop) => loop.stop()))
      await carriers.stop()
    },
  }
}

/** A receipt may be early by this much at a glance; whatever is older is looked at once a minute. */
const glanceMs = 10 * 60_000
const weekMs = 7 * 86_400_000
const sweepsPerMinute = 60
/** At a hundred a second a campaign that only fails has lost three hundred numbers when it pauses. */
const sweepsPerPauseCheck = 3

const sweeping = (world: World) => {
  const { db, clock, creditor } = world
  const assignAccounts = assignAccountsAfterImports(world)
  let sweeps = 0
  return async (): Promise<number> => {
    const now = clock.now()
    await world.demoClock?.remember()
    const backMs = sweeps++ % sweepsPerMinute === 0 ? weekMs : glanceMs
    const moved =
      (await settleReceipts(db, { since: new Date(now.getTime() - backMs), now })) +
      (await repeatDoubtfulNotices(db, creditor.policies.messages.repeatDoubtfulNoticeAfterMinutes, now)) +
      (await judgePromises(db, world, now)) +
      (sweeps % sweepsPerPauseCheck === 0 ? await pauseFailingCampaigns(world, now) : 0) +
      (await assignAccounts(now))
    await sweepIdentity(world, now)
    await numberAnswers(db)
    await numberDeposits(db)
    await sealAudit(db, auditSealKey(world))
    return moved
  }
}

/** Payments by card of which the provider's call was lost. */
const catchingUpCards = (world: World, log: Log) => {
  const provider = findCardProvider(world, log)
  return async (): Promise<number> =>
    provider === undefined ? 0 : catchUpCardPayments(world, provider, world.clock.now())
}

const runsPerHour = 60

/** Partitions for the messages of the next weeks, and an end for those that nobody needs line by line any more. */
const keepingMonths = ({ db, clock, creditor }: World) => {
  let runs = 0
  return async (): Promise<number> => {
    const now = clock.now()
    await keepMonths(db, now)
    if (runs++ % runsPerHour === 0) await dropMonths(db, monthsBefore(now, creditor.policies.messages.keepLogMonths))
    return 0
  }
}

const monthsBefore = (now: Date, count: number): Date =>
  new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - count))

export const auditSealKey = ({ keys }: World): Buffer => keys.derive('audit seal')
