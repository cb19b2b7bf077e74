import type { Clock } from '#platform/clock/clock'
import { type Database, inTransaction } from '#platform/database/database'
import type { Gateway } from '#platform/gateways/gateway'
import { keepReceipt, matchReceipts } from './receipts.store.ts'

/** Keeps every receipt before the carrier is told that it was received, then ties it to its message. */
export const listenToReceipts = (w: {
  readonly db: Database
  readonly clock: Clock
  readonly gateway: Gateway
  readonly gatewayName: string
}): void => {
  w.gateway.onReceipt(async (receipt) => {
    const now = w.clock.now()
    await inTransaction(w.db, (tx) => keepReceipt(tx, { ...receipt, gateway: w.gatewayName }, now))
    await settleReceipts(w.db, now)
  })
}

/** Ties what is waiting: a receipt may have come before its message's response was recorded. */
export const settleReceipts = (db: Database, now: Date): Promise<number> =>
  inTransaction(db, (tx) => matchReceipts(tx, now))
