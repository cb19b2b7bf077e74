import fc from 'fast-check'
import { expect, test } from 'vitest'
import { shownCount, shownShare, shownTotal } from './small-groups.rules.ts'

test.each([
  [0, 0],
  [1, 'few'],
  [9, 'few'],
  [10, 10],
] as const)('of %i people %s is shown', (count, shown) => {
  expect(shownCount(count)).toBe(shown)
})

test('what a few people did often is theirs as well', () => {
  expect(shownCount(40, 9)).toBe('few')
  expect(shownCount(40, 10)).toBe(40)
})

test.each([
  [0, 0, undefined],
  [0, 9, 'few'],
  [0, 10, 0],
  [3, 100, 'few'],
  [25, 100, 0.25],
] as const)('%i of %i is %s', (part, whole, shown) => {
  expect(shownShare(part, whole)).toBe(shown)
})

const groups = (...people: readonly number[]) => people.map((each) => ({ count: each, people: each }))

test.each([
  [groups(20, 30), 50],
  [groups(20, 0), 20],
  // One hidden group would be the difference.
  [groups(20, 5), 'few'],
  // Two who are nine together are still too few.
  [groups(20, 4, 5), 'few'],
  [groups(20, 5, 5), 30],
] as const)('the sum of %j is %s', (given, shown) => {
  expect(shownTotal(given)).toBe(shown)
})

test('nobody learns of a hidden group from a sum', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(30), { minLength: 1, maxLength: 8 }), (people) => {
      const total = shownTotal(groups(...people))
      if (total === 'few') return
      const shown = people.filter((each) => shownCount(each) !== 'few').reduce((sum, each) => sum + each, 0)
      const difference = total - shown
      expect(difference === 0 || difference >= 10).toBe(true)
      if (difference > 0) expect(people.filter((each) => shownCount(each) === 'few').length).toBeGreaterThan(1)
    }),
  )
})
