import { expect, test } from 'vitest'
import type { Gateway, Receipt, ReceiptHandler } from '#platform/gateways/gateway'
import type { Timers } from '#platform/gateways/timers'
import { openReceiptKeeper } from './receipts.jobs.ts'

/** A keeper whose clock only moves when told to, and what it wrote down: when, and how many. */
const opened = () => {
  let nowMs = 0
  let due: { readonly atMs: number; readonly act: () => void }[] = []
  const timers: Timers = {
    after(ms, act) {
      const timer = { atMs: nowMs + ms, act }
      due.push(timer)
      return {
        cancel: () => {
          due = due.filter((one) => one !== timer)
        },
      }
    },
  }
  const written: [number, number][] = []
  const keeper = openReceiptKeeper({
    timers,
    clock: { now: () => new Date(nowMs) },
    outbox: { keepReceipts: async (_, receipts) => void written.push([nowMs, receipts.length]) },
  })
  let hand: ReceiptHandler = async () => {}
  const gateway: Pick<Gateway, 'onReceipt'> = {
    onReceipt: (handler) => {
      hand = handler
    },
  }
  keeper.listenTo(gateway as Gateway, 'carrier')
  const rest = () => new Promise((resolve) => setImmediate(resolve))
  return {
    written,
    come: () => void hand({ carrierId: `${nowMs}`, state: 'delivered', raw: '' } satisfies Receipt),
    async until(ms: number) {
      for (; nowMs < ms; nowMs++) {
        for (const timer of due.filter(({ atMs }) => atMs <= nowMs)) {
          due.splice(due.indexOf(timer), 1)
          timer.act()
        }
        await rest()
      }
    },
  }
}

test('a receipt that comes alone is written down after a moment', async () => {
  const { written, come, until } = opened()
  come()
  await until(60)
  expect(written).toEqual([[4, 1]])
})

test('receipts that go on coming gather for twenty milliseconds', async () => {
  const { written, come, until } = opened()
  for (let ms = 0; ms < 40; ms++) {
    come()
    await until(ms + 1)
  }
  await until(100)
  expect(written).toEqual([
    [20, 21],
    [41, 19],
  ])
})

test('a carrier that waits for our word does not wait for others that do not come', async () => {
  const { written, come, until } = opened()
  for (let count = 0; count < 10; count++) come()
  await until(60)
  expect(written).toEqual([[8, 10]])
})
