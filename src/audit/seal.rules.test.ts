import { expect, test } from 'vitest'
import { firstLink, isSameSeal, type LineText, sealOf } from './seal.rules.ts'

const key = Buffer.alloc(32, 1)
const line: LineText = { id: 'a', at: 'b', actor: 'c', act: 'd', customerId: null, facts: '{}' }
const seal = sealOf(key, 1, line, firstLink)

test('a seal depends on the key, the place, the seal before and every word of the line', () => {
  const others = [
    sealOf(Buffer.alloc(32, 2), 1, line, firstLink),
    sealOf(key, 2, line, firstLink),
    sealOf(key, 1, line, seal),
    ...Object.keys(line).map((word) => sealOf(key, 1, { ...line, [word]: 'x' }, firstLink)),
    // Words that run together are still other words.
    sealOf(key, 1, { ...line, actor: 'cd', act: '' }, firstLink),
    sealOf(key, 1, { ...line, customerId: 'null' }, firstLink),
  ]
  expect(new Set([seal, ...others].map((bytes) => bytes.toString('hex'))).size).toBe(others.length + 1)
  expect(isSameSeal(seal, sealOf(key, 1, { ...line }, firstLink))).toBe(true)
})
