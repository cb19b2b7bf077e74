import { expect, test } from 'vitest'
import { differencesOf } from './differences.rules.ts'

const last = { target: 100, planned: 90, text: 'a', rulesVersion: '2-x', exclusions: { paid: 7, 'legal-hold': 3 } }

test('A campaign like the last one differs in nothing', () => {
  expect(differencesOf(last, last)).toMatchObject({
    isTextSame: true,
    areRulesSame: true,
    planned: { before: 90, now: 90 },
  })
})

test('Reasons of either campaign are compared, the greatest change first', () => {
  const now = { target: 120, planned: 100, text: 'b', rulesVersion: '2-y', exclusions: { paid: 8, hours: 12 } }
  expect(differencesOf(last, now)).toEqual({
    target: { before: 100, now: 120 },
    planned: { before: 90, now: 100 },
    isTextSame: false,
    areRulesSame: false,
    exclusions: [
      { because: 'hours', before: 0, now: 12 },
      { because: 'legal-hold', before: 3, now: 0 },
      { because: 'paid', before: 7, now: 8 },
    ],
  })
})
