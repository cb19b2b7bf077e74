import { expect, test } from 'vitest'
import { Occurrences } from './carrier-occurrences.ts'

test('each thing is counted for itself, and the oldest is forgotten when there is no more room', () => {
  const occurrences = new Occurrences(2)
  expect(['a', 'a', 'b', 'a'].map((thing) => occurrences.see(thing))).toEqual([0, 1, 0, 2])
  expect(occurrences.see('c')).toBe(0)
  expect(['b', 'c', 'a'].map((thing) => occurrences.see(thing))).toEqual([1, 1, 0])
})
