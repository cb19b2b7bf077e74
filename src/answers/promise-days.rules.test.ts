import fc from 'fast-check'
import { expect, test } from 'vitest'
import { japaneseHolidays as holidays } from '#platform/calendar/holidays'
import { addBankDays, isBankDay, nextBankDayOnOrAfter } from '#values/business-day'
import { addDays, day } from '#values/day'
import { promiseChoices, quietAfterTelling, quietUntil } from './promise-days.rules.ts'

const promise = (postingBankDays: number) => ({
  promise: { days: 2, brokenMax: 2, postingBankDays, judgedAt: '18:00' },
})

test('two days are tomorrow and the day after, by their names', () => {
  expect(promiseChoices({ today: day('2026-11-24'), days: 2, holidays })).toEqual([
    { day: '2026-11-25', name: '明日', countsOn: '2026-11-25' },
    { day: '2026-11-26', name: '明後日', countsOn: '2026-11-26' },
  ])
})

test('on Friday both are days on which no bank is open: each says when a transfer will count', () => {
  expect(promiseChoices({ today: day('2026-11-20'), days: 2, holidays }).map(({ countsOn }) => countsOn)).toEqual([
    '2026-11-24',
    '2026-11-24',
  ])
})

test('a longer list goes on with days that have no name', () => {
  const choices = promiseChoices({ today: day('2026-12-28'), days: 5, holidays })
  expect(choices.map((choice) => [choice.day, choice.name, choice.countsOn])).toEqual([
    ['2026-12-29', '明日', '2026-12-29'],
    ['2026-12-30', '明後日', '2026-12-30'],
    ['2026-12-31', null, '2027-01-04'],
    ['2027-01-01', null, '2027-01-04'],
    ['2027-01-02', null, '2027-01-04'],
  ])
})

test('tomorrow of 28 February is the 29th only in a leap year', () => {
  const tomorrowOf = (today: string) => promiseChoices({ today: day(today), days: 1, holidays })[0]?.day
  expect([tomorrowOf('2027-02-28'), tomorrowOf('2028-02-28')]).toEqual(['2027-03-01', '2028-02-29'])
})

test.each([
  {
    why: 'on the day of the promise both first days are there',
    today: '2026-11-24',
    days: ['2026-11-25', '2026-11-26'],
  },
  { why: 'on its own day only the last one first offered', today: '2026-11-25', days: ['2026-11-26'] },
  { why: 'after its day none', today: '2026-11-26', days: [] },
])('a promise of the 24th for the 25th moves: $why', ({ today, days }) => {
  const pending = [{ day: day('2026-11-25'), lastOfferedDay: day('2026-11-26') }]
  expect(promiseChoices({ today: day(today), days: 2, holidays, pending }).map((choice) => choice.day)).toEqual(days)
})

test('several promises move together only to days that every one of them allows', () => {
  const pending = [
    { day: day('2026-11-25'), lastOfferedDay: day('2026-11-25') },
    { day: day('2026-11-26'), lastOfferedDay: day('2026-11-26') },
  ]
  const choices = promiseChoices({ today: day('2026-11-24'), days: 2, holidays, pending })
  expect(choices.map((choice) => choice.day)).toEqual(['2026-11-25'])
})

test.each([
  ['2026-11-25', 1, '2026-11-26'],
  // Friday: its money is seen on Monday.
  ['2026-11-27', 1, '2026-11-30'],
  // Saturday: it is paid on Monday and seen on Tuesday.
  ['2026-11-28', 1, '2026-12-01'],
  ['2026-11-21', 1, '2026-11-25'],
  ['2026-12-30', 1, '2027-01-04'],
  ['2026-12-31', 1, '2027-01-05'],
  ['2026-11-28', 0, '2026-11-30'],
  ['2026-11-25', 0, '2026-11-25'],
  ['2026-11-25', 3, '2026-11-30'],
])('a promise for %s with %i bank days of posting is quiet until %s', (promised, posting, until) => {
  expect(quietUntil(day(promised), holidays, promise(posting))).toBe(until)
})

test('quiet until is a bank day, leaves the posting time after the first one, and never comes sooner for a later day', () => {
  const days = fc.integer({ min: 0, max: 4_000 }).map((n) => addDays(day('2020-01-01'), n))
  fc.assert(
    fc.property(days, fc.integer({ min: 0, max: 10 }), (promised, posting) => {
      const until = quietUntil(promised, holidays, promise(posting))
      expect(isBankDay(until, holidays)).toBe(true)
      expect(until).toBe(addBankDays(nextBankDayOnOrAfter(promised, holidays), posting, holidays))
      expect(quietUntil(addDays(promised, 1), holidays, promise(posting)) >= until).toBe(true)
    }),
  )
})

test('telling us something is quiet for business days, or not at all when the policy says none', () => {
  const policies = (quietBusinessDays: number) =>
    ({ contact: { quietBusinessDays } }) as Parameters<typeof quietAfterTelling>[2]
  expect(quietAfterTelling(day('2026-11-24'), holidays, policies(3))).toBe('2026-11-27')
  expect(quietAfterTelling(day('2026-11-20'), holidays, policies(3))).toBe('2026-11-26')
  expect(quietAfterTelling(day('2026-11-24'), holidays, policies(0))).toBeNull()
})
