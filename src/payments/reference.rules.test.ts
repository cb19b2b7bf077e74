import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bareReference, referenceStrength, writtenForms } from './reference.rules.ts'

test.each([
  ['0000012345', '12345', 'weak'],
  ['0000123456', '123456', 'strong'],
  [' K-99 ', 'K-99', 'weak'],
  ['0010000001', '10000001', 'strong'],
  ['0000000000', undefined, undefined],
  ['0000000012', undefined, undefined],
  ['', undefined, undefined],
])('%j is looked up as %j, which is %s', (reference, bare, strength) => {
  expect(bareReference(reference)).toBe(bare)
  if (bare !== undefined) expect(referenceStrength(bare)).toBe(strength)
})

test('a number of the master is one of the forms of its reference, however many zeros either has', () => {
  const digits = fc.stringMatching(/^[1-9][0-9]{2,9}$/)
  fc.assert(
    fc.property(digits, fc.nat(7), fc.nat(7), (number, zerosThere, zerosHere) => {
      const inMaster = '0'.repeat(Math.min(zerosThere, 10 - number.length)) + number
      const bare = bareReference('0'.repeat(zerosHere) + number)
      expect(bare).toBe(number)
      expect(writtenForms(bare ?? '')).toContain(inMaster)
    }),
  )
})

test('a long number has only its own form', () => {
  expect(writtenForms('12345678901')).toEqual(['12345678901'])
})
