import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { systemChance } from '#platform/chance'
import { openVault } from '#platform/vault/vault'
import { makeFormId, readFormId } from './form-id.ts'

const keys = openVault({ derive: (label) => Buffer.alloc(32, label) })
const shown = { path: '/v/promise', cookie: 'a'.repeat(43), now: new Date('2026-11-24T01:00:00Z') }

describe('A form id', () => {
  test('is known again for the same path and browser', () => {
    expect(readFormId(keys, makeFormId(keys, systemChance, shown), shown)).toHaveLength(22)
  })

  test.each([
    ['another path', { ...shown, path: '/v/paid' }],
    ['another browser', { ...shown, cookie: 'b'.repeat(43) }],
    ['a browser without a cookie', { ...shown, cookie: undefined }],
    ['half a day later', { ...shown, now: new Date('2026-11-24T13:00:01Z') }],
  ])('is refused for %s', (_, sent) => {
    expect(readFormId(keys, makeFormId(keys, systemChance, shown), sent)).toBeUndefined()
  })

  test('is refused when any bit of it is changed', () => {
    const id = Buffer.from(makeFormId(keys, systemChance, shown), 'base64url')
    fc.assert(
      fc.property(fc.nat(id.length * 8 - 1), (bit) => {
        const changed = Buffer.from(id)
        changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
        expect(readFormId(keys, changed.toString('base64url'), shown)).toBeUndefined()
      }),
    )
  })

  test('is refused when it is any other text', () => {
    fc.assert(fc.property(fc.string(), (text) => readFormId(keys, text, shown) === undefined))
    expect(readFormId(keys, undefined, shown)).toBeUndefined()
  })

  test('is another one each time', () => {
    expect(makeFormId(keys, systemChance, shown)).not.toBe(makeFormId(keys, systemChance, shown))
  })
})
