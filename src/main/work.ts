import { judgePromises } from '#answers'
import { sealAudit } from '#audit'
import { listPhones } from '#customers'
import { numberAnswers } from '#handback'
import { queueDueCodes, sweepIdentity } from '#identity'
import {
  codeTextProblem,
  listenToReceipts,
  repeatDoubtfulNotices,
  type SenderWorld,
  sendDue,
  settleAbandoned,
  settleReceipts,
  workerLock,
} from '#messages'
import { decideRelease } from '#outreach'
import { type HeldLock, tryHoldLock } from '#platform/database/database'
import { listen } from '#platform/database/listen'
import { Fault } from '#platform/fault'
import type { Gateway } from '#platform/gateways/gateway'
import { newId } from '#platform/ids'
import type { Log } from '#platform/log'
import { keepDoing, type Loop } from './loop.ts'
import type { World } from './world.ts'

/** The jobs of one process: sending in two lanes, and the sweeps that find what has fallen due by our clock. */
export type Work = {
  /** Does everything that is due now, and what follows from it, before it resolves. */
  settle(): Promise<void>
  /** Finishes what is in hand and stops. */
  stop(): Promise<void>
}

/** Places in the window that a campaign leaves free, so that a code never waits for a campaign's answers. */
const reservedForCodes = 2

const sweepEveryMs = 1_000
/** A safety net under NOTIFY. */
const lookEveryMs = 500

export const startWork = async (
  world: World,
  { gateway, gatewayName, log }: { readonly gateway: Gateway; readonly gatewayName: string; readonly log: Log },
): Promise<Work> => {
  const { db, clock, creditor, vault } = world
  const worker = newId(clock.now())
  const alive = await holdWorkerLock(world, worker)
  const sender: SenderWorld = {
    db,
    vault,
    clock,
    gateway,
    gatewayName,
    worker,
    listPhones,
    decideRelease: (tx, due, now) => decideRelease(tx, world, due, now),
    checkFinalText: (message, text) => (message.class === 'code' ? codeTextProblem(creditor, text) : undefined),
  }
  listenToReceipts({ db, clock, gateway, gatewayName })

  const campaignBatch = Math.max(1, gateway.windowMax - reservedForCodes)
  const codes = async () =>
    (await queueDueCodes(world, clock.now())) + (await sendDue(sender, 'code', reservedForCodes))
  const campaign = async () =>
    paced(() => sendDue(sender, 'campaign', campaignBatch), creditor.policies.messages.ratePerSecond)
  const sweep = async () => {
    const now = clock.now()
    await world.demoClock?.remember()
    const moved =
      (await settleReceipts(db, now)) +
      (await settleAbandoned(db, worker, now)) +
      (await repeatDoubtfulNotices(db, creditor.policies.messages.repeatDoubtfulNoticeAfterMinutes, now)) +
      (await judgePromises(db, world, now))
    await sweepIdentity(world, now)
    await numberAnswers(db)
    await sealAudit(db, auditSealKey(world))
    return moved
  }

  const loops: readonly Loop[] = [
    keepDoing('codes', codes, { everyMs: lookEveryMs, log }),
    keepDoing('campaign', campaign, { everyMs: lookEveryMs, log }),
    keepDoing('sweep', sweep, { everyMs: sweepEveryMs, log }),
  ]
  const ear = listen(world.databaseUrl, 'annai_work', () => {
    for (const loop of loops.slice(0, 2)) loop.wake()
  })

  return {
    async settle() {
      // What one step causes may be due at once for another; a hundred rounds are far more than any chain is long.
      for (let round = 0, moved = 1; moved > 0 && round < 100; round++) {
        moved = 0
        for (const loop of [loops[2], loops[0], loops[1]]) moved += (await loop?.once()) ?? 0
      }
    },
    async stop() {
      await ear.close()
      await Promise.all(loops.map((loop) => loop.stop()))
      await gateway.close()
      await alive.release()
    },
  }
}

export const auditSealKey = ({ keys }: World): Buffer => keys.derive('audit seal')

const holdWorkerLock = async ({ db }: World, worker: string): Promise<HeldLock> => {
  const lock = await tryHoldLock(db, workerLock(worker))
  if (lock === undefined) throw new Fault('database-busy', 'A new worker’s lock is held by somebody else')
  return lock
}

/** Spreads what was sent over the time that the contracted rate gives it. */
const paced = async (send: () => Promise<number>, ratePerSecond: number): Promise<number> => {
  const startedMs = performance.now()
  const count = await send()
  const restMs = (count * 1_000) / ratePerSecond - (performance.now() - startedMs)
  if (restMs > 0) await new Promise((resolve) => setTimeout(resolve, restMs))
  return count
}
