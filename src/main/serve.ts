import { guidanceAssets, guidanceRoutes } from '#guidance'
import { openReceiptKeeper, openReceiptStore } from '#messages'
import { systemTimers } from '#platform/gateways/timers'
import { type HttpServer, startHttp } from '#platform/http/http'
import type { Log } from '#platform/log'
import { cardRoutes, findCardProvider } from './cards.ts'
import { receiptRoutes } from './gateways.ts'
import type { World } from './world.ts'

/** Starts the customers' site. */
export const startSite = async (world: World, log: Log): Promise<HttpServer> => {
  const { db, vault, clock, chance, creditor, settings } = world
  const assets = guidanceAssets()
  const cardProvider = findCardProvider(world, log)
  const guidance = guidanceRoutes({ ...world, cardProvider }, assets)
  const receipts = openReceiptKeeper({ outbox: openReceiptStore(world), clock, timers: systemTimers })
  return startHttp({
    ...settings.portal,
    ...assets,
    ...guidance,
    routes: [...guidance.routes, ...(await receiptRoutes(world, receipts.handOn)), ...cardRoutes(world, cardProvider)],
    siteOrigin: new URL(creditor.siteAddress).origin,
    trustedProxies: settings.trustedProxies,
    db,
    vault,
    clock,
    chance,
    onFault: logFault(log),
  })
}

export const logFault =
  (log: Log) =>
  (error: unknown, at: { readonly method: string; readonly route: string; readonly status: number }): void =>
    log.error({ ...at, err: error }, 'request failed')
