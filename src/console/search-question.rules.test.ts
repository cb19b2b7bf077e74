import { describe, expect, test } from 'vitest'
import { readQuestion, waysAsked } from './search-question.rules.ts'

const rules = { prefixes: ['070', '080', '090'], allowDemo0900: true }
const ask = (typed: string) => readQuestion(typed, rules)
const ways = (typed: string) => waysAsked(ask(typed))

describe('what somebody means who types that into the search box', () => {
  test.each([
    ['0900-123-4567', ['number', 'phone']],
    ['+81 900 123 4567', ['number', 'phone']],
    ['０９００１２３４５６７', ['number', 'phone']],
    ['4567', ['number', 'phone-last4']],
    ['7000000024', ['number']],
    ['482-715-306', ['number', 'receipt']],
    ['482715305', ['number']],
    ['K-0012345', ['number']],
    ['ジャックス', ['family', 'given', 'full-name']],
    ['じゃっくす', ['family', 'given', 'full-name']],
    ['ｼﾞｬｯｸｽ', ['family', 'given', 'full-name']],
    ['ジャックス　タロウ', ['full-name', 'full-name']],
    ['山田', ['not-kana']],
    ['  ', ['empty']],
    ['9'.repeat(61), ['too-long']],
  ])('%s', (typed, expected) => {
    expect(ways(typed)).toEqual(expected)
  })

  test('a whole name is looked for in both orders', () => {
    expect(ask('タロウ ジャックス')).toMatchObject({
      terms: [
        { label: 'full-name', text: 'タロウジャックス' },
        { label: 'full-name', text: 'ジャックスタロウ' },
      ],
    })
  })

  test('a number is looked for as it was typed and without what stands between its digits', () => {
    expect(ask('７０００-0024')).toMatchObject({ numbers: ['7000-0024', '70000024'] })
  })

  test('a phone is looked for in one form, however it is written', () => {
    const forms = ['09001234567', '0900-123-4567', '(0900)123 4567', '+819001234567', '81 900 1234567']
    for (const form of forms) expect(ask(form)).toMatchObject({ terms: [{ label: 'phone', text: '+819001234567' }] })
  })
})
