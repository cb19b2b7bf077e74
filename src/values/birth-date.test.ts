import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseBirthDate } from './birth-date.ts'
import { addDays, type Day, day, dayOfMonthOf, monthOf, yearOf } from './day.ts'
import { eraYearOf } from './era.ts'

const today = day('2026-11-24')
const birthDay = fc.integer({ min: 0, max: 41_000 }).map((days) => addDays(day('1912-07-30'), days))

describe('a birth date', () => {
  test.each([
    '19980101',
    '１９９８０１０１',
    '1998-01-01',
    '1998-1-1',
    '1998/1/1',
    '1998／０１／０１',
    '1998.1.1',
    '1998ー01ー01',
    '1998 01 01',
    '1998年1月1日',
    '１９９８年１月１日',
    ' 1998 年 1 月 1 日 ',
    '平成10年1月1日',
    '平成１０年０１月０１日',
    '平成 10 年 1 月 1 日',
    '平10.1.1',
    'H10.1.1',
    'h10/1/1',
    'Ｈ１０．１．１',
    'H100101',
    'H10-01-01',
    '㍻10年1月1日',
  ])('is read from %s', (typed) => {
    expect(parseBirthDate(typed, today)).toEqual({ kind: 'birth-date', day: '1998-01-01' })
  })

  test.each([
    ['平成元年1月8日', '1989-01-08'],
    ['平成1年1月8日', '1989-01-08'],
    ['昭和64年1月7日', '1989-01-07'],
    ['平成元年1月5日', '1989-01-05'],
    ['昭和63年6月30日', '1988-06-30'],
    ['S63.6.30', '1988-06-30'],
    ['大正15年2月3日', '1926-02-03'],
    ['T15.2.3', '1926-02-03'],
    ['令和元年5月1日', '2019-05-01'],
    ['R1.5.1', '2019-05-01'],
    ['R6.2.29', '2024-02-29'],
    ['20261124', '2026-11-24'],
  ])('%s is %s', (typed, born) => {
    expect(parseBirthDate(typed, today)).toEqual({ kind: 'birth-date', day: born })
  })

  test.each([
    ['', 'missing'],
    ['　 ', 'missing'],
    ['980101', 'malformed'],
    ['1998', 'malformed'],
    ['1998年1月', 'malformed'],
    ['199801011', 'malformed'],
    ['1998-01', 'malformed'],
    ['abc', 'malformed'],
    ['明治40年1月1日', 'malformed'],
    ['X10.1.1', 'malformed'],
    ['1998-01/', 'malformed'],
    ['19981301', 'month'],
    ['19980001', 'month'],
    ['1998-13-01', 'month'],
    ['昭和63年13月1日', 'month'],
    ['19981332', 'month'],
    ['19980132', 'day'],
    ['19980100', 'day'],
    ['平成10年1月32日', 'day'],
    ['19980230', 'no-such-day'],
    ['19990229', 'no-such-day'],
    ['平成11年2月29日', 'no-such-day'],
    ['20261125', 'future'],
    ['29980101', 'future'],
    ['R20.1.1', 'future'],
    ['18951231', 'year'],
    ['00010101', 'year'],
    ['01011998', 'month'],
    ['01011212', 'year'],
    ['平成32年1月1日', 'year'],
    ['昭和0年1月1日', 'year'],
    ['S65.1.1', 'year'],
  ])('%j is refused: %s', (typed, kind) => {
    expect(parseBirthDate(typed, today)).toEqual({ kind })
  })

  test('is the same in every spelling', () => {
    fc.assert(
      fc.property(birthDay, (born) => {
        for (const spelling of spellings(born)) {
          expect(parseBirthDate(spelling, today)).toEqual({ kind: 'birth-date', day: born })
        }
      }),
    )
  })

  test('any text has an outcome', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(parseBirthDate(text, today).kind).toBeTruthy()
      }),
    )
  })
})

function spellings(born: Day): readonly string[] {
  const [year, month, dayOfMonth] = [yearOf(born), monthOf(born), dayOfMonthOf(born)]
  const era = eraYearOf(born)
  return [
    born,
    born.replaceAll('-', ''),
    `${year}/${month}/${dayOfMonth}`,
    `${year}年${month}月${dayOfMonth}日`,
    `${era?.name}${era?.year === 1 ? '元' : era?.year}年${month}月${dayOfMonth}日`,
  ]
}
