import { expect, test } from 'vitest'
import { day } from '#values/day'
import { yen } from '#values/yen'
import { creditorWith, tuesday } from '../../test/casework.ts'
import { convenienceStoreOffer } from './convenience-store.rules.ts'

const { convenienceStore } = await creditorWith()
if (convenienceStore === undefined) throw new Error('the demo takes money at convenience stores')

const offer = (
  total: number,
  { change = {}, lastDay }: { change?: Partial<typeof convenienceStore>; lastDay?: ReturnType<typeof day> } = {},
) =>
  convenienceStoreOffer(
    { convenienceStore: { ...convenienceStore, ...change } },
    { total: yen(total), today: tuesday, lastDay },
  )

const both = ['サンプルマート', 'みほんストア']

test.each([
  [1, both],
  [299_999, both],
  [300_000, ['サンプルマート']],
])('%i yen can be paid at %j', (total, chains) => {
  expect(offer(total)).toMatchObject({ kind: 'offered', amount: total, chains, expiresOn: '2026-11-26' })
})

test.each([
  [300_001, {}, { kind: 'too-much', limitYen: 300_000 }],
  [50_001, { limitYen: 50_000 }, { kind: 'too-much', limitYen: 50_000 }],
  [50_000, { limitYen: 50_000 }, { kind: 'offered', chains: both }],
  [400_000, { limitYen: 500_000 }, { kind: 'offered', chains: ['サンプルマート'] }],
  [0, {}, { kind: 'unavailable', because: 'nothing-owed' }],
  [1, { acceptsScreens: false }, { kind: 'unavailable', because: 'screens-not-accepted' }],
])('%i yen under %j: %j', (total, change, expected) => {
  expect(offer(total, { change })).toMatchObject(expected)
})

test('without an agent there is no slip', () => {
  expect(convenienceStoreOffer({}, { total: yen(1), today: tuesday })).toEqual({
    kind: 'unavailable',
    because: 'not-configured',
  })
})

test.each([
  [1, undefined, '2026-11-24'],
  [60, undefined, '2027-01-22'],
  [3, '2026-11-25', '2026-11-25'],
  [3, '2026-11-24', '2026-11-24'],
  [3, '2026-12-24', '2026-11-26'],
])('payable for %i days, money allowed until %s: the slip ends on %s', (payableDays, last, expiresOn) => {
  const lastDay = last === undefined ? {} : { lastDay: day(last) }
  expect(offer(1, { change: { payableDays }, ...lastDay })).toMatchObject({ kind: 'offered', expiresOn })
})

test('after the cut-off of a re-debit no slip is issued', () => {
  expect(offer(1, { lastDay: day('2026-11-23') })).toEqual({ kind: 'unavailable', because: 'no-day-left' })
})
