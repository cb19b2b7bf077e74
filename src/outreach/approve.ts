import { type Actor, writeAudit } from '#audit'
import { queueNotices, splitIntoParts } from '#messages'
import { systemChance } from '#platform/chance'
import type { Transaction } from '#platform/database/database'
import { isUuid } from '#values/id'
import { type ApprovalDecision, decideApproval } from './approval.rules.ts'
import { endRequest, findOpenRequest, lockCampaign } from './approval.store.ts'
import { type ApprovalRefusal, refuseApproval } from './campaign.rules.ts'
import { type Campaign, findCampaign, listPlannedCases, markApproved } from './campaign.store.ts'
import { nextAllowedInstant } from './contact-time.rules.ts'
import { pinCampaign } from './pin.ts'
import type { OutreachWorld } from './world.ts'

type Approved = {
  readonly kind: 'approved'
  readonly campaignId: string
  readonly queued: number
  readonly notBefore: Date
}

export type ApproveOutcome =
  | Approved
  | { readonly kind: 'refused'; readonly because: ApprovalRefusal | 'no-such-campaign' }

export type ApproveRequestOutcome =
  | Approved
  | Exclude<ApprovalDecision, { kind: 'approved' }>
  | { readonly kind: 'refused'; readonly because: 'no-such-campaign' }

const noticesPerPage = 1_000

type Order = { readonly id: string; readonly by: Actor; readonly now: Date }

/**
 * Puts a campaign's notices into the outbox, all or none, once. They leave when the hour allows and the rules still do.
 * Without a second pair of eyes: only for the demo, and where the creditor's file says so.
 */
export const approveCampaign = (w: OutreachWorld, { id, by, now }: Order): Promise<ApproveOutcome> =>
  w.db.transaction().execute(async (tx) => {
    const campaign = isUuid(id) ? await findCampaign(tx, id) : undefined
    const because = campaign === undefined ? 'no-such-campaign' : refuseApproval(campaign, w.creditor)
    if (campaign === undefined || because !== undefined)
      return { kind: 'refused', because: because ?? 'no-such-campaign' }
    return (await letGo(tx, w, campaign, { id, by, now })) ?? { kind: 'refused', because: 'already-approved' }
  })

/** A second person lets go what they were asked about, by typing how many it goes to. A change voids the question. */
export const approveRequest = async (
  tx: Transaction,
  w: Pick<OutreachWorld, 'creditor' | 'holidays'>,
  { id, by, now, typed }: Order & { readonly typed: string },
): Promise<ApproveRequestOutcome> => {
  if (!isUuid(id)) return { kind: 'refused', because: 'no-such-campaign' }
  await lockCampaign(tx, id)
  const campaign = await findCampaign(tx, id)
  if (campaign === undefined) return { kind: 'refused', because: 'no-such-campaign' }
  const request = await findOpenRequest(tx, id)
  const { hash } = await pinCampaign(tx, campaign, w.creditor.sender.sms, systemChance)
  const decision = decideApproval({ campaign, request, pinnedNow: hash }, { by, typed }, w.creditor)
  if (decision.kind === 'refused') return decision
  if (decision.kind === 'void') {
    const { because } = decision
    await endRequest(tx, id, { how: 'voided', because, endedAt: now, endedBy: by })
    await writeAudit(tx, { at: now, actor: by, act: 'campaign.approval-voided', facts: { campaign: id, because } })
    return decision
  }
  const approved = await letGo(tx, w, campaign, { id, by, now })
  return approved ?? { kind: 'refused', because: 'already-approved' }
}

/** Nothing, when somebody else has let it go at this very moment. */
const letGo = async (
  tx: Transaction,
  w: Pick<OutreachWorld, 'creditor' | 'holidays'>,
  campaign: Campaign,
  { id, by, now }: Order,
): Promise<Approved | undefined> => {
  const notBefore = nextAllowedInstant(now, w.creditor.policies, w.holidays) ?? now
  if (!(await markApproved(tx, id, by, now))) return undefined
  await endRequest(tx, id, { how: 'approved', because: null, endedAt: now, endedBy: by })
  const queued = await queueEveryNotice(tx, w, campaign, now)
  const facts = { campaign: id, queued, rulesVersion: campaign.rulesVersion }
  await writeAudit(tx, { at: now, actor: by, act: 'campaign.approved', facts })
  return { kind: 'approved', campaignId: id, queued, notBefore }
}

const queueEveryNotice = async (
  tx: Transaction,
  { creditor }: Pick<OutreachWorld, 'creditor'>,
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
