import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addBankDays, bankDaysBefore, type HolidayCalendar, isBankDay, nextBankDayOnOrAfter } from './business-day.ts'
import { addDays, day, daysBetween } from './day.ts'

const holidays: HolidayCalendar = {
  isHoliday: (of) => ['2026-11-03', '2026-11-23', '2026-09-21', '2026-09-22', '2026-09-23', '2027-01-01'].includes(of),
}
const anyDay = fc.integer({ min: 0, max: 3000 }).map((days) => addDays(day('2024-01-01'), days))

describe('a bank day', () => {
  test.each([
    ['2026-11-20', true, 'Friday'],
    ['2026-11-21', false, 'Saturday'],
    ['2026-11-22', false, 'Sunday'],
    ['2026-11-23', false, '勤労感謝の日'],
    ['2026-11-24', true, 'Tuesday'],
    ['2026-12-30', true, 'the last one of the year'],
    ['2026-12-31', false, '大晦日, a Thursday'],
    ['2027-01-01', false, '元日'],
    ['2024-01-02', false, 'a Tuesday, yet no public holiday'],
    ['2024-01-03', false, 'a Wednesday, yet no public holiday'],
    ['2027-01-04', true, '大発会'],
  ])('%s: %s (%s)', (of, expected) => {
    expect(isBankDay(day(of), holidays)).toBe(expected)
  })
})

describe('counting bank days', () => {
  test.each([
    ['2026-11-20', 0, '2026-11-20'],
    ['2026-11-21', 0, '2026-11-24'],
    ['2026-11-20', 1, '2026-11-24'],
    ['2026-11-21', 1, '2026-11-24'],
    ['2026-11-21', 2, '2026-11-25'],
    ['2026-12-30', 1, '2027-01-04'],
    ['2026-09-18', 3, '2026-09-28'],
  ])('%s and %i is %s', (from, bankDays, reached) => {
    expect(addBankDays(day(from), bankDays, holidays)).toBe(reached)
  })

  test('counts every bank day between, once', () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: 1, max: 40 }), (from, bankDays) => {
        const reached = addBankDays(from, bankDays, holidays)
        const passed = Array.from({ length: daysBetween(from, reached) }, (_, at) => addDays(from, at + 1))
        expect(passed.filter((each) => isBankDay(each, holidays))).toHaveLength(bankDays)
        expect(isBankDay(reached, holidays)).toBe(true)
      }),
    )
  })

  test.each([
    ['2026-11-24', 0, '2026-11-24'],
    ['2026-11-22', 0, '2026-11-22'],
    ['2026-11-24', 1, '2026-11-20'],
    ['2026-11-23', 1, '2026-11-20'],
    ['2026-11-26', 3, '2026-11-20'],
    ['2027-01-04', 1, '2026-12-30'],
  ])('%s less %i is %s', (from, bankDays, reached) => {
    expect(bankDaysBefore(day(from), bankDays, holidays)).toBe(reached)
  })

  test('there and back is the bank day one began on', () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: 1, max: 40 }), (from, bankDays) => {
        const begun = nextBankDayOnOrAfter(from, holidays)
        expect(bankDaysBefore(addBankDays(begun, bankDays, holidays), bankDays, holidays)).toBe(begun)
      }),
    )
  })

  test('the next bank day is the first one', () => {
    fc.assert(
      fc.property(anyDay, (from) => {
        const next = nextBankDayOnOrAfter(from, holidays)
        const closed = Array.from({ length: daysBetween(from, next) }, (_, at) => addDays(from, at))
        expect(isBankDay(next, holidays)).toBe(true)
        expect(closed.some((each) => isBankDay(each, holidays))).toBe(false)
      }),
    )
  })

  test('a calendar without bank days and counting backwards are bugs', () => {
    expect(() => nextBankDayOnOrAfter(day('2026-11-20'), { isHoliday: () => true })).toThrow('Bug')
    expect(() => addBankDays(day('2026-11-20'), -1, holidays)).toThrow('Bug')
    expect(() => addBankDays(day('2026-11-20'), 1.5, holidays)).toThrow('Bug')
    expect(() => bankDaysBefore(day('2026-11-20'), -1, holidays)).toThrow('Bug')
    expect(() => bankDaysBefore(day('2026-11-20'), 1, { isHoliday: () => true })).toThrow('Bug')
  })
})
