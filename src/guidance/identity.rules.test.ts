import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { day } from '#values/day'
import { readIdentityForm, type TypedIdentity } from './identity.rules.ts'

const rules = { prefixes: ['060', '070', '080', '090'], allowDemo0900: true }
const today = day('2026-11-24')
const jaccs: TypedIdentity = { family: 'ジャックス', given: 'タロウ', birthDate: '19980101', phone: '09011112222' }
const read = (changes: Partial<TypedIdentity>) => readIdentityForm({ ...jaccs, ...changes }, rules, today)
const faultsOf = (changes: Partial<TypedIdentity>) => {
  const form = read(changes)
  return form.kind === 'faulty' ? Object.fromEntries(form.faults) : {}
}

describe('The identity form takes what people type', () => {
  test.each<[string, Partial<TypedIdentity>]>([
    ['as asked', {}],
    ['hiragana', { family: 'じゃっくす', given: 'たろう' }],
    ['half-width kana', { family: 'ｼﾞﾔﾂｸｽ', given: 'ﾀﾛｳ' }],
    ['half-width kana with dakuten apart', { family: 'シ゛ャックス' }],
    ['decomposed dakuten', { family: 'シ\u3099ャックス' }],
    ['spaces anywhere', { family: ' ジャッ クス　', given: 'タロ ウ' }],
    ['the whole name in the first box', { family: 'ジャックス タロウ', given: '' }],
    ['the whole name in the first box without a space', { family: 'ジャックスタロウ', given: '' }],
    ['the whole name in the second box', { family: '', given: 'ジャックス　タロウ' }],
    ['both swapped', { family: 'タロウ', given: 'ジャックス' }],
    ['a long mark in any shape', { family: 'ジャックス', given: 'タロ‐' }],
    ['a birth date with hyphens', { birthDate: '1998-01-01' }],
    ['a birth date with slashes', { birthDate: '1998/1/1' }],
    ['a birth date in words', { birthDate: '1998年1月1日' }],
    ['full-width digits', { birthDate: '１９９８０１０１', phone: '０９０１１１１２２２２' }],
    ['an era in words', { birthDate: '平成10年1月1日' }],
    ['an era by its letter', { birthDate: 'H10.1.1' }],
    ['a phone with hyphens', { phone: '090-1111-2222' }],
    ['a phone with brackets and spaces', { phone: '(090) 1111 2222' }],
    ['a phone from abroad', { phone: '+81 90 1111 2222' }],
  ])('%s', (_, changes) => {
    expect(read(changes)).toMatchObject({ kind: 'well-formed', birthDate: '1998-01-01', phone: '+819011112222' })
  })

  test('and hands names on in full-width katakana', () => {
    expect(read({ family: 'じゃっくす', given: 'ﾀﾛｳ' })).toMatchObject({ family: 'ジャックス', given: 'タロウ' })
    expect(read({ family: 'ジャックス タロウ', given: '' })).toMatchObject({ family: 'ジャックスタロウ', given: '' })
  })
})

describe('The identity form says what is wrong with a field, and only with that one', () => {
  test.each<[Partial<TypedIdentity>, object]>([
    [
      { family: '', given: '' },
      { family: 'family-missing', given: 'given-missing' },
    ],
    [{ family: '' }, { family: 'family-missing' }],
    [{ given: '　' }, { given: 'given-missing' }],
    [{ family: '山田' }, { family: 'family-not-kana' }],
    [{ given: 'Taro' }, { given: 'given-not-kana' }],
    [{ family: '山田 太郎', given: '' }, { family: 'family-not-kana' }],
    [{ family: 'ジ'.repeat(61) }, { family: 'family-not-kana' }],
    [{ birthDate: '' }, { birthDate: 'birth-missing' }],
    [{ birthDate: '199811' }, { birthDate: 'birth-malformed' }],
    [{ birthDate: '19981301' }, { birthDate: 'birth-month' }],
    [{ birthDate: '19980132' }, { birthDate: 'birth-day' }],
    [{ birthDate: '19980230' }, { birthDate: 'birth-no-such-day' }],
    [{ birthDate: '20261125' }, { birthDate: 'birth-future' }],
    [{ birthDate: '01980101' }, { birthDate: 'birth-year' }],
    [{ phone: '' }, { phone: 'phone-digits' }],
    [{ phone: '0901111222' }, { phone: 'phone-digits' }],
    [{ phone: '0312345678' }, { phone: 'phone-not-mobile' }],
    [{ phone: 'でんわ' }, { phone: 'phone-digits' }],
  ])('%j: %j', (changes, faults) => {
    expect(faultsOf(changes)).toEqual(faults)
  })

  test('whatever is typed, the answer is one of the two', () => {
    const anything = fc.record({ family: fc.string(), given: fc.string(), birthDate: fc.string(), phone: fc.string() })
    fc.assert(
      fc.property(anything, (typed) => ['well-formed', 'faulty'].includes(readIdentityForm(typed, rules, today).kind)),
    )
  })
})
