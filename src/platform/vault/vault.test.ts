import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../../test/database.ts'
import type { Keys } from './keys.ts'
import { checkKeys, openVault, type Place } from './vault.ts'

const keysFrom = (seed: string): Keys => {
  const bytes = Buffer.alloc(32, seed)
  return {
    derive: (label) => Buffer.from(bytes.map((byte, at) => byte ^ label.charCodeAt(at % label.length))),
  }
}

const vault = openVault(keysFrom('one'))
const other = openVault(keysFrom('another'))
const place: Place = { table: 'challenges', column: 'code_sealed', row: '018f0000-0000-7000-8000-000000000001' }

test('what is sealed opens again', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const plain = Buffer.from(bytes)
      expect(vault.open(place, vault.seal(place, plain)).equals(plain)).toBe(true)
    }),
  )
})

test('a text moved to another table, column or row does not open', () => {
  const sealed = vault.seal(place, 'secret')
  const elsewhere: readonly Partial<Place>[] = [{ table: 'visits' }, { column: 'typed' }, { row: 'another' }]
  for (const moved of elsewhere)
    expect(() => vault.open({ ...place, ...moved }, sealed)).toThrow(
      expect.objectContaining({ code: 'sealed-unreadable' }),
    )
})

test('a changed byte anywhere, key id included, or a cut does not open', () => {
  const sealed = vault.seal(place, 'secret')
  for (let at = 0; at < sealed.length; at++) {
    const changed = Buffer.from(sealed)
    changed[at] = (changed[at] ?? 0) ^ 1
    expect(() => vault.open(place, changed)).toThrow(expect.objectContaining({ code: 'sealed-unreadable' }))
    expect(() => vault.open(place, sealed.subarray(0, at))).toThrow(
      expect.objectContaining({ code: 'sealed-unreadable' }),
    )
  }
})

test('the key id stands first, another for the customers’ own keys', () => {
  const { key } = vault.newCustomerKey('a')
  expect(vault.seal(place, '')[0]).toBe(1)
  expect(key.seal(place, '')[0]).toBe(0xc1)
})

test('the same text is never sealed the same way twice', () => {
  const seen = new Set(Array.from({ length: 3000 }, () => vault.seal(place, 'x').toString('hex')))
  expect(seen.size).toBe(3000)
})

test('a customer’s key opens what it sealed, and its wrapping belongs to that customer', () => {
  const { wrapped, key } = vault.newCustomerKey('customer-a')
  const sealed = key.seal(place, 'secret')
  expect(vault.customerKey('customer-a', wrapped).open(place, sealed).toString()).toBe('secret')
  expect(() => vault.customerKey('customer-b', wrapped)).toThrow(expect.objectContaining({ code: 'sealed-unreadable' }))
  expect(() => vault.newCustomerKey('customer-a').key.open(place, sealed)).toThrow()
  expect(() => vault.open(place, sealed)).toThrow()
})

test('equal texts under two labels cannot be linked, and neither by another vault', () => {
  const values = [
    vault.blindIndex('phone', 'x'),
    vault.blindIndex('identity', 'x'),
    vault.blindIndex('search.family', 'x'),
    other.blindIndex('phone', 'x'),
    vault.codeHash('x', ''),
  ].map((value) => value.toString('hex'))
  expect(new Set(values).size).toBe(values.length)
  expect(vault.hash('phone', Buffer.from('x'))).toEqual(vault.blindIndex('phone', 'x'))
})

test('a code’s hash belongs to its challenge', () => {
  expect(vault.sameHash(vault.codeHash('a', '0042'), vault.codeHash('a', '0042'))).toBe(true)
  expect(vault.sameHash(vault.codeHash('a', '0042'), vault.codeHash('b', '0042'))).toBe(false)
  expect(vault.sameHash(vault.codeHash('a', '0042'), vault.codeHash('a', '42'))).toBe(false)
  expect(vault.sameHash(vault.codeHash('a', '0042'), Buffer.alloc(0))).toBe(false)
})

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.drop())

test('a database once opened with one key file refuses another', async () => {
  await checkKeys(database.db, vault)
  await checkKeys(database.db, openVault(keysFrom('one')))
  await expect(checkKeys(database.db, other)).rejects.toThrow(expect.objectContaining({ code: 'keys-wrong' }))
})
