import { expect, test } from 'vitest'
import { systemChance } from './chance.ts'

test('digits are as many as asked for, and the first may be 0', () => {
  const codes = Array.from({ length: 500 }, () => systemChance.digits(4))
  expect(codes.every((code) => /^\d{4}$/.test(code))).toBe(true)
  // 500 codes without a leading zero happen once in 10^23 runs.
  expect(codes.some((code) => code.startsWith('0'))).toBe(true)
  expect(systemChance.digits(0)).toBe('')
})

test('whole numbers stay below the bound and reach every value', () => {
  const seen = new Set(Array.from({ length: 500 }, () => systemChance.int(3)))
  expect([...seen].sort()).toEqual([0, 1, 2])
})

test('bytes are as many as asked for and not the same twice', () => {
  expect(systemChance.bytes(32)).toHaveLength(32)
  expect(systemChance.bytes(32).equals(systemChance.bytes(32))).toBe(false)
})
