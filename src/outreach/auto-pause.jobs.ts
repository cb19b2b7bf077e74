import { writeAudit } from '#audit'
import {
  autoPause,
  campaignLifeMs,
  controlQueue,
  listLastAnswers,
  listRunningCampaigns,
  type PauseOutcome,
  pauseLimits,
} from '#messages'
import type { OutreachWorld } from './world.ts'

/** Pauses campaigns whose messages come to nothing, each with what was seen. How many. */
export const pauseFailingCampaigns = async ({ db, creditor }: OutreachWorld, now: Date): Promise<number> => {
  const { pauseFailedPercent: failedPercent, pauseRefusedInARow: refusedInARow } = creditor.policies.messages
  const limits = { ...pauseLimits, failedPercent, refusedInARow }
  let paused = 0
  for (const campaign of await listRunningCampaigns(db, new Date(now.getTime() - campaignLifeMs))) {
    const outcome = autoPause(await listLastAnswers(db, campaign, limits.lastAnswers), limits)
    if (outcome.kind === 'go-on') continue
    const { because, facts } = outcome
    const control = { act: 'paused', by: 'system', because: inWords(outcome), now } as const
    const { kind } = await controlQueue(db, campaign.campaignId, control, (tx) =>
      writeAudit(tx, {
        at: now,
        actor: 'system',
        act: 'campaign.paused',
        facts: { campaign: campaign.campaignId, because, ...facts },
      }),
    )
    if (kind === 'done') paused += 1
  }
  return paused
}

const inWords = ({ because, facts }: Extract<PauseOutcome, { kind: 'pause' }>): string =>
  because === 'gateway-refuses'
    ? `gateway-refuses: ${facts.refusedInARow} in a row`
    : `too-many-failures: ${facts.failed} of the last ${facts.answers}`
