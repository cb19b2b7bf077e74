import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Forecast, fairWeather, forecast, impossibleIn, tearOf, type Weather } from './carrier-weather.rules.ts'

const bad: Weather = {
  ...fairWeather,
  seed: 'a',
  answerAfterMs: { fromMs: 1, toMs: 100 },
  deliveryMs: { fromMs: 5, toMs: 500 },
  submits: { throttled: 0.1, torn: 0.05, unanswered: 0.1, 'cut-after': 0.05, lost: 0.05 },
  ends: { undeliverable: 0.2, expired: 0.1 },
  receipts: { early: 0.1, late: 0.1, twice: 0.1, overtaken: 0.1, none: 0.1 },
  backwards: 0.1,
  strays: 0.05,
  tornReceipts: 0.1,
}
const keys = Array.from({ length: 10_000 }, (_, at) => `0900${String(at).padStart(7, '0')} #0`)

const some = keys.slice(0, 1_000)

describe('a forecast', () => {
  test('is the same for the same seed and submit, in whatever order they are asked for', () => {
    const forwards = some.map((key) => forecast(bad, key))
    const backwards = some.toReversed().map((key) => forecast(bad, key))
    expect(backwards.toReversed()).toEqual(forwards)
    expect(some.map((key) => forecast({ ...bad, seed: 'b' }, key))).not.toEqual(forwards)
  })

  test('does not change with the order in which shares are written', () => {
    const rewritten = { ...bad, submits: Object.fromEntries(Object.entries(bad.submits).toReversed()) }
    expect(some.map((key) => forecast(rewritten, key))).toEqual(some.map((key) => forecast(bad, key)))
  })

  test('gives everything its share', () => {
    const forecasts = keys.map((key) => forecast(bad, key))
    const shareOf = (holds: (each: Forecast) => boolean) => forecasts.filter(holds).length / forecasts.length
    const near = (share: number, expected: number) => expect(Math.abs(share - expected)).toBeLessThan(0.015)
    for (const [fate, share] of Object.entries(bad.submits))
      near(
        shareOf(({ submit }) => submit === fate),
        share,
      )
    for (const [end, share] of Object.entries(bad.ends))
      near(
        shareOf((each) => each.end === end),
        share,
      )
    for (const [timing, share] of Object.entries(bad.receipts))
      near(
        shareOf(({ receipt }) => receipt === timing),
        share,
      )
    near(
      shareOf(({ isBackwards }) => isBackwards),
      0.1,
    )
    near(
      shareOf(({ hasStray }) => hasStray),
      0.05,
    )
    // Each is drawn apart: knowing one tells nothing of another.
    near(
      shareOf(({ submit, end }) => submit === 'throttled' && end === 'undeliverable'),
      0.02,
    )
  })

  test('of fair weather is that nothing happens', () => {
    const fair = { submit: 'answered', end: 'delivered', receipt: 'on-time', answerAfterMs: 0, deliveryMs: undefined }
    fc.assert(
      fc.property(fc.string(), (key) => {
        expect(forecast(fairWeather, key)).toMatchObject({ ...fair, isBackwards: false, hasStray: false })
        expect(tearOf(fairWeather, key)).toBeUndefined()
      }),
    )
  })
})

test('receipts are torn in their share, and another try is another draw', () => {
  const torn = keys.filter((key) => tearOf(bad, `${key} receipt 0 try 0`) !== undefined)
  expect(Math.abs(torn.length - 1_000)).toBeLessThan(100)
  const tornAgain = torn.filter((key) => tearOf(bad, `${key} receipt 0 try 1`) !== undefined)
  expect(Math.abs(tornAgain.length - 100)).toBeLessThan(40)
})

test.each<[string, Partial<Weather>, string | undefined]>([
  ['fair weather', {}, undefined],
  ['everything lost', { submits: { lost: 1 } }, undefined],
  ['shares over 1', { submits: { lost: 0.6, torn: 0.6 } }, 'submits'],
  ['a negative share', { receipts: { none: -0.1 } }, 'receipts'],
  ['no number', { ends: { expired: Number.NaN } }, 'ends'],
  ['a single share over 1', { strays: 2 }, 'strays'],
])('%s: whether there can be such weather', (_, weather, group) => {
  expect(impossibleIn({ ...fairWeather, ...weather })?.split(':')[0]).toBe(group)
})
