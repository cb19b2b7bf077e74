import fc from 'fast-check'
import { expect, test } from 'vitest'
import { idWithRecord, isUuid, recordOfId } from './id.ts'

const importId = '01934d5c-2a00-7abc-8def-0123456789ab'
const record = fc.nat({ max: 2 ** 48 - 1 })

test.each([
  [importId, true],
  ['00000000-0000-0000-0000-000000000000', true],
  [importId.toUpperCase(), false],
  [importId.replaceAll('-', ''), false],
  [`${importId}\n`, false],
  [`{${importId}}`, false],
  ['', false],
])('%j is a UUID: %s', (text, expected) => {
  expect(isUuid(text)).toBe(expected)
})

test.each([
  [0, '01934d5c-2a00-7abc-8def-000000000000'],
  [1, '01934d5c-2a00-7abc-8def-000000000001'],
  [300_000, '01934d5c-2a00-7abc-8def-0000000493e0'],
  [2 ** 48 - 1, '01934d5c-2a00-7abc-8def-ffffffffffff'],
])('record %i of an import is %s', (number, id) => {
  expect(idWithRecord(importId, number)).toBe(id)
  expect(recordOfId(importId, id)).toBe(number)
})

test('ids of one import sort as its records do, and lead back', () => {
  fc.assert(
    fc.property(fc.uuid(), record, record, (anImport, a, b) => {
      const [first, second] = [idWithRecord(anImport, a), idWithRecord(anImport, b)]
      expect(isUuid(first)).toBe(true)
      expect(first < second).toBe(a < b)
      expect(recordOfId(anImport, first)).toBe(a)
    }),
  )
})

test('an id of another import has no record here', () => {
  expect(recordOfId(importId, '01934d5c-2a00-7abc-8dee-000000000001')).toBeUndefined()
  expect(recordOfId(importId, 'record 1')).toBeUndefined()
})

test.each([-1, 1.5, 2 ** 48])('%d is no record number', (number) => {
  expect(() => idWithRecord(importId, number)).toThrow('Bug')
})
