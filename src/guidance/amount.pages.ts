import { amountOn, type OpenBill, totalOn } from '#bills'
import type { Creditor } from '#creditor'
import type { Route } from '#platform/http/http'
import { addDays, type Day, dayInJst } from '#values/day'
import { maskId } from '#values/mask'
import { amountPage, type ContractAmount } from './amount.views.ts'
import { type Desk, page, visitPage } from './door.pages.ts'
import { withStanding } from './standing.pages.ts'
import { urls } from './urls.ts'

export const amountRoutes = (desk: Desk): readonly Route[] => [
  visitPage(desk, urls.amount, ({ now }, visiting) =>
    withStanding(desk, visiting, now, async ({ facts, offer }) => {
      const { products } = desk.w.creditor
      const today = dayInJst(now)
      return page(
        amountPage(desk.look, {
          ...visiting,
          now,
          contracts: contractAmounts(facts.bills, products, today),
          totals: dayNames.map((name, days) => {
            const day = addDays(today, days)
            return { name, day, total: totalOn(facts.bills, products, day) }
          }),
          isOnHold: offer.kind === 'on-hold',
        }),
      )
    }),
  ),
]

const dayNames = ['本日', '明日', '明後日']

const contractAmounts = (
  bills: readonly OpenBill[],
  products: Creditor['products'],
  today: Day,
): readonly ContractAmount[] =>
  [...Map.groupBy(bills, ({ contractNumber, billId }) => contractNumber ?? billId).values()].map((of) => ({
    product: products[of[0]?.product ?? '']?.name,
    contractNumber: of[0]?.contractNumber == null ? undefined : maskId(of[0].contractNumber),
    bills: of.map((bill) => ({ dueDay: bill.dueDay, amount: amountOn(bill, products, today) })),
  }))
