import { listOpenBills, totalOn } from '#bills'
import type { Creditor } from '#creditor'
import { type Contract, getPerson, listContracts } from '#customers'
import { listReceived, type Received } from '#payments'
import type { Route } from '#platform/http/http'
import { assert } from '#values/assert'
import { dayInJst } from '#values/day'
import { maskId } from '#values/mask'
import { type Desk, page, seeOther, visitPage } from './door.pages.ts'
import { paymentReceiptPage, type ReceivedView } from './payment-receipt.views.ts'
import { urls } from './urls.ts'

/** Open as long as the visit is: also when everything is paid, and that is when it is asked for. */
export const paymentReceiptRoutes = (desk: Desk): readonly Route[] => [
  visitPage(desk, urls.paymentReceipt, async ({ now }, visiting) => {
    const { db, vault, creditor } = desk.w
    const { customerIds } = visiting.visit
    const received = await listReceived(db, customerIds, creditor.products)
    if (received.length === 0) return seeOther(urls.menu)
    const contracts = await listContracts(db, customerIds)
    const bills = await listOpenBills(db, customerIds, creditor.products)
    const [customerId] = customerIds
    assert(customerId !== undefined, 'a visit is somebody’s')
    const { family, given } = await getPerson(db, vault, customerId)
    return page(
      paymentReceiptPage(desk.look, {
        ...visiting,
        name: `${family} ${given}`,
        received: received.map((each) => viewOf(each, contracts, creditor.products)),
        left: totalOn(bills, creditor.products, dayInJst(now)),
        now,
      }),
    )
  }),
]

const viewOf = (received: Received, contracts: readonly Contract[], products: Creditor['products']): ReceivedView => ({
  ...received,
  parts: received.parts.map((part) => {
    const product = products[part.product ?? '']
    const contract = contracts.find(({ id, customerId }) => id === part.contractId && customerId === part.customerId)
    const { contractDay, loanAmount } = contract ?? { contractDay: null, loanAmount: null }
    return {
      ...part,
      product: product?.name,
      contractNumber: part.contractNumber === null ? undefined : maskId(part.contractNumber),
      loan:
        product?.loan === true
          ? { contractDay: contractDay ?? undefined, loanAmount: loanAmount ?? undefined }
          : undefined,
    }
  }),
})
