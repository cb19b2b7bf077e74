import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readTypedCode } from './typed-code.rules.ts'

const boundSms = '認証番号:0042(5分有効)。他人に教えないでください。株式会社ジャックス\n\n@localhost #0042'
const seedSms = '「1234」\nお客様の認証番号です。\n認証番号は5分間有効です。\n株式会社ジャックス'

test.each([
  ['0042', 4, '0042'],
  ['００４２', 4, '0042'],
  [' 00 42 ', 4, '0042'],
  ['00-42', 4, '0042'],
  [boundSms, 4, '0042'],
  [boundSms.replaceAll('\n', ''), 4, '0042'],
  [seedSms, 4, '1234'],
  ['認証番号:123456(10分有効)。0120-11-2222まで\n\n@mobile.example #654321', 6, '654321'],
  ['「1234」', 4, '1234'],
  ['番号は ９８７６ です', 4, '9876'],
  ['', 4, undefined],
  ['123', 4, undefined],
  ['12345', 4, undefined],
  ['123456', 4, undefined],
  ['1234', 6, undefined],
  ['abcd', 4, undefined],
  ['認証番号', 4, undefined],
  ['12.34', 4, undefined],
])('%j read as %i digits is %s', (typed, digits, code) => {
  expect(readTypedCode(typed, digits)).toBe(code)
})

test('what is read is always a code of that length, and every code is read as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 4, max: 8 }), (text, digits) => {
      const code = readTypedCode(text, digits)
      expect(code === undefined || new RegExp(`^[0-9]{${digits}}$`).test(code)).toBe(true)
    }),
  )
  fc.assert(
    fc.property(fc.stringMatching(/^[0-9]{4,8}$/), (code) => {
      expect(readTypedCode(code, code.length)).toBe(code)
    }),
  )
})
