import { describe, expect, test } from 'vitest'
import { day } from '#values/day'
import { contradictions, notedDays } from './note-days.rules.ts'

/** Tuesday 24 November 2026. */
const tuesday = day('2026-11-24')

describe('the days of a note', () => {
  test.each<[string, readonly string[]]>([
    ['給料日が25日とのこと', ['2026-11-25']],
    ['２５日に入金予定', ['2026-11-25']],
    ['毎月20日が給料日', ['2026-12-20']],
    ['11月27日（金）に振込', ['2026-11-27']],
    ['11/27に振込', ['2026-11-27']],
    ['2026年12月1日までに', ['2026-12-01']],
    ['2026-12-01', ['2026-12-01']],
    ['1/5に実家から', ['2027-01-05']],
    ['明日ではなく明後日', ['2026-11-25', '2026-11-26']],
    ['金曜日に払う', ['2026-11-27']],
    ['火曜に折り返し', ['2026-12-01']],
    ['来週の水曜', ['2026-12-02']],
    ['月末には', ['2026-11-30']],
    ['3日前に電話、2日間留守', []],
    ['11/31に', []],
    ['受付 482-715-304、10/10/10', []],
    ['ご不在', []],
  ])('%s', (text, expected) => {
    expect(notedDays(text, tuesday).map(({ day }) => day)).toEqual(expected)
  })

  test('a longer way of writing wins over a part of it', () => {
    expect(notedDays('11月27日', tuesday)).toEqual([{ day: '2026-11-27', words: '11月27日' }])
    expect(notedDays('あさって', tuesday)).toEqual([{ day: '2026-11-26', words: 'あさって' }])
  })
})

describe('does a note contradict the promise?', () => {
  const promise = { day: day('2026-11-25'), promisedOn: tuesday }
  const of = (text: string, writtenOn = tuesday) => contradictions({ text, writtenOn }, promise)

  test('when it names another day that is still to come', () => {
    expect(of('27日に払うとのこと')).toEqual([{ day: '2026-11-27', words: '27日', promisedDay: '2026-11-25' }])
  })

  test('not with the promised day itself, or with one that is over', () => {
    expect(of('25日で変わりなし。11/20の引落しができなかったため')).toEqual([])
  })

  test('not when it was written before the promise, or there is none', () => {
    expect(of('27日に払うとのこと', day('2026-11-23'))).toEqual([])
    expect(contradictions({ text: '27日', writtenOn: tuesday }, undefined)).toEqual([])
  })
})
