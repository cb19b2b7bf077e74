import { describe, expect, test } from 'vitest'
import { addBankDays, isBankDay } from '#values/business-day'
import { addDays, day, yearOf } from '#values/day'
import { holidayYears, japaneseHolidays } from './holidays.ts'

/** As announced by the Cabinet Office (官報, 「国民の祝日」について): month and day. */
const announced = {
  2019: '0101 0114 0211 0321 0429 0430 0501 0502 0503 0504 0505 0506 0715 0811 0812 0916 0923 1014 1022 1103 1104 1123',
  2021: '0101 0111 0211 0223 0320 0429 0503 0504 0505 0722 0723 0808 0809 0920 0923 1103 1123',
  2024: '0101 0108 0211 0212 0223 0320 0429 0503 0504 0505 0506 0715 0811 0812 0916 0922 0923 1014 1103 1104 1123',
  2025: '0101 0113 0211 0223 0224 0320 0429 0503 0504 0505 0506 0721 0811 0915 0923 1013 1103 1123 1124',
  2026: '0101 0112 0211 0223 0320 0429 0503 0504 0505 0506 0720 0811 0921 0922 0923 1012 1103 1123',
  2027: '0101 0111 0211 0223 0321 0322 0429 0503 0504 0505 0719 0811 0920 0923 1011 1103 1123',
} as const

describe('public holidays', () => {
  test.each(Object.entries(announced))('of %s are those announced', (year, days) => {
    expect(holidaysOf(Number(year)).join(' ')).toBe(days)
  })

  test('are known, and plausible, in every year we claim to know', () => {
    for (let year = holidayYears.first; year <= holidayYears.last; year++) {
      const days = holidaysOf(year)
      expect(days).toContain('0101')
      expect(days).toContain('1123')
      expect(days.length).toBeGreaterThanOrEqual(12)
      expect(days.length).toBeLessThanOrEqual(22)
    }
  })

  test.each(['1969-12-31', '2051-01-01'])('on %s are not guessed', (of) => {
    expect(() => japaneseHolidays.isHoliday(day(of))).toThrow('Bug')
  })

  test('close the banks for the ten days of 2019', () => {
    expect(addBankDays(day('2019-04-26'), 1, japaneseHolidays)).toBe('2019-05-07')
    expect(isBankDay(day('2026-09-22'), japaneseHolidays)).toBe(false)
  })
})

function holidaysOf(year: number): readonly string[] {
  const found: string[] = []
  for (let each = day(`${year}-01-01`); yearOf(each) === year; each = addDays(each, 1)) {
    if (japaneseHolidays.isHoliday(each)) found.push(each.slice(5).replace('-', ''))
  }
  return found
}
