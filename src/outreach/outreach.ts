export { isOwn } from './approval.rules.ts'
export {
  type ApprovalRequest,
  findLastEnd,
  findOpenRequest,
  type RequestEnd,
  type WaitingApproval,
} from './approval.store.ts'
export { type ApproveOutcome, type ApproveRequestOutcome, approveCampaign, approveRequest } from './approve.ts'
export { pauseFailingCampaigns } from './auto-pause.jobs.ts'
export { type Campaign, countExclusions, type Decision, findCampaign, listDecisions } from './campaign.store.ts'
export type { CampaignState } from './campaign-state.rules.ts'
export type { ContactDecision, ContactRule, Reason } from './contact.rules.ts'
export { mayContactNow, nextAllowedInstant } from './contact-time.rules.ts'
export { type ControlCampaignOutcome, cancelCampaign, pauseCampaign, resumeCampaign } from './control.ts'
export { type Cost, costOf } from './cost.rules.ts'
export { type Differences, differencesOf } from './differences.rules.ts'
export { type Excluded, listAllExcluded, listExcluded, listExclusionBases } from './excluded.store.ts'
export { type KeptHold, listKeptHolds } from './hold.store.ts'
export {
  type PlaceHoldOutcome,
  placeHold,
  placeHoldIn,
  type ReleaseHoldOutcome,
  releaseHold,
  releaseHoldIn,
} from './hold.ts'
export { type NextContact, nextContact } from './next-contact.ts'
export { type WriteTextOutcome, writeNoticeText } from './notice-text.ts'
export { type CampaignPlan, type PlanOutcome, planCampaign, planCampaignIn } from './plan.ts'
export { decideRelease } from './release.ts'
export {
  countAwaitingApproval,
  type EndRequestOutcome,
  listAwaitingApproval,
  type RequestOutcome,
  requestApproval,
  returnRequest,
  withdrawRequest,
} from './request-approval.ts'
export { type CampaignView, listCampaigns, showCampaign, stateOfCampaign } from './show.ts'
export type { TelephoneDecision } from './telephone.rules.ts'
export type { OutreachWorld } from './world.ts'
