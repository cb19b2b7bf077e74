import { amountOn, type OpenBill, totalOn } from '#bills'
import type { Creditor } from '#creditor'
import { type Contract, listContracts } from '#customers'
import type { Route } from '#platform/http/http'
import { addDays, type Day, dayInJst } from '#values/day'
import { maskId } from '#values/mask'
import { yen } from '#values/yen'
import { amountPage, type ContractAmount } from './amount.views.ts'
import { billAmountOn, paidSoFar } from './bill-amount.rules.ts'
import type { Demand } from './demand.views.ts'
import { type Desk, page, visitPage } from './door.pages.ts'
import { withStanding } from './standing.pages.ts'
import { urls } from './urls.ts'
import { findRedebits, findWays } from './ways.pages.ts'

export const amountRoutes = (desk: Desk): readonly Route[] => [
  visitPage(desk, urls.amount, ({ now }, visiting) =>
    withStanding(desk, visiting, now, async ({ facts: { bills }, offer }) => {
      const { db, creditor } = desk.w
      const { products } = creditor
      const today = dayInJst(now)
      const contracts = await listContracts(db, visiting.visit.customerIds)
      return page(
        amountPage(desk.look, {
          ...visiting,
          now,
          contracts: contractAmounts(bills, products, today),
          totals: dayNames.map((name, days) => {
            const day = addDays(today, days)
            return { name, day, total: totalOn(bills, products, day) }
          }),
          paid: paidSoFar(bills, products, today)?.amount ?? yen(0),
          demands: demandsOf(bills, contracts, products, today),
          redebits: await findRedebits(desk, visiting, now),
          ways: offer.kind === 'on-hold' ? 'on-hold' : await findWays(desk, visiting, bills, now),
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
    bills: of.map((bill) => billAmountOn(bill, products, today)),
  }))

/** For loans only: 貸金業法 does not bind the rest. */
const demandsOf = (
  bills: readonly OpenBill[],
  contracts: readonly Contract[],
  products: Creditor['products'],
  today: Day,
): readonly Demand[] =>
  bills.flatMap((bill) => {
    const product = products[bill.product ?? '']
    const { customerId, contractNumber, dueDay } = bill
    if (product?.loan !== true || contractNumber === null) return []
    const contract = contracts.find((each) => each.customerId === customerId && each.contractNumber === contractNumber)
    return [
      {
        product: product.name,
        contractNumber: maskId(contractNumber),
        contractDay: contract?.contractDay ?? undefined,
        loanAmount: contract?.loanAmount ?? undefined,
        annualRatePercent: contract?.annualRatePercent ?? undefined,
        dueDay,
        left: amountOn(bill, products, today),
      },
    ]
  })
