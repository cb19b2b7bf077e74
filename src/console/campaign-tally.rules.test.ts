import { expect, test } from 'vitest'
import { at, ten } from '../../test/casework.ts'
import { followedOf, isQuick, isStale } from './campaign-tally.rules.ts'

const after = (ms: number) => new Date(ten.getTime() + ms)

test.each([
  [0, 10, false],
  [999, 10, false],
  [1_000, 10, true],
  // What takes a second to count is counted every twenty.
  [19_999, 1_000, false],
  [20_000, 1_000, true],
])('Numbers %i ms old whose count took %i ms are stale: %s', (age, tookMs, stale) => {
  expect(isStale({ countedAt: ten, tookMs }, at('2026-11-24', 9), after(age))).toBe(stale)
})

test('A count after the last day stands for good', () => {
  const approvedAt = at('2026-11-24', 9)
  const { until } = followedOf(approvedAt)
  expect(until).toEqual(at('2026-12-08', 9))
  expect(isStale({ countedAt: until, tookMs: 1 }, approvedAt, at('2027-11-24', 9))).toBe(false)
  const before = new Date(until.getTime() - 1)
  expect(isStale({ countedAt: before, tookMs: 1 }, approvedAt, at('2027-11-24', 9))).toBe(true)
})

test('Nobody waits for a long count', () => {
  expect([200, 201].map((tookMs) => isQuick({ countedAt: ten, tookMs }))).toEqual([true, false])
})
