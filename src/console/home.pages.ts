import { listGatewayViews } from '#messages'
import { listCampaigns } from '#outreach'
import { dayInJst } from '#values/day'
import { countWaitingFor } from './badges.ts'
import { openTallies, type Tallies } from './campaign-tally.ts'
import type { ConsoleRoute, OperatorAsked } from './console-route.ts'
import type { ConsoleDesk } from './desk.ts'
import { type HomeView, homeLive, homePage, type TodaysCampaign } from './home.views.ts'
import { page } from './replies.pages.ts'
import { urls } from './urls.ts'

export const homeRoutes = (desk: ConsoleDesk): readonly ConsoleRoute[] => {
  const tallies = openTallies(desk.w.db)
  const view = (asked: OperatorAsked) => lookAt(desk, tallies, asked)
  return [
    {
      kind: 'page',
      path: urls.home,
      may: 'signed-in',
      show: async (asked) => page(homePage(desk.look, asked.frame, await view(asked))),
    },
    {
      kind: 'fragment',
      path: urls.homeLive,
      may: 'signed-in',
      show: async (asked) => page(String(homeLive(await view(asked)))),
    },
  ]
}

const lookAt = async ({ w }: ConsoleDesk, tallies: Tallies, { operator, now }: OperatorAsked): Promise<HomeView> => ({
  now,
  operator,
  waiting: await countWaitingFor(w.db, operator, now),
  campaigns: await listToday({ w }, tallies, now),
  gateways: await listGatewayViews(w.db),
})

/** Those that were approved today, and those that are still going on. */
const listToday = async (
  { w }: Pick<ConsoleDesk, 'w'>,
  tallies: Tallies,
  now: Date,
): Promise<readonly TodaysCampaign[]> => {
  const today = dayInJst(now)
  const found = (await listCampaigns(w, now)).filter(
    ({ approvedAt, state }) =>
      approvedAt !== null && (dayInJst(approvedAt) === today || stillGoing.includes(state.kind)),
  )
  return Promise.all(found.map(async (campaign) => ({ campaign, tally: await tallies.of(campaign, now) })))
}

const stillGoing: readonly string[] = ['sending', 'outside-hours', 'paused']
