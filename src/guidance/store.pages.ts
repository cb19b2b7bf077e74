import type { OpenBill } from '#bills'
import { findSlip, issueSlip, listRedebitFacts, readSlipBarcode, type Slip, slipDigitLines, slipSvg } from '#payments'
import type { Asked, Reply, Route } from '#platform/http/http'
import { dayInJst } from '#values/day'
import { type Desk, page, seeOther, type Visiting, visitForm, visitPage, within } from './door.pages.ts'
import { type SlipFigure, slipPage } from './slip.views.ts'
import { withStanding } from './standing.pages.ts'
import { type Owing, owingOf, type StoreState, storeState } from './store.rules.ts'
import { storeOfferPage, storeTooMuchPage, storeWaitsPage } from './store-offer.views.ts'
import { urls } from './urls.ts'
import { findRedebits } from './ways.pages.ts'

export const storeRoutes = (desk: Desk): readonly Route[] => [
  visitPage(desk, urls.store, (asked, visiting) => showStore(desk, asked, visiting)),
  visitForm(desk, urls.store, {
    run: (sent, visiting, tx) =>
      withStanding(within(desk, tx), visiting, sent.now, async ({ facts, offer }) => {
        if (offer.kind === 'on-hold') return seeOther(urls.menu)
        const { creditor, chance } = desk.w
        for (const { customerId, lastDay } of await listOwing(within(desk, tx), visiting, facts.bills, sent.now))
          await issueSlip(tx, creditor, { customerId, chance, now: sent.now, lastDay })
        return seeOther(urls.store)
      }),
    again: (sent, visiting) => showStore(desk, sent, visiting, 'stale-page'),
  }),
]

const showStore = (desk: Desk, asked: Asked, visiting: Visiting, stale?: 'stale-page'): Promise<Reply> =>
  withStanding(desk, visiting, asked.now, async ({ facts, offer }) => {
    const state = offer.kind === 'on-hold' ? closed : await findState(desk, visiting, facts.bills, asked.now)
    const redebits = await findRedebits(desk, visiting, asked.now)
    switch (state.kind) {
      case 'slips':
        return page(slipPage(desk.look, { ...visiting, ...state, slips: state.slips.map(figureOf), redebits }))
      case 'offer': {
        const formId = asked.formId(urls.store)
        const view = { ...visiting, ...state, formId, redebits, because: stale ?? state.because }
        return page(storeOfferPage(desk.look, view), stale ? 422 : 200)
      }
      case 'too-much':
        return page(storeTooMuchPage(desk.look, { ...visiting, ...state }))
      case 'redebit-under-way':
        return page(storeWaitsPage(desk.look, { ...visiting, redebits }))
      case 'closed':
        return seeOther(urls.menu)
    }
  })

const closed: StoreState = { kind: 'closed' }

const findState = async (
  desk: Desk,
  visiting: Visiting,
  bills: readonly OpenBill[],
  now: Date,
): Promise<StoreState> => {
  const { db, creditor } = desk.w
  const facts = []
  for (const { customerId, owed, lastDay } of await listOwing(desk, visiting, bills, now))
    facts.push({ owed, lastDay, standing: await findSlip(db, creditor, customerId, bills, { now, lastDay }) })
  return storeState(facts, creditor, dayInJst(now))
}

const listOwing = async (
  { w }: Desk,
  { visit }: Visiting,
  bills: readonly OpenBill[],
  now: Date,
): Promise<readonly Owing[]> => {
  const redebits = await listRedebitFacts(w.db, visit.customerIds, w.creditor)
  return owingOf(bills, redebits, w.creditor, w.holidays, dayInJst(now))
}

const figureOf = ({ amount, expiresOn, barcode }: Slip): SlipFigure => ({
  amount,
  expiresOn,
  symbol: slipSvg(barcode),
  digits: slipDigitLines(barcode),
  needsStamp: readSlipBarcode(barcode)?.needsStamp ?? false,
})
