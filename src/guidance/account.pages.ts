import { type OpenBill, totalOn } from '#bills'
import { type AccountsToPay, findTransferAccounts } from '#payments'
import type { Route } from '#platform/http/http'
import { dayInJst } from '#values/day'
import { type AccountToPay, accountPage } from './account.views.ts'
import { type Desk, page, seeOther, visitPage } from './door.pages.ts'
import { withStanding } from './standing.pages.ts'
import { urls } from './urls.ts'
import { findRedebits } from './ways.pages.ts'

export const accountRoutes = (desk: Desk): readonly Route[] => [
  visitPage(desk, urls.account, ({ now }, visiting) =>
    withStanding(desk, visiting, now, async ({ facts, offer }) => {
      if (offer.kind === 'on-hold') return seeOther(urls.menu)
      const { db, creditor } = desk.w
      const today = dayInJst(now)
      const owing = [...new Set(facts.bills.map(({ customerId }) => customerId))]
      const accounts = await findTransferAccounts(db, creditor, owing)
      const redebits = await findRedebits(desk, visiting, now)
      const payments = paymentsOf(accounts, (of) => totalOn(facts.bills.filter(of), creditor.products, today))
      return page(accountPage(desk.look, { ...visiting, payments, redebits, today }))
    }),
  ),
]

/** Own accounts one by one, each with what its customer owes; the creditor's own only once, with the rest. */
const paymentsOf = (
  accounts: readonly AccountsToPay[],
  totalOf: (of: (bill: OpenBill) => boolean) => AccountToPay['total'],
): readonly AccountToPay[] => {
  const own = accounts.flatMap((each) =>
    each.kind === 'own'
      ? [{ accounts: [each.account], isOwn: true, total: totalOf(({ customerId }) => customerId === each.customerId) }]
      : [],
  )
  const shared = accounts.filter((each) => each.kind === 'creditor')
  const [first] = shared
  if (first === undefined) return own
  const total = totalOf(({ customerId }) => shared.some((each) => each.customerId === customerId))
  return [...own, { accounts: first.accounts, isOwn: false, total }]
}
