import { expect, test } from 'vitest'
import type { AnswerFacts, CurrentAnswer } from '#answers'
import { day } from '#values/day'
import { yen } from '#values/yen'
import { answerSummary } from './answer-summary.rules.ts'

const bill = {
  customerId: 'c',
  billId: 'b',
  caseId: 'open',
  contractNumber: null,
  product: 'card',
  principal: yen(10_000),
  fee: yen(0),
  dueDay: day('2026-11-20'),
  credits: [],
}
const told = (changes: Partial<CurrentAnswer>): CurrentAnswer => ({
  customerId: 'c',
  caseId: 'open',
  answerId: 'a',
  version: 1,
  kind: 'already-paid',
  answeredAt: new Date('2026-11-24T01:00:00Z'),
  receiptNumber: '482715306',
  quietUntil: day('2026-11-27'),
  promise: null,
  brokenCount: 0,
  ...changes,
})
const promise = {
  version: 1,
  day: day('2026-11-25'),
  lastOfferedDay: day('2026-11-26'),
  quietUntil: day('2026-11-26'),
  receiptNumber: '482715306',
  state: 'pending' as const,
}
const summary = (...answers: readonly CurrentAnswer[]) =>
  answerSummary({ bills: [bill], holds: [], answers } satisfies AnswerFacts)

test('The menu remembers the latest answer to the bills that are open', () => {
  expect(summary()).toBeUndefined()
  expect(summary(told({ caseId: 'closed' }))).toBeUndefined()
  expect(summary(told({}))?.kind).toBe('already-paid')
  const before = told({ answeredAt: new Date('2026-11-23T01:00:00Z'), kind: 'consultation' })
  expect(summary(before, told({}))?.kind).toBe('already-paid')
})

test('A promise is told only while it is waited for', () => {
  const kept = told({ kind: 'promise', promise })
  expect(summary(kept)).toMatchObject({ kind: 'promise', promisedDay: '2026-11-25', receiptNumber: '482715306' })
  for (const state of ['kept', 'broken', 'cancelled'] as const)
    expect(summary(told({ kind: 'promise', promise: { ...promise, state } }))).toBeUndefined()
})

test('What was cancelled is not spoken of', () => {
  expect(summary(told({ kind: 'cancelled' }))).toBeUndefined()
})
