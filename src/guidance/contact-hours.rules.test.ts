import { describe, expect, test } from 'vitest'
import { japaneseHolidays } from '#platform/calendar/holidays'
import { day, instantOfJst } from '#values/day'
import { type ContactHours, isOpenNow, weekdayWords } from './contact-hours.rules.ts'

const hours: ContactHours = {
  weekdays: ['mon', 'tue', 'wed', 'thu', 'fri'],
  opens: '09:30',
  closes: '17:30',
  closedOnHolidays: true,
}

describe('The contact centre is open', () => {
  test.each([
    ['on Tuesday at 9:29', '2026-11-24', 9, 29, {}, false],
    ['on Tuesday at 9:30', '2026-11-24', 9, 30, {}, true],
    ['on Tuesday at 17:29', '2026-11-24', 17, 29, {}, true],
    ['on Tuesday at 17:30', '2026-11-24', 17, 30, {}, false],
    ['on Saturday', '2026-11-28', 11, 0, {}, false],
    ['on 勤労感謝の日, a Monday', '2026-11-23', 11, 0, {}, false],
    ['on that day when holidays do not count', '2026-11-23', 11, 0, { closedOnHolidays: false }, true],
    ['on 31 December, a Thursday', '2026-12-31', 11, 0, {}, false],
    ['on 4 January, a Monday', '2027-01-04', 11, 0, {}, true],
  ])('%s: %#', (_, on, hour, minute, changes, isOpen) => {
    expect(isOpenNow({ ...hours, ...changes }, japaneseHolidays, instantOfJst(day(on), hour, minute))).toBe(isOpen)
  })
})

test.each<[ContactHours['weekdays'], string]>([
  [['mon', 'tue', 'wed', 'thu', 'fri'], '月曜日〜金曜日'],
  [['sat', 'fri', 'mon', 'tue', 'wed', 'thu'], '月曜日〜土曜日'],
  [['mon', 'wed'], '月曜日・水曜日'],
  [['mon', 'tue'], '月曜日・火曜日'],
  [['sun', 'sat', 'fri', 'mon', 'tue', 'wed', 'thu'], '毎日'],
])('%j is said as %s', (open, words) => {
  expect(weekdayWords(open)).toBe(words)
})
