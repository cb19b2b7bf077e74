import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addDays,
  compareDays,
  type Day,
  day,
  dayInJst,
  daysBetween,
  hourInJst,
  instantOfJst,
  japaneseDay,
  japaneseDayAccessible,
  japaneseDayWithEra,
  japaneseTime,
  parseDay,
  resolveEraDay,
  resolveMonthDay,
  timeInJst,
  toRfc3339Jst,
  weekday,
} from './day.ts'

const anyDay = fc.integer({ min: 0, max: 150_000 }).map((days) => addDays(day('1700-01-01'), days))
const anyInstant = fc.date({
  min: new Date('1960-01-01T00:00:00Z'),
  max: new Date('2099-12-31T00:00:00Z'),
  noInvalidDate: true,
})

describe('a day', () => {
  test.each(['2026-11-24', '2024-02-29', '2000-02-29', '0001-01-01', '9999-12-31'])('%s exists', (text) => {
    expect(parseDay(text)).toBe(text)
    expect(day(text)).toBe(text)
  })

  test.each([
    '2026-02-29',
    '1900-02-29',
    '2026-04-31',
    '2026-00-10',
    '2026-13-01',
    '2026-01-00',
    '2026-01-32',
    '0000-01-01',
    '2026-1-1',
    '20261124',
    '2026-11-24T00:00:00Z',
    '２０２６-11-24',
    ' 2026-11-24',
    '2026-11-24\n',
    '',
  ])('%j is none', (text) => {
    expect(parseDay(text)).toBeUndefined()
    expect(() => day(text)).toThrow('Bug')
  })

  test('a bug report does not repeat what was no day', () => {
    expect(() => day('19980101')).toThrow(/^(?!.*1998)/s)
  })

  test('the year 99 is not 1999', () => {
    expect(addDays(day('0099-12-31'), 1)).toBe('0100-01-01')
    expect(weekday(day('0099-12-31'))).toBe(4)
  })
})

describe('counting days', () => {
  test.each([
    ['2026-02-28', 1, '2026-03-01'],
    ['2024-02-28', 1, '2024-02-29'],
    ['2026-12-31', 1, '2027-01-01'],
    ['2026-01-01', -1, '2025-12-31'],
    ['2026-11-24', 0, '2026-11-24'],
    ['2026-11-24', 365, '2027-11-24'],
  ])('%s and %i days is %s', (from, days, to) => {
    expect(addDays(day(from), days)).toBe(to)
    expect(daysBetween(day(from), day(to))).toBe(days)
  })

  test('going there and coming back is the same day', () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: -50_000, max: 50_000 }), (from, days) => {
        const to = addDays(from, days)
        expect(parseDay(to)).toBe(to)
        expect(daysBetween(from, to)).toBe(days)
        expect(addDays(to, -days)).toBe(from)
        expect(compareDays(from, to)).toBe(-Math.sign(days) + 0)
      }),
    )
  })

  test('the week goes round', () => {
    expect(weekday(day('2026-11-22'))).toBe(0)
    expect(weekday(day('2026-11-24'))).toBe(2)
    fc.assert(
      fc.property(anyDay, (of) => {
        expect(weekday(addDays(of, 1))).toBe((weekday(of) + 1) % 7)
      }),
    )
  })

  test('the calendar ends with the year 9999', () => {
    expect(() => addDays(day('9999-12-31'), 1)).toThrow('Bug')
    expect(() => addDays(day('2026-01-01'), 0.5)).toThrow('Bug')
  })
})

describe('the clock in Japan', () => {
  test.each([
    ['2026-11-24T14:59:59.999Z', '2026-11-24', 23, '2026-11-24T23:59:59+09:00', '23時59分'],
    ['2026-11-24T15:00:00Z', '2026-11-25', 0, '2026-11-25T00:00:00+09:00', '0時0分'],
    ['2026-11-25T01:00:00.999Z', '2026-11-25', 10, '2026-11-25T10:00:00+09:00', '10時0分'],
    ['2026-12-31T15:42:07Z', '2027-01-01', 0, '2027-01-01T00:42:07+09:00', '0時42分'],
    ['2026-11-24T06:42:00Z', '2026-11-24', 15, '2026-11-24T15:42:00+09:00', '15時42分'],
  ])('%s is on %s', (instant, on, hour, written, spoken) => {
    const now = new Date(instant)
    expect(dayInJst(now)).toBe(on)
    expect(hourInJst(now)).toBe(hour)
    expect(toRfc3339Jst(now)).toBe(written)
    expect(japaneseTime(now)).toBe(spoken)
  })

  test('an instant is found again from its day and time, cut to seconds', () => {
    fc.assert(
      fc.property(anyInstant, (instant) => {
        const { hour, minute, second } = timeInJst(instant)
        const found = instantOfJst(dayInJst(instant), hour, minute, second)
        expect(found.getTime()).toBe(Math.floor(instant.getTime() / 1000) * 1000)
        expect(new Date(toRfc3339Jst(instant))).toEqual(found)
      }),
    )
  })

  test('hour 24 is the midnight that ends the day', () => {
    expect(instantOfJst(day('2026-11-24'), 24)).toEqual(instantOfJst(day('2026-11-25'), 0))
    expect(instantOfJst(day('2026-11-24'), 9).toISOString()).toBe('2026-11-24T00:00:00.000Z')
    expect(() => instantOfJst(day('2026-11-24'), 25)).toThrow('Bug')
    expect(() => instantOfJst(day('2026-11-24'), 9, 60)).toThrow('Bug')
  })
})

describe('a day in words', () => {
  test.each([
    ['2026-11-22', '11月22日（日）', '11月22日（日曜日）'],
    ['2026-11-23', '11月23日（月）', '11月23日（月曜日）'],
    ['2026-11-24', '11月24日（火）', '11月24日（火曜日）'],
    ['2026-11-25', '11月25日（水）', '11月25日（水曜日）'],
    ['2026-11-26', '11月26日（木）', '11月26日（木曜日）'],
    ['2026-01-02', '1月2日（金）', '1月2日（金曜日）'],
    ['2026-11-28', '11月28日（土）', '11月28日（土曜日）'],
  ])('%s is %s', (of, seen, heard) => {
    expect(japaneseDay(day(of))).toBe(seen)
    expect(japaneseDayAccessible(day(of))).toBe(heard)
  })

  test.each([
    ['1998-01-01', '1998年（平成10年）1月1日'],
    ['2019-04-30', '2019年（平成31年）4月30日'],
    ['2019-05-01', '2019年（令和元年）5月1日'],
    ['2026-05-28', '2026年（令和8年）5月28日'],
    ['1989-01-07', '1989年（昭和64年）1月7日'],
    ['1989-01-08', '1989年（平成元年）1月8日'],
    ['1926-12-24', '1926年（大正15年）12月24日'],
    ['1926-12-25', '1926年（昭和元年）12月25日'],
    ['1912-07-30', '1912年（大正元年）7月30日'],
    ['1912-07-29', '1912年7月29日'],
  ])('%s is %s', (of, spoken) => {
    expect(japaneseDayWithEra(day(of))).toBe(spoken)
  })
})

describe('a day without a year, in a bank file', () => {
  test.each([
    ['1124', '2026-11-24', '2026-11-24'],
    ['1125', '2026-11-24', '2025-11-25'],
    ['1227', '2027-01-05', '2026-12-27'],
    ['0101', '2027-01-01', '2027-01-01'],
    ['0229', '2026-03-05', '2024-02-29'],
    ['0229', '2024-02-29', '2024-02-29'],
    ['0229', '2024-02-28', '2020-02-29'],
    ['0229', '1904-02-28', '1896-02-29'],
  ])('%s received on %s is %s', (mmdd, received, resolved) => {
    expect(resolveMonthDay(mmdd, day(received))).toBe(resolved)
  })

  test.each(['0230', '0431', '0000', '1301', '0100', '', '224', '11-24', '１１２４'])(
    '%j is no day of any year',
    (mmdd) => {
      expect(resolveMonthDay(mmdd, day('2026-11-24'))).toBeUndefined()
    },
  )

  test('is never in the future and within a year, save for 29 February', () => {
    fc.assert(
      fc.property(anyDay, anyDay, (wanted, received) => {
        const mmdd = wanted.slice(5).replace('-', '')
        const resolved = resolveMonthDay(mmdd, received) as Day
        expect(resolved.slice(5)).toBe(wanted.slice(5))
        expect(daysBetween(resolved, received)).toBeGreaterThanOrEqual(0)
        if (mmdd !== '0229') expect(daysBetween(resolved, received)).toBeLessThan(366)
      }),
    )
  })
})

describe('a day of an era that is not named', () => {
  test.each([
    ['080528', '2026-11-24', '2026-05-28'],
    ['081124', '2026-11-24', '2026-11-24'],
    ['080229', '2028-03-01', undefined],
    ['100229', '2028-03-01', '2028-02-29'],
    ['070101', '2026-11-24', '2025-01-01'],
    ['010501', '2019-05-07', '2019-05-01'],
    ['310430', '2019-05-07', '2019-04-30'],
    ['640107', '1989-01-09', '1989-01-07'],
  ])('%s received on %s is %s', (yymmdd, received, resolved) => {
    expect(resolveEraDay(yymmdd, day(received))).toBe(resolved)
  })

  test.each([
    ['081125', 'tomorrow'],
    ['261124', 'a western year'],
    ['020101', 'longer ago than claims live'],
    ['081131', 'no day of November'],
    ['000101', 'no year of any era'],
    ['8 0528', 'no number'],
    ['', 'blank'],
  ])('%j is none on 2026-11-24: %s', (yymmdd) => {
    expect(resolveEraDay(yymmdd, day('2026-11-24'))).toBeUndefined()
  })

  test('western years are told apart for as long as 令和 lasts until then', () => {
    for (let year = 2026; year < 2043; year++) {
      expect(resolveEraDay(`${year - 2000}0115`, day(`${year}-03-01`))).toBeUndefined()
      expect(resolveEraDay(`${String(year - 2018).padStart(2, '0')}0115`, day(`${year}-03-01`))).toBe(`${year}-01-15`)
    }
  })
})
