import { expect, test } from 'vitest'
import { seeded } from './seeded.ts'

const row = (seed: string) => {
  const chance = seeded(seed)
  return Array.from({ length: 50 }, () => chance.int(1_000))
}

test('the same seed gives the same row, another seed another', () => {
  expect(row('a')).toEqual(row('a'))
  expect(row('a')).not.toEqual(row('b'))
  expect(new Set(row('a')).size).toBeGreaterThan(40)
})

test('a fork does not depend on what was drawn before it', () => {
  const fresh = seeded('a')
  const used = seeded('a')
  used.int(5)
  expect(used.fork('x').fraction()).toBe(fresh.fork('x').fraction())
  expect(used.fork('x').fraction()).not.toBe(fresh.fork('y').fraction())
})

test('picks, shuffles and shares keep to what they are given', () => {
  const chance = seeded('a')
  const items = [1, 2, 3, 4, 5]
  const shuffled = chance.shuffle(items)
  expect(shuffled.toSorted()).toEqual(items)
  expect(shuffled).not.toEqual(items)
  expect(new Set(Array.from({ length: 100 }, () => chance.pick(items)))).toEqual(new Set(items))
  expect(chance.pick([])).toBeUndefined()
  const happened = Array.from({ length: 10_000 }, () => chance.happens(0.2)).filter(Boolean).length
  expect(Math.abs(happened - 2_000)).toBeLessThan(160)
})
