import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { delayOf, drawsOf, pickOf } from './carrier-draws.rules.ts'

const keys = Array.from({ length: 20_000 }, (_, at) => `0900${String(at).padStart(7, '0')} #0`)

describe('a draw', () => {
  test('depends on seed, key and name, and on nothing else', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (seed, key, name) => {
        const draws = drawsOf(seed, key)
        const first = draws(name)
        draws(`${name}!`)
        expect(draws(name)).toBe(first)
        expect(drawsOf(`${seed}!`, key)(name)).not.toBe(first)
        expect(drawsOf(seed, `${key}!`)(name)).not.toBe(first)
        expect(draws(`${name}!`)).not.toBe(first)
        expect(first).toBeGreaterThanOrEqual(0)
        expect(first).toBeLessThan(1)
      }),
    )
  })

  test('falls evenly over numbers that differ in one digit, also when two names are looked at together', () => {
    const cells = new Array<number>(100).fill(0)
    for (const key of keys) {
      const draws = drawsOf('seed', key)
      const cell = Math.floor(draws('submit') * 10) * 10 + Math.floor(draws('receipt') * 10)
      cells[cell] = (cells[cell] ?? 0) + 1
    }
    // Chi-square with 99 degrees of freedom: 149 is exceeded by one in a thousand.
    const chiSquare = cells.reduce((sum, count) => sum + (count - 200) ** 2 / 200, 0)
    expect(chiSquare).toBeLessThan(149)
  })
})

describe('a delay', () => {
  const fraction = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })

  test('of one length is that length', () => {
    fc.assert(fc.property(fraction, (draw) => delayOf(7, draw) === 7))
  })

  test('between two lengths lies there', () => {
    expect(delayOf({ fromMs: 10, toMs: 30 }, 0.5)).toBe(20)
    fc.assert(
      fc.property(fraction, (draw) => {
        const ms = delayOf({ fromMs: 10, toMs: 30 }, draw)
        expect(ms).toBeGreaterThanOrEqual(10)
        expect(ms).toBeLessThan(30.000_001)
      }),
    )
  })

  test('with a tail has its median and its p99, grows with the draw and ends', () => {
    const tail = { medianMs: 20, p99Ms: 400 }
    expect(delayOf(tail, 0.5)).toBeCloseTo(20, 6)
    expect(delayOf(tail, 0.99)).toBeCloseTo(400, 6)
    expect(delayOf(tail, 0)).toBe(0)
    fc.assert(
      fc.property(fraction, fraction, (one, other) => {
        const [low, high] = one < other ? [one, other] : [other, one]
        expect(delayOf(tail, low)).toBeLessThanOrEqual(delayOf(tail, high))
        expect(delayOf(tail, high)).toBeLessThanOrEqual(1_200)
      }),
    )
  })
})

test('an outcome is picked as often as its share says, and the rest is the other one', () => {
  const shares = [
    ['a', 0.1],
    ['b', 0.25],
    ['c', 0],
  ] as const
  const picked = keys.map((key) => pickOf<'a' | 'b' | 'c' | 'd'>(drawsOf('seed', key)('x'), shares, 'd'))
  const countOf = (name: string) => picked.filter((each) => each === name).length
  expect(Math.abs(countOf('a') - 2_000)).toBeLessThan(170)
  expect(Math.abs(countOf('b') - 5_000)).toBeLessThan(250)
  expect(countOf('c')).toBe(0)
  expect(pickOf<'a' | 'd'>(0.0999, [['a', 0.1]], 'd')).toBe('a')
  expect(pickOf<'a' | 'd'>(0.1, [['a', 0.1]], 'd')).toBe('d')
})
