import type { Route } from '#platform/http/http'
import { accountRoutes } from './account.pages.ts'
import { amountRoutes } from './amount.pages.ts'
import { cardRoutes } from './card.pages.ts'
import { codeRoutes } from './code.pages.ts'
import { consultationRoutes } from './consultation.pages.ts'
import type { Desk } from './door.pages.ts'
import { endRoutes } from './end.pages.ts'
import { identityRoutes } from './identity.pages.ts'
import { type GuidanceAssets, lookOf } from './look.pages.ts'
import { menuRoutes } from './menu.pages.ts'
import { paidRoutes } from './paid.pages.ts'
import { payEasyRoutes } from './pay-easy.pages.ts'
import { paymentReceiptRoutes } from './payment-receipt.pages.ts'
import { promiseRoutes } from './promise.pages.ts'
import { publicRoutes } from './public.pages.ts'
import { receiptRoutes } from './receipt.pages.ts'
import { storeRoutes } from './store.pages.ts'
import { troublePage } from './trouble.views.ts'
import type { GuidanceWorld } from './world.ts'

export type GuidanceSite = {
  readonly routes: readonly Route[]
  showTrouble(status: number): string
  /** The idle warning asks for the page once more, so that what was typed into it stays. */
  readonly scriptsMayConnect: true
  /** Where the button of a card payment leads. */
  readonly formsMayGoTo: readonly string[]
}

/** The customers' site: every page in the order in which a customer meets them. */
export const guidanceRoutes = (w: GuidanceWorld, assets: GuidanceAssets): GuidanceSite => {
  const desk: Desk = { w, look: lookOf(w.creditor, assets) }
  return {
    routes: [
      ...publicRoutes(desk),
      ...identityRoutes(desk),
      ...codeRoutes(desk),
      ...menuRoutes(desk),
      ...paidRoutes(desk),
      ...promiseRoutes(desk),
      ...consultationRoutes(desk),
      ...receiptRoutes(desk),
      ...amountRoutes(desk),
      ...accountRoutes(desk),
      ...storeRoutes(desk),
      ...payEasyRoutes(desk),
      ...cardRoutes(desk),
      ...paymentReceiptRoutes(desk),
      ...endRoutes(desk),
    ],
    showTrouble: (status) => troublePage(desk.look, status),
    scriptsMayConnect: true,
    formsMayGoTo: w.cardProvider === undefined ? [] : [w.cardProvider.pageOrigin],
  }
}
