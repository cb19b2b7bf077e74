import { describe, expect, test } from 'vitest'
import { day } from '#values/day'
import { phone } from '#values/phone'
import { type CheckedField, checkCaller, checkLimit, type Said } from './caller-check.rules.ts'

const today = day('2026-11-24')
const onFile = {
  person: { family: 'ジャックス', given: 'タロウ', birthDate: day('1998-01-01') },
  phone: phone('+819001234567'),
}
const rules = { mobile: { prefixes: ['090'], allowDemo0900: true }, readings: {} }
const check = (said: Partial<Said>) =>
  checkCaller(onFile, { name: '', birthDate: '', phone: '', ...said }, rules, today)
const compared = (asked: readonly CheckedField[], matched: readonly CheckedField[]) => ({
  kind: 'compared',
  asked,
  matched,
})

describe('what a caller says', () => {
  test.each<[string, Partial<Said>, object]>([
    ['the whole name, in small letters of whatever kind', { name: 'じゃっくす たろう' }, compared(['name'], ['name'])],
    ['the name the other way round', { name: 'タロウジャックス' }, compared(['name'], ['name'])],
    ['the family name alone proves nothing', { name: 'ジャックス' }, compared(['name'], [])],
    ['a birth date of the era', { birthDate: '平成10年1月1日' }, compared(['birthDate'], ['birthDate'])],
    ['another birth date', { birthDate: '19980102' }, compared(['birthDate'], [])],
    ['a phone in any form', { phone: '+81 900-123-4567' }, compared(['phone'], ['phone'])],
    ['another phone', { phone: '09001234568' }, compared(['phone'], [])],
    [
      'several, of which one is wrong',
      { name: 'ジャックスタロウ', birthDate: '19980101', phone: '09001234568' },
      compared(['name', 'birthDate', 'phone'], ['name', 'birthDate']),
    ],
    ['what is no date is asked for again', { birthDate: '19981301' }, { kind: 'unclear', fields: ['birthDate'] }],
    ['what is no kana', { name: '山田', phone: '09001234567' }, { kind: 'unclear', fields: ['name'] }],
    ['nothing', {}, { kind: 'unclear', fields: ['name'] }],
  ])('%s', (_, said, expected) => {
    expect(check(said)).toEqual(expected)
  })
})

test('there is an end to asking', () => {
  expect(checkLimit({ ofCustomerToday: 9, ofOperatorThisHour: 59 })).toBeUndefined()
  expect(checkLimit({ ofCustomerToday: 10, ofOperatorThisHour: 0 })).toBe('customer')
  expect(checkLimit({ ofCustomerToday: 0, ofOperatorThisHour: 60 })).toBe('operator')
})
