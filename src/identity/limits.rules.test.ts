import { expect, test } from 'vitest'
import { readCreditor } from '#creditor'
import { day, instantOfJst } from '#values/day'
import {
  codeLockEnd,
  identityLockEnd,
  isBeyondCodeLimits,
  type Standing,
  wrongCodesLeft,
  wrongRunStart,
} from './limits.rules.ts'

const { policies } = await readCreditor('creditor/demo.yaml', { demo: true })
const now = instantOfJst(day('2026-11-24'), 15, 42)
const midnight = instantOfJst(day('2026-11-25'), 0)
const none: Standing = { codesToday: 0, smsToday: 0, wrongToday: 0, wrongRun: [] }
const run = (...days: readonly (readonly [string, number])[]) =>
  days.map(([of, count]) => ({ dayStart: instantOfJst(day(of), 0), count }))

test.each([
  ['nothing wrong', none, undefined],
  ['8 today', { ...none, wrongToday: 8 }, undefined],
  ['9 today: until midnight', { ...none, wrongToday: 9 }, midnight],
  ['9 in the run', { ...none, wrongRun: run(['2026-11-20', 9]) }, undefined],
  [
    '10 in the run: until the oldest day has left it',
    { ...none, wrongRun: run(['2026-11-20', 3], ['2026-11-01', 2], ['2026-11-24', 5]) },
    instantOfJst(day('2026-12-01'), 0),
  ],
  [
    'more than ten: until enough days have left it',
    { ...none, wrongRun: run(['2026-11-01', 2], ['2026-11-20', 3], ['2026-11-24', 9]) },
    instantOfJst(day('2026-12-20'), 0),
  ],
  [
    'both: the later of the two',
    { ...none, wrongToday: 9, wrongRun: run(['2026-11-23', 1], ['2026-11-24', 9]) },
    instantOfJst(day('2026-12-23'), 0),
  ],
])('%s', (_, standing, until) => {
  expect(codeLockEnd(standing, policies, now)).toEqual(until)
})

test('the try being made may be the last one, and not one more', () => {
  expect(isBeyondCodeLimits({ ...none, wrongToday: 9, wrongRun: run(['2026-11-24', 9]) }, policies)).toBe(false)
  expect(isBeyondCodeLimits({ ...none, wrongToday: 10 }, policies)).toBe(true)
  expect(isBeyondCodeLimits({ ...none, wrongRun: run(['2026-11-01', 9], ['2026-11-24', 1]) }, policies)).toBe(false)
  expect(isBeyondCodeLimits({ ...none, wrongRun: run(['2026-11-01', 9], ['2026-11-24', 2]) }, policies)).toBe(true)
})

test('what is left is the less of the two', () => {
  expect(wrongCodesLeft({ ...none, wrongToday: 7, wrongRun: run(['2026-11-24', 7]) }, policies)).toBe(2)
  expect(
    wrongCodesLeft({ ...none, wrongToday: 1, wrongRun: run(['2026-11-20', 8], ['2026-11-24', 1]) }, policies),
  ).toBe(1)
  expect(wrongCodesLeft({ ...none, wrongToday: 10 }, policies)).toBe(0)
})

test('thirty days are counted with today', () => {
  expect(wrongRunStart(now)).toEqual(instantOfJst(day('2026-10-26'), 0))
})

test.each([
  [5, 20, undefined],
  [6, 20, midnight],
  [5, 21, midnight],
])('%i forms of phone and client, %i of the phone', (ofPhoneAndClient, ofPhone, until) => {
  expect(identityLockEnd({ ofPhoneAndClient, ofPhone }, policies, now)).toEqual(until)
})

test('a day ends at midnight in Japan', () => {
  const before = new Date('2026-11-24T14:59:59.999Z')
  const after = new Date('2026-11-24T15:00:00.000Z')
  const tries = { ofPhoneAndClient: 6, ofPhone: 6 }
  expect(identityLockEnd(tries, policies, before)).toEqual(after)
  expect(identityLockEnd(tries, policies, after)).toEqual(new Date('2026-11-25T15:00:00.000Z'))
})
