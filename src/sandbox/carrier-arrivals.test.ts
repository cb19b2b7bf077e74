import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Arrivals, SlidingSecond } from './carrier-arrivals.ts'

/** Gaps between arrivals, as milliseconds with fractions. */
const moments = fc
  .array(fc.oneof(fc.constant(0), fc.double({ min: 0, max: 400, noNaN: true }), fc.constant(1_000)), { maxLength: 300 })
  .map((gaps) => {
    let at = 0
    return gaps.map((gap) => {
      at += gap
      return at
    })
  })

describe('a sliding second', () => {
  test('counts what any window of one second held at most, its end included and its beginning not', () => {
    fc.assert(
      fc.property(moments, (times) => {
        const second = new SlidingSecond()
        for (const time of times) second.add(time)
        const counts = times.map((end) => times.filter((time) => time <= end && time > end - 1_000).length)
        expect(second.peak).toBe(Math.max(0, ...counts))
      }),
    )
  })

  test('stays right and small over many', () => {
    const second = new SlidingSecond()
    const wrong: number[] = []
    for (let at = 0; at < 50_000; at++) {
      second.add(at * 10)
      if (second.countAt(at * 10) !== Math.min(at + 1, 100)) wrong.push(at)
    }
    expect(wrong).toEqual([])
    expect(second.peak).toBe(100)
    expect(second.countAt(499_990)).toBe(100)
    expect(second.countAt(500_490)).toBe(50)
    expect(second.countAt(600_000)).toBe(0)
  })
})

describe('arrivals', () => {
  test('are kept bind by bind in order, by both clocks', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(1, 2, 3), { maxLength: 2_000 }), (binds) => {
        const noted = new Arrivals()
        for (const [at, bind] of binds.entries()) noted.note(bind, `account ${bind % 2}`, at / 4, new Date(1_000 + at))
        for (const { bind, account, monotonicMs, atMs, forgotten } of noted.list()) {
          const places = binds.flatMap((each, at) => (each === bind ? [at] : []))
          expect([...monotonicMs]).toEqual(places.map((at) => at / 4))
          expect([...atMs]).toEqual(places.map((at) => 1_000 + at))
          expect([account, forgotten]).toEqual([`account ${bind % 2}`, 0])
        }
        expect(noted.list().reduce((sum, { atMs }) => sum + atMs.length, 0)).toBe(binds.length)
      }),
      { numRuns: 20 },
    )
  })

  test('of several binds of one account count against one rate', () => {
    const arrivals = new Arrivals()
    const at = new Date(0)
    arrivals.note(1, 'a', 0, at)
    arrivals.note(2, 'a', 500, at)
    arrivals.note(1, 'a', 999.5, at)
    arrivals.note(3, 'b', 999.5, at)
    arrivals.note(2, 'a', 1_000, at)
    expect(arrivals.busiestSeconds()).toEqual({ a: 3, b: 1 })
  })

  test('forget the older half when there is no more room, and say so', () => {
    const arrivals = new Arrivals(2_000)
    const count = 2_001
    const at = new Date(0)
    for (let number = 0; number < count; number++) arrivals.note(1, 'a', number, at)
    const [kept] = arrivals.list()
    expect(kept?.forgotten).toBe(1_000)
    expect(kept?.monotonicMs[0]).toBe(1_000)
    expect(kept?.monotonicMs.at(-1)).toBe(count - 1)
    expect(arrivals.busiestSeconds()).toEqual({ a: 1_000 })
  })
})
