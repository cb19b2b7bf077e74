import { expect, test } from 'vitest'
import { eraNamed, eraYearOf, yearOfEra, yearsOfUnnamedEra } from './era.ts'

test.each([
  ['R', '令和'],
  ['h', '平成'],
  ['昭', '昭和'],
  ['大正', '大正'],
  ['明治', undefined],
  ['M', undefined],
  ['', undefined],
])('%j names %s', (text, name) => {
  expect(eraNamed(text)).toBe(name)
})

test.each([
  ['令和', 1, 2019],
  ['令和', 8, 2026],
  ['平成', 31, 2019],
  ['昭和', 64, 1989],
  ['大正', 15, 1926],
] as const)('%s %i is %i', (name, year, western) => {
  expect(yearOfEra(name, year)).toBe(western)
})

test.each([
  ['平成', 32],
  ['昭和', 65],
  ['大正', 16],
  ['令和', 0],
  ['令和', 1.5],
] as const)('%s %d never was', (name, year) => {
  expect(yearOfEra(name, year)).toBeUndefined()
})

test('every day since 大正 has an era, and its year leads back', () => {
  for (const day of [
    '1912-07-30',
    '1926-12-25',
    '1950-06-01',
    '1989-01-07',
    '1989-01-08',
    '2019-05-01',
    '2026-11-24',
  ]) {
    const era = eraYearOf(day)
    expect(era && yearOfEra(era.name, era.year)).toBe(Number(day.slice(0, 4)))
  }
})

test.each([
  [8, [2026, 1996, 1933, 1919]],
  [26, [2044, 2014, 1951]],
  [64, [2082, 1989]],
  [0, []],
] as const)('year %i of some era is one of %j', (year, years) => {
  expect(yearsOfUnnamedEra(year)).toEqual(years)
})
