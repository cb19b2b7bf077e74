import fc from 'fast-check'
import { expect, test } from 'vitest'
import { validityOf } from './http-validity.ts'

const now = new Date('2026-11-24T10:00:00Z')
const inMs = (ms: number) => new Date(now.getTime() + ms)

test.each([
  ['no end', undefined, { kind: 'carriers-own' }],
  ['five minutes', inMs(300_000), { kind: 'limited', units: 300 }],
  ['a little less than a second more', inMs(300_999), { kind: 'limited', units: 300 }],
  ['just the least', inMs(5_000), { kind: 'limited', units: 5 }],
  ['a moment less than the least', inMs(4_999), { kind: 'expired' }],
  ['no time at all', now, { kind: 'expired' }],
  ['a moment that has passed', inMs(-1), { kind: 'expired' }],
  ['more than the most', inMs(36_001_000), { kind: 'limited', units: 36_000 }],
])('%s', (_, until, validity) => {
  expect(validityOf(until, now, { unitMs: 1_000, min: 5, max: 36_000 })).toEqual(validity)
})

test('never lasts longer than it may, and never much less', () => {
  const limits = fc.record({
    unitMs: fc.constantFrom(1, 1_000, 60_000),
    min: fc.integer({ min: 1, max: 30 }),
    max: fc.integer({ min: 30, max: 300_000 }),
  })
  fc.assert(
    fc.property(fc.integer({ min: -100_000, max: 10 ** 9 }), limits, (leftMs, { unitMs, min, max }) => {
      const validity = validityOf(inMs(leftMs), now, { unitMs, min, max })
      if (validity.kind !== 'limited') {
        expect(leftMs).toBeLessThan(min * unitMs)
        return
      }
      expect(validity.units * unitMs).toBeLessThanOrEqual(leftMs)
      expect(validity.units).toBeLessThanOrEqual(max)
      if (validity.units < max) expect((validity.units + 1) * unitMs).toBeGreaterThan(leftMs)
    }),
  )
})
