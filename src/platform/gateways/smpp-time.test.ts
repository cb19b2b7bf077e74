import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { absoluteTime, parseReceiptTime, parseTime, receiptTime, relativeTime } from './smpp-time.ts'

const now = new Date('2026-11-24T10:00:00+09:00')
const moments = fc.date({ min: new Date('2024-01-01'), max: new Date('2060-01-01'), noInvalidDate: true })

describe('a validity', () => {
  test.each([
    ['2026-11-24T20:00:00+09:00', '261124200000036+'],
    ['2026-11-24T20:00:00.999+09:00', '261124200000936+'],
    ['2026-12-31T23:59:59.950+09:00', '261231235959936+'],
    ['2026-12-31T15:00:00Z', '270101000000036+'],
    ['2028-02-29T09:00:00+09:00', '280229090000036+'],
  ])('until %s is %s', (until, text) => {
    expect(absoluteTime(new Date(until))).toBe(text)
  })

  test('is read as it was written, cut down to a tenth of a second', () => {
    fc.assert(
      fc.property(moments, (moment) => {
        const tenth = new Date(Math.floor(moment.getTime() / 100) * 100)
        expect(absoluteTime(moment)).toMatch(/^\d{13}36\+$/)
        expect(parseTime(absoluteTime(moment), now)).toEqual(tenth)
      }),
    )
  })

  test.each([
    ['2026-11-24T10:05:00+09:00', '000000000500000R'],
    ['2026-11-24T20:00:00+09:00', '000000100000000R'],
    ['2026-11-26T11:01:01.900+09:00', '000002010101000R'],
    ['2026-11-24T10:00:00.999+09:00', undefined],
    ['2026-11-24T09:00:00+09:00', undefined],
  ])('until %s is the span %s', (until, text) => {
    expect(relativeTime(new Date(until), now)).toBe(text)
  })

  test('as a span never ends later than it was meant to, nor more than a second earlier', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1000, max: 30 * 86_400_000 }), (ms) => {
        const until = new Date(now.getTime() + ms)
        const read = parseTime(relativeTime(until, now) ?? '', now)
        expect(until.getTime() - (read?.getTime() ?? 0)).toBeGreaterThanOrEqual(0)
        expect(until.getTime() - (read?.getTime() ?? 0)).toBeLessThan(1000)
      }),
    )
  })

  test.each([
    ['261124110000000+', '2026-11-24T11:00:00Z'],
    ['261124110000004-', '2026-11-24T12:00:00Z'],
    ['000100000000000R', '2026-12-24T10:00:00+09:00'],
  ])('%s means %s', (text, moment) => {
    expect(parseTime(text, now)).toEqual(new Date(moment))
  })

  test.each([
    '',
    '2611241100000',
    '261324110000000+',
    '260230110000000+',
    '261124250000000+',
    '261124110000049+',
    'abcdefghijklm00+',
  ])('%j is none', (text) => {
    expect(parseTime(text, now)).toBeUndefined()
  })
})

describe('the date of a receipt', () => {
  test('is Japanese time, with or without seconds', () => {
    expect(parseReceiptTime('2611241030')).toEqual(new Date('2026-11-24T10:30:00+09:00'))
    expect(parseReceiptTime('261124103015')).toEqual(new Date('2026-11-24T10:30:15+09:00'))
    expect(receiptTime(new Date('2026-11-24T10:30:15.400+09:00'))).toBe('261124103015')
  })

  test.each([
    ['202611241030', '2026-11-24T10:30:00+09:00'],
    ['20261124103015', '2026-11-24T10:30:15+09:00'],
    ['2026-11-24 10:30:15', '2026-11-24T10:30:15+09:00'],
    ['2026/11/24 10:30', '2026-11-24T10:30:00+09:00'],
    // As a validity period is written: nine tenths, twelve quarters of an hour before UTC.
    ['261124103015912+', '2026-11-24T10:30:15.900+03:00'],
    ['201124103015', '2020-11-24T10:30:15+09:00'],
  ])('%s is %s', (text, moment) => {
    expect(parseReceiptTime(text)).toEqual(new Date(moment))
  })

  test.each(['', '26112410', '2613241030', '0000000000', '2026112410', '2602301030', '2026112410301500'])(
    '%j is none',
    (text) => {
      expect(parseReceiptTime(text)).toBeUndefined()
    },
  )
})
