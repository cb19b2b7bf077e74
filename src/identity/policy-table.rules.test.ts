import { expect, test } from 'vitest'
import { type Policies, readCreditor } from '#creditor'
import { policyTable } from './policy-table.rules.ts'

const { policies } = await readCreditor('creditor/demo.yaml', { demo: true })
const rowOf = (digits: number, running: Policies = policies) => {
  const row = policyTable(running).find((candidate) => candidate.digits === digits)
  if (row === undefined) throw new Error('no such row')
  return row
}
const withCode = (code: Partial<Policies['code']>): Policies => ({ ...policies, code: { ...policies.code, ...code } })

test.each([
  [4, '9.0e-4'],
  [6, '9.0e-6'],
  [8, '9.0e-8'],
])('with %i digits somebody who knows all three facts gets in on one of %s days', (digits, expected) => {
  expect(rowOf(digits).perDay.toExponential(1)).toBe(expected)
})

test('with an unknown birth date four digits give about 1e-7 a day', () => {
  expect(Math.round(Math.log10(rowOf(4).perDayUnknownBirthDate))).toBe(-7)
})

test('one code is three guesses among ten thousand, and ten wrong ones end the month', () => {
  expect(rowOf(4).perCode).toBeCloseTo(3e-4, 12)
  expect(rowOf(4).per30Days).toBeCloseTo(1 - (1 - 3e-4) ** 3 * (1 - 1e-4), 12)
})

test('small chances keep their digits', () => {
  expect(rowOf(8).perCode / 3e-8).toBeCloseTo(1, 12)
})

test('the table is of the policy in force', () => {
  expect(rowOf(4, withCode({ triesPerCode: 2, codesPerDay: 1 })).perDay).toBeCloseTo(2e-4, 12)
  expect(rowOf(4, withCode({ wrongPerDay: 4 })).perDay).toBeCloseTo(1 - (1 - 3e-4) * (1 - 1e-4), 12)
  expect(policyTable(withCode({ digits: 5 })).map(({ digits, isRunning }) => [digits, isRunning])).toEqual([
    [4, false],
    [5, true],
    [6, false],
    [8, false],
  ])
})
