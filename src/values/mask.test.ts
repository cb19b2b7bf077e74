import fc from 'fast-check'
import { expect, test } from 'vitest'
import { maskField, maskId, maskKana } from './mask.ts'

test.each([
  ['ジャックス', 'ジ*****'],
  ['タ', 'タ*****'],
  ['𠮷田', '𠮷*****'],
  ['', '*****'],
])('the name %s is masked %s', (name, masked) => {
  expect(maskKana(name)).toBe(masked)
})

test.each([
  ['C0001234', '****1234'],
  ['00000000000012345678', '****5678'],
  ['1234567', '****567'],
  ['123456', '****456'],
  ['12345', '****'],
  ['', '****'],
])('the id %s is masked %s', (id, masked) => {
  expect(maskId(id)).toBe(masked)
})

test.each([
  ['19980101', '########'],
  ['1998-13-01', '####-##-##'],
  ['１９９８年', '####字'],
  ['ｼﾞﾔﾂｸｽ ﾀﾛｳ', 'ｱｱｱｱｱｱ ｱｱｱ'],
  ['ジャックス　じろう', 'アアアアア　あああ'],
  ['山田々', '字字字'],
  ['Taro@Example.jp', 'AAAA@AAAAAAA.AA'],
  ['\u0000\t1', '??#'],
  ['x'.repeat(41), `${'A'.repeat(40)}…`],
  ['', ''],
])('the field %j is masked %j', (field, masked) => {
  expect(maskField(field)).toBe(masked)
})

test('a masked field holds no digit, and no letter but those that stand for a class', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (field) => {
      expect(maskField(field)).not.toMatch(/\p{Nd}/u)
      expect(maskField(field).replace(/[Aｱアあ字]/g, '')).not.toMatch(/\p{L}/u)
    }),
  )
})
