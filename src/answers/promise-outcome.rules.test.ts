import { expect, test } from 'vitest'
import { day } from '#values/day'
import { at } from '../../test/casework.ts'
import { judgePromise, lastJudgedDay, type PromisedBill, type PromiseVerdict } from './promise-outcome.rules.ts'

const policies = { promise: { days: 2, brokenMax: 2, postingBankDays: 1, judgedAt: '18:00' } }
const settled = (onDay: string): PromisedBill => ({ how: 'settled', onDay: day(onDay) })
const open: PromisedBill = { how: 'open' }
const withdrawn: PromisedBill = { how: 'withdrawn' }

const [before, after] = [at('2026-11-26', 17, 59, 59), at('2026-11-26', 18)]

test.each<[string, readonly PromisedBill[], Date, PromiseVerdict]>([
  ['nothing has come yet', [open], before, 'pending'],
  ['nothing has come when it is judged', [open], after, 'broken'],
  ['everything came on the day', [settled('2026-11-25')], before, 'kept'],
  ['kept long before the day', [settled('2026-11-24')], at('2026-11-24', 12), 'kept'],
  ['it counts on the last day', [settled('2026-11-26'), settled('2026-11-25')], after, 'kept'],
  ['kept though it is judged late', [settled('2026-11-26')], at('2026-12-24', 18), 'kept'],
  ['it counts a day too late', [settled('2026-11-27')], at('2026-11-27', 10), 'broken'],
  ['only a part came', [settled('2026-11-25'), open], before, 'pending'],
  ['only a part came when it is judged', [settled('2026-11-25'), open], after, 'broken'],
  ['the rest was taken back', [settled('2026-11-25'), withdrawn], before, 'kept'],
  ['everything was taken back', [withdrawn, withdrawn], before, 'withdrawn'],
  ['everything was taken back, found late', [withdrawn], after, 'withdrawn'],
  ['what is left is open', [withdrawn, open], after, 'broken'],
])('a promise with money until 26 November: %s', (_why, bills, now, verdict) => {
  expect(judgePromise({ quietUntil: day('2026-11-26'), bills }, policies, now)).toBe(verdict)
})

test('a day is judged from its hour on', () => {
  expect([lastJudgedDay(policies, before), lastJudgedDay(policies, after)]).toEqual(['2026-11-25', '2026-11-26'])
})
