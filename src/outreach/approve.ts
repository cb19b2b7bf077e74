import { type Actor, writeAudit } from '#audit'
import { queueNotices, splitIntoParts } from '#messages'
import type { Transaction } from '#platform/database/database'
import { isUuid } from '#values/id'
import { type ApprovalRefusal, refuseApproval } from './campaign.rules.ts'
import { type Campaign, findCampaign, listPlannedCases, markApproved } from './campaign.store.ts'
import { nextAllowedInstant } from './contact-time.rules.ts'
import type { OutreachWorld } from './world.ts'

export type ApproveOutcome =
  | { readonly kind: 'approved'; readonly campaignId: string; readonly queued: number; readonly notBefore: Date }
  | { readonly kind: 'refused'; readonly because: ApprovalRefusal | 'no-such-campaign' }

const noticesPerPage = 1_000

/** Puts a campaign's notices into the outbox, all or none, once. They leave when the hour allows and the rules still do. */
export const approveCampaign = (
  w: OutreachWorld,
  { id, by, now }: { readonly id: string; readonly by: Actor; readonly now: Date },
): Promise<ApproveOutcome> =>
  w.db.transaction().execute(async (tx) => {
    const campaign = isUuid(id) ? await findCampaign(tx, id) : undefined
    const because = campaign === undefined ? 'no-such-campaign' : refuseApproval(campaign, w.creditor)
    if (campaign === undefined || because !== undefined)
      return { kind: 'refused', because: because ?? 'no-such-campaign' }
    const notBefore = nextAllowedInstant(now, w.creditor.policies, w.holidays) ?? now
    if (!(await markApproved(tx, id, by, now))) return { kind: 'refused', because: 'already-approved' }
    const queued = await queueEveryNotice(tx, w, campaign, now)
    await writeAudit(tx, {
      at: now,
      actor: by,
      act: 'campaign.approved',
      facts: { campaign: id, queued, rulesVersion: campaign.rulesVersion },
    })
    return { kind: 'approved', campaignId: id, queued, notBefore }
  })

const queueEveryNotice = async (
  tx: Transaction,
  { creditor }: OutreachWorld,
  { id, text }: Campaign,
  now: Date,
): Promise<number> => {
  const partCount = splitIntoParts(text).length
  let queued = 0
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const page = await listPlannedCases(tx, id, after, noticesPerPage)
    const last = page.at(-1)
    if (last === undefined) return queued
    const notices = page.map((asked) => ({
      ...asked,
      class: 'notice' as const,
      campaignId: id,
      sender: creditor.sender.sms,
      partCount,
    }))
    await queueNotices(tx, notices, now)
    queued += page.length
    after = last.customerId
  }
}
