import { expect, test } from 'vitest'
import { idWithRecord, isUuid } from '#values/id'
import { newId } from './ids.ts'

const now = new Date('2099-01-02T03:04:05.678Z')

test('an id is a UUID of version 7 and carries its instant', () => {
  const id = newId(now)
  expect(isUuid(id)).toBe(true)
  expect(id.charAt(14)).toBe('7')
  expect('89ab').toContain(id.charAt(19))
  expect(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)).toBe(now.getTime())
})

test('ids of one millisecond rise, also when the clock falls back', () => {
  const ids = Array.from({ length: 2_000 }, (_, at) => newId(at % 3 === 0 ? new Date(now.getTime() - 60_000) : now))
  expect(ids).toEqual([...ids].sort())
  expect(new Set(ids).size).toBe(ids.length)
})

test('two imports of one millisecond give their records different ids', () => {
  const imports = Array.from({ length: 500 }, () => newId(now))
  expect(new Set(imports.map((id) => idWithRecord(id, 1))).size).toBe(imports.length)
})

test('later instants have greater ids', () => {
  const first = newId(new Date(now.getTime() + 1_000))
  expect(newId(new Date(now.getTime() + 1_001)) > first).toBe(true)
})
