import { policyTable } from '#identity'
import { listGatewayViews } from '#messages'
import { isBankDay } from '#values/business-day'
import { dayInJst, yearOf } from '#values/day'
import type { ConsoleRoute, OperatorAsked } from './console-route.ts'
import type { ConsoleDesk } from './desk.ts'
import { listOperators } from './operators.store.ts'
import { page } from './replies.pages.ts'
import { gatewaysPage, holidaysPage, peoplePage, policyPage, textsPage } from './settings.views.ts'
import { closedDaysOf } from './settings-holidays.rules.ts'
import { policyGroups } from './settings-policy.rules.ts'
import { checkedTexts } from './settings-texts.rules.ts'
import { urls } from './urls.ts'

/** Everything here is read: what it says comes from the creditor's file, the workers and the identity provider. */
export const settingsRoutes = ({ w, look }: ConsoleDesk): readonly ConsoleRoute[] => {
  const { creditor, holidays, db } = w
  const { policies } = creditor
  const settings = (path: string, html: (asked: OperatorAsked) => string | Promise<string>): ConsoleRoute => ({
    kind: 'page',
    path,
    may: 'see-settings',
    show: async (asked) => page(await html(asked)),
  })
  return [
    settings(urls.settings, ({ frame }) =>
      textsPage(look, frame, { texts: checkedTexts(creditor), sendsReceipts: policies.answerReceipt }),
    ),
    settings(urls.policySettings, ({ frame }) =>
      policyPage(look, frame, { groups: policyGroups(policies), guesses: policyTable(policies) }),
    ),
    settings(urls.holidaySettings, ({ frame, now }) => {
      const today = dayInJst(now)
      const years = [yearOf(today), yearOf(today) + 1].map((year) => ({ year, days: closedDaysOf(year, holidays) }))
      return holidaysPage(look, frame, { years, isTodayBankDay: isBankDay(today, holidays), contact: policies.contact })
    }),
    settings(urls.gatewaySettings, async ({ frame }) => gatewaysPage(look, frame, await listGatewayViews(db))),
    settings(urls.peopleSettings, async ({ frame }) =>
      peoplePage(look, frame, await listOperators(db, operatorsShown)),
    ),
  ]
}

const operatorsShown = 500
