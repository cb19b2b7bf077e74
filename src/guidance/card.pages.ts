import { beginCardPayment, type CardReturn, getCardReturn, offerCard } from '#payments'
import { html } from '#platform/html/html'
import type { Asked, Reply, Route, Sent } from '#platform/http/http'
import type { PaymentProvider } from '#platform/payment-providers/provider'
import { assert } from '#values/assert'
import { type CardView, cardPage, cardReturnPage, cardWaitsPage } from './card.views.ts'
import { type Desk, page, seeOther, type Visiting, visitFormCallingOut, visitPage } from './door.pages.ts'
import { withStanding } from './standing.pages.ts'
import { urls } from './urls.ts'
import { findRedebits } from './ways.pages.ts'

export const cardRoutes = (desk: Desk): readonly Route[] => [
  visitPage(desk, urls.card, (asked, visiting) => showCard(desk, asked, visiting)),
  visitFormCallingOut(desk, urls.card, {
    run: (sent, visiting) => beginCard(desk, sent, visiting),
    again: (sent, visiting) => showCard(desk, sent, visiting, 'stale-page'),
  }),
  visitPage(desk, urls.cardReturn, ({ now }, visiting) => showReturn(desk, visiting, now), whenEnded),
]

/** Where the customer stands who pays next: a person who is two customers in the creditor's books pays one after the other. */
const showCard = (desk: Desk, asked: Asked, visiting: Visiting, because?: CardView['because']): Promise<Reply> =>
  withCard(desk, visiting, asked.now, async ({ provider, owing }) => {
    const [customerId] = owing
    const offer = await offerCard(desk.w, customerId, asked.now)
    const redebits = await findRedebits(desk, visiting, asked.now)
    if (offer.kind === 'refused')
      return offer.because === 'redebit-planned'
        ? page(cardWaitsPage(desk.look, { ...visiting, redebits }))
        : seeOther(urls.menu)
    const providerHost = new URL(provider.pageOrigin).host
    const { amount } = offer.order
    const of = { amount, count: owing.length, methods: offer.methods }
    const view = { ...visiting, ...of, formId: asked.formId(urls.card), providerHost, redebits, because }
    return page(cardPage(desk.look, view), statusOf(because))
  })

const statusOf = (because: CardView['because']): number => {
  switch (because) {
    case undefined:
      return 200
    case 'stale-page':
      return 422
    case 'unavailable':
      return 503
  }
}

const beginCard = (desk: Desk, sent: Sent, visiting: Visiting): Promise<Reply> =>
  withCard(desk, visiting, sent.now, async ({ provider, owing: [customerId] }) => {
    const { origin } = new URL(desk.w.creditor.siteAddress)
    const returnUrl = `${origin}${urls.cardReturn}`
    const cancelUrl = `${origin}${urls.card}`
    const begun = await beginCardPayment(desk.w, provider, { customerId, returnUrl, cancelUrl, now: sent.now })
    switch (begun.kind) {
      case 'begun':
        return seeOther(begun.url)
      case 'paid':
      case 'pending':
        return seeOther(urls.cardReturn)
      case 'unavailable':
        return showCard(desk, sent, visiting, 'unavailable')
      case 'refused':
        return seeOther(urls.card)
    }
  })

/** Also when everything is paid by now: that is what it tells. */
const showReturn = async (desk: Desk, visiting: Visiting, now: Date): Promise<Reply> => {
  const { cardProvider } = desk.w
  if (cardProvider === undefined) return seeOther(urls.menu)
  let outcome: CardReturn = 'not-paid'
  for (const customerId of visiting.visit.customerIds) {
    const one = await getCardReturn(desk.w, cardProvider, { customerId, now })
    if (one !== 'not-paid') outcome = one
  }
  return page(cardReturnPage(desk.look, { ...visiting, outcome }))
}

const withCard = (
  desk: Desk,
  visiting: Visiting,
  now: Date,
  go: (card: {
    readonly provider: PaymentProvider
    readonly owing: readonly [string, ...(readonly string[])]
  }) => Promise<Reply>,
): Promise<Reply> =>
  withStanding(desk, visiting, now, async ({ facts, offer }) => {
    const { cardProvider: provider } = desk.w
    if (offer.kind === 'on-hold' || provider === undefined) return seeOther(urls.menu)
    const [first, ...others] = new Set(facts.bills.map(({ customerId }) => customerId))
    assert(first !== undefined, 'somebody owes what is open')
    return go({ provider, owing: [first, ...others] })
  })

/** A card takes its time, and the visit may be over. */
const whenEnded = html`<p><b>カードでのお支払いを終えられた場合、もう一度お支払いいただく必要はありません。</b></p>
`
