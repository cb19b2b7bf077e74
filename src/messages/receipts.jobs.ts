import type { Clock } from '#platform/clock/clock'
import { type Database, inTransaction, withAdvisoryLock } from '#platform/database/database'
import type { Gateway, Receipt } from '#platform/gateways/gateway'
import type { Timers } from '#platform/gateways/timers'
import type { Outbox } from './outbox.ts'
import { hasWaitingReceipts, tieReceipts } from './receipts.store.ts'

/** One statement keeps this many; a carrier that sends more at once waits for the next. */
const batchMax = 500

export type ReceiptKeeper = {
  /** Every receipt of this bind is kept before the carrier is told that it was received. */
  listenTo(gateway: Gateway, name: string): void
  /** For receipts that come by other ways: whether it is kept. */
  handOn(name: string): (receipt: Receipt) => Promise<boolean>
  /** A receipt of this id waits until the carrier's answer is written down, so that it finds its message. */
  expect(name: string, carrierId: string, recorded: Promise<void>): void
}

/**
 * A moment in which receipts gather: one statement for many. It also lets the answer to a submit, which may stand before
 * the receipt in the same bytes, be seen first.
 */
const gatherMs = 4
/**
 * As long as more come they gather for some more such moments, for a commit costs as much as twenty receipts. A carrier
 * that waits for our word before it sends the next falls silent, and has it a moment later.
 */
const momentsMax = 5

/** Keeps receipts in batches: while one is written, the next gathers. */
export const openReceiptKeeper = (w: {
  readonly outbox: Pick<Outbox, 'keepReceipts'>
  readonly clock: Clock
  readonly timers: Timers
}): ReceiptKeeper => {
  const expected = new Map<string, Promise<void>>()
  const gathering = new Map<string, Batch>()
  const tails = new Map<string, Promise<void>>()

  const keep = (name: string, receipt: Receipt): Promise<void> => {
    const open = gathering.get(name)
    if (open !== undefined && open.receipts.length < batchMax) {
      open.receipts.push(receipt)
      return open.kept
    }
    const receipts = [receipt]
    const gathered = gather(w.timers, receipts)
    const kept = Promise.all([gathered, tails.get(name)]).then(async () => {
      if (gathering.get(name)?.receipts === receipts) gathering.delete(name)
      await Promise.all(new Set(receipts.map(({ carrierId }) => expected.get(`${name} ${carrierId}`))))
      await w.outbox.keepReceipts(name, receipts, w.clock.now())
    })
    gathering.set(name, { receipts, kept })
    tails.set(
      name,
      kept.catch(() => {}),
    )
    return kept
  }

  return {
    listenTo(gateway, name) {
      gateway.onReceipt((receipt) => keep(name, receipt))
    },
    handOn: (name) => (receipt) =>
      keep(name, receipt).then(
        () => true,
        () => false,
      ),
    expect(name, carrierId, recorded) {
      const key = `${name} ${carrierId}`
      expected.set(key, recorded)
      void recorded.then(() => expected.delete(key))
    },
  }
}

const gather = async (timers: Timers, receipts: readonly Receipt[]): Promise<void> => {
  for (let moments = 0, before = 1; moments < momentsMax; moments++) {
    await new Promise<void>((resolve) => void timers.after(gatherMs, resolve))
    if (receipts.length === before || receipts.length >= batchMax) return
    before = receipts.length
  }
}

type Batch = { readonly receipts: Receipt[]; readonly kept: Promise<void> }

/** Ties what is waiting: a receipt may have come before its message's answer was recorded. */
export const settleReceipts = async (
  db: Database,
  range: { readonly since: Date; readonly now: Date },
): Promise<number> => {
  if (!(await hasWaitingReceipts(db, range.since))) return 0
  return inTransaction(db, async (tx) => {
    await withAdvisoryLock(tx, 'settle receipts')
    return tieReceipts(tx, range)
  })
}
