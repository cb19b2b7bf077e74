import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readPlace, writePlace } from './list-place.rules.ts'

test('a place is read as it was written', () => {
  const written = fc.tuple(
    fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-01-01') }),
    fc.uuid(),
    fc.nat(99_999),
  )
  fc.assert(
    fc.property(written, ([at, id, number]) => {
      const place = writePlace([at, id, number])
      expect(readPlace(place, ['instant', 'id', 'number'])).toEqual([at.toISOString(), id, String(number)])
    }),
  )
})

const id = '0199aaaa-0000-7000-8000-000000000001'
test.each([
  undefined,
  '',
  '~',
  `2026-02-31T00:00:00.000Z~${id}x`,
  `2026-99-01T00:00:00.000Z~${id}`,
  `2026-11-24~${id}`,
  `2026-11-24T00:00:00.000Z~${id}~1`,
  `2026-11-24T00:00:00.000Z~' or 1=1`,
])('%j is no place', (text) => {
  expect(readPlace(text, ['instant', 'id'])).toBeUndefined()
})

test('a day has to be one', () => {
  expect(readPlace(`2026-13-01~${id}`, ['day', 'id'])).toBeUndefined()
  expect(readPlace(`2026-11-24~${id}`, ['day', 'id'])).toEqual(['2026-11-24', id])
})
