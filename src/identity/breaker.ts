import { writeAudit } from '#audit'
import type { Policies } from '#creditor'
import type { Transaction } from '#platform/database/database'
import { breakerReason, breakerWindowMs } from './breaker.rules.ts'
import { addToCounters, getServiceCounts, serviceKey } from './counter.store.ts'
import { findLatestPause, insertPause } from './pause.store.ts'

export type ServiceCount = { readonly codes: number; readonly sms: number; readonly wrong: number }

/** Counts for the whole service and stops new codes when that was too many. The audit line is the alarm. */
export async function countForService(
  tx: Transaction,
  policies: Policies,
  { codes, sms, wrong }: ServiceCount,
  now: Date,
): Promise<void> {
  const minute = new Date(now.getTime() - (now.getTime() % 60_000))
  await addToCounters(tx, [
    { scope: 'service-code', key: serviceKey, period: minute, by: codes },
    { scope: 'service-sms', key: serviceKey, period: minute, by: sms },
    { scope: 'service-wrong', key: serviceKey, period: minute, by: wrong },
  ])
  const pause = await findLatestPause(tx)
  // After a pause it is counted anew: otherwise the same hour would stop the service again at once.
  const since = Math.max(now.getTime() - breakerWindowMs, pause?.endsAt.getTime() ?? 0)
  const because = breakerReason(await getServiceCounts(tx, new Date(since)), policies)
  if (because === undefined || (pause !== undefined && now < pause.endsAt)) return
  const endsAt = new Date(now.getTime() + policies.breaker.pauseMinutes * 60_000)
  await insertPause(tx, { endsAt, because }, now)
  await writeAudit(tx, {
    at: now,
    actor: 'system',
    act: 'identity.paused',
    facts: { because, until: endsAt.toISOString() },
  })
}
