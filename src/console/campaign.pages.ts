import { findOpenRequest, listAwaitingApproval, listCampaigns, planCampaignIn } from '#outreach'
import type { Reply } from '#platform/http/http'
import { approvalRoutes } from './campaign-approval.pages.ts'
import { controlRoutes } from './campaign-control.pages.ts'
import { toldIn, withCampaign } from './campaign-door.pages.ts'
import { excludedRoutes } from './campaign-excluded.pages.ts'
import { campaignListPage } from './campaign-list.views.ts'
import { showLive, showLiveFragment } from './campaign-live.pages.ts'
import { showPlan } from './campaign-plan.pages.ts'
import { showReview } from './campaign-review.pages.ts'
import { openTallies, type Tallies } from './campaign-tally.ts'
import { textRoutes } from './campaign-text.pages.ts'
import type { ConsoleRoute, OperatorAsked } from './console-route.ts'
import type { ConsoleDesk } from './desk.ts'
import { actorOf } from './operator.ts'
import { listOperatorNames } from './operator-names.store.ts'
import { page, seeOther } from './replies.pages.ts'
import { may } from './roles.rules.ts'
import { urls } from './urls.ts'

/** 配信: planned by one, approved by another, watched and stopped by whoever may. */
export const campaignRoutes = (desk: ConsoleDesk): readonly ConsoleRoute[] => {
  const tallies = openTallies(desk.w.db)
  return [
    { kind: 'page', path: urls.campaigns, may: 'see', show: (asked) => showList(desk, asked) },
    {
      kind: 'form',
      path: urls.planCampaign,
      may: 'plan-campaign',
      act: {
        commits: 'with-the-form',
        async run({ operator, now }, tx) {
          const { kind, campaign } = await planCampaignIn(tx, desk.w, { by: actorOf(operator), now })
          return seeOther(
            `${urls.campaign(campaign.id)}${kind === 'planned' ? '?done=planned' : '?refused=nothing-to-send'}`,
          )
        },
      },
      again: () => seeOther(`${urls.campaigns}?refused=stale`),
    },
    { kind: 'page', path: urls.campaign(':id'), may: 'see', show: (asked) => showCampaignPage(desk, tallies, asked) },
    {
      kind: 'fragment',
      path: urls.campaignLive(':id'),
      may: 'see',
      show: (asked) => withCampaign(desk, asked, (campaign) => showLiveFragment(desk, tallies, asked, campaign)),
    },
    ...textRoutes(desk),
    ...approvalRoutes(desk),
    ...controlRoutes(desk),
    ...excludedRoutes(desk),
  ]
}

const showList = async ({ w, look }: ConsoleDesk, { operator, frame, now, query, formId }: OperatorAsked) => {
  const campaigns = await listCampaigns(w, now)
  const asked = await Promise.all(
    campaigns.map(async ({ id, approvedAt }) => approvedAt === null && (await findOpenRequest(w.db, id)) !== undefined),
  )
  const mayApprove = may(operator.roles, 'approve-campaign')
  const waiting = mayApprove ? await listAwaitingApproval(w.db, actorOf(operator)) : []
  const actors = [
    ...campaigns.flatMap((one) => [one.plannedBy, one.approvedBy]),
    ...waiting.map(({ askedBy }) => askedBy),
  ]
  return page(
    campaignListPage(look, frame, {
      campaigns: campaigns.map((campaign, n) => ({ ...campaign, isAsked: asked[n] === true })),
      waiting,
      names: await listOperatorNames(w.db, actors),
      planFormId: may(operator.roles, 'plan-campaign') ? formId(urls.planCampaign) : undefined,
      told: toldIn(query),
    }),
  )
}

/** One address for a campaign's whole life: what it shows is what comes next. */
const showCampaignPage = (desk: ConsoleDesk, tallies: Tallies, asked: OperatorAsked): Promise<Reply> =>
  withCampaign(desk, asked, async (campaign) => {
    const told = toldIn(asked.query)
    if (campaign.approvedAt !== null) return showLive(desk, tallies, asked, campaign, told)
    const request = await findOpenRequest(desk.w.db, campaign.id)
    if (request !== undefined) return showReview(desk, asked, campaign, request, told)
    return showPlan(desk, asked, campaign, { told })
  })
