import { type OpenBill, totalOn } from '#bills'
import type { Creditor } from '#creditor'
import { listPayEasy, type PayEasy } from '#payments'
import type { Route } from '#platform/http/http'
import { type Day, dayInJst } from '#values/day'
import { maskId } from '#values/mask'
import { type Desk, page, seeOther, visitPage } from './door.pages.ts'
import { type PayEasyContract, payEasyPage } from './pay-easy.views.ts'
import { withStanding } from './standing.pages.ts'
import { urls } from './urls.ts'
import { findRedebits } from './ways.pages.ts'

export const payEasyRoutes = (desk: Desk): readonly Route[] => [
  visitPage(desk, urls.payEasy, ({ now }, visiting) =>
    withStanding(desk, visiting, now, async ({ facts, offer }) => {
      if (offer.kind === 'on-hold') return seeOther(urls.menu)
      const { db, creditor } = desk.w
      const today = dayInJst(now)
      const numbers = await listPayEasy(db, creditor, visiting.visit.customerIds)
      const contracts = contractsOf(numbers, facts.bills, creditor.products, today)
      if (contracts.length === 0) return seeOther(urls.menu)
      const redebits = await findRedebits(desk, visiting, now)
      return page(payEasyPage(desk.look, { ...visiting, contracts, redebits, today }))
    }),
  ),
]

/** Only contracts of which the service may show a bill. */
const contractsOf = (
  numbers: readonly PayEasy[],
  bills: readonly OpenBill[],
  products: Creditor['products'],
  today: Day,
): readonly PayEasyContract[] =>
  numbers.flatMap((of) => {
    const own = bills.filter((bill) => bill.customerId === of.customerId && bill.contractNumber === of.contractNumber)
    const [first] = own
    if (first === undefined) return []
    const contract = { product: products[first.product ?? '']?.name, contractNumber: maskId(of.contractNumber) }
    return [{ ...of, ...contract, total: totalOn(own, products, today) }]
  })
