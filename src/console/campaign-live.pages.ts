import { listControls } from '#messages'
import { type Campaign, listExclusionBases, stateOfCampaign } from '#outreach'
import type { Reply } from '#platform/http/http'
import { campaignLive, campaignLivePage, type LiveView } from './campaign-live.views.ts'
import type { Told } from './campaign-parts.views.ts'
import type { Tallies } from './campaign-tally.ts'
import type { OperatorAsked } from './console-route.ts'
import type { ConsoleDesk } from './desk.ts'
import { listOperatorNames } from './operator-names.store.ts'
import { page } from './replies.pages.ts'
import { may } from './roles.rules.ts'
import { urls } from './urls.ts'

export const showLive = async (
  desk: ConsoleDesk,
  tallies: Tallies,
  asked: OperatorAsked,
  campaign: Campaign,
  told: Told,
): Promise<Reply> => {
  const { operator, formId } = asked
  const { id } = campaign
  const forms = may(operator.roles, 'control-campaign')
    ? {
        pause: formId(urls.campaignPause(id)),
        resume: formId(urls.campaignResume(id)),
        cancel: formId(urls.campaignCancel(id)),
      }
    : undefined
  const view = await viewOf(desk, tallies, asked, campaign)
  return page(campaignLivePage(desk.look, asked.frame, { ...view, forms, told }))
}

/** The part of the page that moves. */
export const showLiveFragment = async (
  desk: ConsoleDesk,
  tallies: Tallies,
  asked: OperatorAsked,
  campaign: Campaign,
): Promise<Reply> =>
  campaign.approvedAt === null
    ? page('', 404)
    : page(String(campaignLive(asked.now, await viewOf(desk, tallies, asked, campaign), true)))

const viewOf = async (
  { w }: ConsoleDesk,
  tallies: Tallies,
  { operator, now }: OperatorAsked,
  campaign: Campaign,
): Promise<LiveView> => {
  const state = await stateOfCampaign(w, campaign, now)
  const controls = await listControls(w.db, campaign.id)
  const actors = [campaign.plannedBy, campaign.textBy, campaign.approvedBy, ...controls.map(({ by }) => by)]
  return {
    campaign,
    state,
    tally: await tallies.of(campaign, now),
    exclusions: await listExclusionBases(w.db, campaign.id),
    controls,
    names: await listOperatorNames(w.db, actors),
    maySeeCases: may(operator.roles, 'see-case'),
    mayExport: may(operator.roles, 'export'),
  }
}
