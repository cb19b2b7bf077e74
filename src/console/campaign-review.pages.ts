import {
  type ApprovalRequest,
  type Campaign,
  costOf,
  countExclusions,
  differencesOf,
  findCampaign,
  isOwn,
  listExclusionBases,
  stateOfCampaign,
} from '#outreach'
import type { Reply } from '#platform/http/http'
import type { Told } from './campaign-parts.views.ts'
import { costWords } from './campaign-plan.pages.ts'
import { campaignReviewPage, type ReviewView } from './campaign-review.views.ts'
import type { OperatorAsked } from './console-route.ts'
import type { ConsoleDesk } from './desk.ts'
import { listMaskedCustomers } from './masked-customers.ts'
import { actorOf } from './operator.ts'
import { listOperatorNames } from './operator-names.store.ts'
import { page } from './replies.pages.ts'
import { may } from './roles.rules.ts'
import { urls } from './urls.ts'

export const showReview = async (
  { w, look }: ConsoleDesk,
  asked: OperatorAsked,
  campaign: Campaign,
  request: ApprovalRequest,
  told: Told,
): Promise<Reply> => {
  const masked = await listMaskedCustomers(w, request.drawn)
  const exclusions = await listExclusionBases(w.db, campaign.id)
  return page(
    campaignReviewPage(look, asked.frame, {
      campaign,
      state: await stateOfCampaign(w, campaign, asked.now),
      request,
      exclusions,
      names: await listOperatorNames(w.db, [campaign.plannedBy, campaign.textBy, request.askedBy]),
      cost: costWords(w.creditor, campaign),
      differences: await differences(w, campaign, request),
      drawn: request.drawn.flatMap((customerId) => masked.get(customerId) ?? []),
      partsEach: costOf(campaign.text, 1, undefined).partsEach,
      maySeeCases: may(asked.operator.roles, 'see-case'),
      approval: approvalFor(asked, campaign, request),
      told,
    }),
  )
}

const approvalFor = (
  { operator, formId }: OperatorAsked,
  campaign: Campaign,
  request: ApprovalRequest,
): ReviewView['approval'] => {
  const { id } = campaign
  if (isOwn({ ...campaign, ...request }, actorOf(operator))) {
    const mayPlan = may(operator.roles, 'plan-campaign')
    return { kind: 'own', withdrawFormId: mayPlan ? formId(urls.campaignWithdraw(id)) : undefined }
  }
  if (!may(operator.roles, 'approve-campaign')) return { kind: 'look' }
  return {
    kind: 'approve',
    approveFormId: formId(urls.campaignApprove(id)),
    returnFormId: formId(urls.campaignReturn(id)),
  }
}

const differences = async (
  { db }: ConsoleDesk['w'],
  campaign: Campaign,
  { lastCampaignId, alsoInLast }: ApprovalRequest,
): Promise<ReviewView['differences']> => {
  const last = lastCampaignId === null ? undefined : await findCampaign(db, lastCampaignId)
  if (last === undefined) return undefined
  const [before, now] = [
    { ...last, exclusions: await countExclusions(db, last.id) },
    { ...campaign, exclusions: await countExclusions(db, campaign.id) },
  ]
  return { ...differencesOf(before, now), alsoInLast, lastAt: last.plannedAt, lastId: last.id }
}
