import { expect, test } from 'vitest'
import { costOf } from './cost.rules.ts'

const onePart = 'あ'.repeat(70)
const twoParts = 'あ'.repeat(71)

test.each([
  [onePart, 9_436, '9.9', { partsEach: 1, parts: 9_436, total: 93_417 }],
  [twoParts, 9_436, '9.9', { partsEach: 2, parts: 18_872, total: 186_833 }],
  [onePart, 3, '0.05', { parts: 3, total: 1 }],
  [onePart, 100, '8.25', { parts: 100, total: 825 }],
  [onePart, 1, '12', { parts: 1, total: 12 }],
  [onePart, 0, '12', { parts: 0, total: 0 }],
  [onePart, 1_000_000, undefined, { parts: 1_000_000, total: null }],
])('%s to %i people at %s yen a part', (text, notices, yenPerPart, cost) => {
  expect(costOf(text, notices, yenPerPart)).toMatchObject(cost)
})
