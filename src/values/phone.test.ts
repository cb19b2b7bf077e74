import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { domestic, grouped, maskPhone, parseMobile, phone } from './phone.ts'

const rules = { prefixes: ['060', '070', '080', '090'], allowDemo0900: false }
const demo = { ...rules, allowDemo0900: true }

describe('a mobile number', () => {
  test.each([
    '09001234567',
    '0900-123-4567',
    '0900 123 4567',
    '（0900）123ー4567',
    '０９００１２３４５６７',
    '0900‐123−4567',
    '0900.123.4567',
    '+819001234567',
    '+81 900-123-4567',
    '+81 (0)900 123 4567',
    '＋81-900-123-4567',
    '00819001234567',
    '010819001234567',
    '819001234567',
    ' 09001234567\u200b',
  ])('is read from %s', (typed) => {
    expect(parseMobile(typed, demo)).toEqual({ kind: 'mobile', phone: '+819001234567' })
  })

  test.each(['060', '070', '080', '090'])('begins with %s', (prefix) => {
    expect(parseMobile(`${prefix}11112222`, rules)).toEqual({ kind: 'mobile', phone: `+81${prefix.slice(1)}11112222` })
  })

  test.each([
    ['09001234567', 'not-mobile', '0900 is for the demo only'],
    ['08001234567', 'not-mobile', 'toll-free'],
    ['0120123456', 'not-mobile', 'toll-free'],
    ['0312345678', 'not-mobile', 'a landline'],
    ['+81312345678', 'not-mobile', 'a landline from abroad'],
    ['05012345678', 'not-mobile', 'an internet telephone'],
    ['02012345678', 'not-mobile', 'a machine'],
    ['+15550100123', 'not-mobile', 'another country'],
    ['98765432101', 'not-mobile', 'eleven digits of nothing'],
    ['0901111222', 'wrong-length', 'one missing'],
    ['090111122223', 'wrong-length', 'one too many'],
    ['9011112222', 'wrong-length', 'the zero missing'],
    ['+81901111222', 'wrong-length', 'one missing, from abroad'],
    ['1234', 'wrong-length', 'not nearly'],
    ['0801111222', 'wrong-length', 'one missing'],
    ['', 'not-digits', 'nothing'],
    ['---', 'not-digits', 'only dashes'],
    ['0901111222x', 'not-digits', 'a letter'],
    ['携帯', 'not-digits', 'words'],
    ['090+11112222', 'not-digits', 'a plus inside'],
  ])('is not read from %j: %s (%s)', (typed, kind) => {
    expect(parseMobile(typed, rules)).toEqual({ kind })
  })

  test('the first two groups are configuration', () => {
    expect(parseMobile('06011112222', { ...rules, prefixes: ['090'] })).toEqual({ kind: 'not-mobile' })
  })

  test('0800 stays toll-free in the demo', () => {
    expect(parseMobile('08001234567', demo)).toEqual({ kind: 'not-mobile' })
  })

  test('is read again from everything we show unmasked', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^0900\d{7}$/), (digits) => {
        const typed = parseMobile(digits, demo)
        if (typed.kind !== 'mobile') throw new Error('not a mobile number')
        expect(domestic(typed.phone)).toBe(digits)
        for (const shown of [typed.phone, domestic(typed.phone), grouped(typed.phone)]) {
          expect(parseMobile(shown, demo)).toEqual(typed)
        }
      }),
    )
  })
})

describe('shown', () => {
  const known = phone('+819001234567')

  test('for dialling, for reading and masked', () => {
    expect(domestic(known)).toBe('09001234567')
    expect(grouped(known)).toBe('090-0123-4567')
    expect(maskPhone(known)).toBe('090-****-4567')
  })

  test.each(['09001234567', '+81900123456', '+815012345678', '+8190012345678', '+1555010012', ''])(
    '%j is no phone of ours',
    (text) => {
      expect(() => phone(text)).toThrow('Bug')
    },
  )
})
