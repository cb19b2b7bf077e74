import { totalOn } from '#bills'
import type { Route } from '#platform/http/http'
import { dayInJst } from '#values/day'
import { accountPage } from './account.views.ts'
import { type Desk, page, seeOther, visitPage } from './door.pages.ts'
import { withStanding } from './standing.pages.ts'
import { urls } from './urls.ts'

export const accountRoutes = (desk: Desk): readonly Route[] => [
  visitPage(desk, urls.account, ({ now }, visiting) =>
    withStanding(desk, visiting, now, async ({ facts, offer }) => {
      if (offer.kind === 'on-hold') return seeOther(urls.menu)
      const { transferAccounts: accounts, products } = desk.w.creditor
      const today = dayInJst(now)
      return page(
        accountPage(desk.look, { ...visiting, accounts, today, total: totalOn(facts.bills, products, today) }),
      )
    }),
  ),
]
