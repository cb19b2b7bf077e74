import { beforeAll, expect, test } from 'vitest'
import type { OpenBill } from '#bills'
import type { Creditor } from '#creditor'
import { japaneseHolidays as holidays } from '#platform/calendar/holidays'
import { day } from '#values/day'
import { yen } from '#values/yen'
import { at, creditorWith, ten, tuesday } from '../../test/casework.ts'
import {
  type AnswerFacts,
  type AnswerRequest,
  type CurrentAnswer,
  decideAnswer,
  type HoldReason,
  type Refusal,
} from './answer.rules.ts'

let creditor: Creditor
beforeAll(async () => {
  creditor = await creditorWith()
})

const bill = (changes: Partial<OpenBill> = {}): OpenBill => ({
  credits: [],
  customerId: 'taro',
  billId: 'bill-1',
  caseId: 'case-1',
  contractNumber: 'K-1',
  product: 'card',
  principal: yen(12_300),
  fee: yen(0),
  dueDay: day('2026-11-22'),
  ...changes,
})

const answered = (changes: Partial<CurrentAnswer> = {}): CurrentAnswer => ({
  customerId: 'taro',
  caseId: 'case-1',
  answerId: 'answer-1',
  version: 1,
  kind: 'promise',
  answeredAt: ten,
  receiptNumber: '482715306',
  quietUntil: day('2026-11-26'),
  promise: null,
  brokenCount: 0,
  ...changes,
})

const promised = (on: string, lastOffered: string, state: 'pending' | 'kept' | 'broken' | 'cancelled' = 'pending') => ({
  version: 1,
  day: day(on),
  lastOfferedDay: day(lastOffered),
  quietUntil: day('2026-11-26'),
  receiptNumber: '482715306',
  state,
})

const facts = (changes: Partial<AnswerFacts> = {}): AnswerFacts => ({
  bills: [bill()],
  holds: [],
  answers: [],
  ...changes,
})

const promise = (on: string, shownOn: string = tuesday): AnswerRequest => ({
  kind: 'promise',
  day: day(on),
  shownOn: day(shownOn),
})
const paid: AnswerRequest = { kind: 'already-paid' }
const consultation: AnswerRequest = { kind: 'consultation', details: { topic: 'part-only' } }

const decide = (given: AnswerFacts, request: AnswerRequest, now = ten) =>
  decideAnswer(given, request, { now, holidays, creditor })

const because = (given: AnswerFacts, request: AnswerRequest, now = ten): Refusal | undefined => {
  const outcome = decide(given, request, now)
  return outcome.kind === 'refused' ? outcome.because : undefined
}

test('a promise stores its bills with what they come to on the promised day', () => {
  const bills = [bill(), bill({ billId: 'bill-2', principal: yen(8_000), product: 'shopping' })]
  expect(decide(facts({ bills }), promise('2026-11-25'))).toEqual({
    kind: 'recorded',
    answer: 'promise',
    promisedDay: '2026-11-25',
    quietUntil: '2026-11-26',
    details: {},
    total: 20_323,
    cases: [
      {
        customerId: 'taro',
        caseId: 'case-1',
        lastOfferedDay: '2026-11-26',
        bills: [
          { billId: 'bill-1', amount: 12_314 },
          { billId: 'bill-2', amount: 8_009 },
        ],
      },
    ],
  })
})

test('"already paid" stores what is owed today and is quiet for three business days', () => {
  expect(decide(facts(), { kind: 'already-paid', details: { method: 'transfer' } })).toMatchObject({
    answer: 'already-paid',
    promisedDay: null,
    quietUntil: '2026-11-27',
    details: { method: 'transfer' },
    total: 12_309,
    cases: [{ lastOfferedDay: null }],
  })
})

test('the bills of a person under two customer numbers are answered together, each case with its own', () => {
  const bills = [bill(), bill({ customerId: 'taro-2', caseId: 'case-2', billId: 'bill-2' })]
  expect(decide(facts({ bills }), consultation)).toMatchObject({
    cases: [
      { customerId: 'taro', caseId: 'case-1', bills: [{ billId: 'bill-1' }] },
      { customerId: 'taro-2', caseId: 'case-2', bills: [{ billId: 'bill-2' }] },
    ],
  })
})

test('what is settled needs no answer', () => {
  for (const request of [promise('2026-11-25'), paid, consultation])
    expect(because(facts({ bills: [] }), request)).toBe('already-settled')
})

test.each<[HoldReason, Refusal | undefined]>([
  ['legal', 'on-hold'],
  ['death', 'on-hold'],
  ['wrong-number', 'on-hold'],
  ['dispute', undefined],
  ['hardship', undefined],
])('under a %s hold nobody is asked to pay; a consultation: %s', (hold, ofConsultation) => {
  expect(because(facts({ holds: [hold] }), promise('2026-11-25'))).toBe('on-hold')
  expect(because(facts({ holds: [hold] }), paid)).toBe('on-hold')
  expect(because(facts({ holds: [hold] }), consultation)).toBe(ofConsultation)
})

test.each<[string, Refusal | undefined]>([
  ['2026-11-23', 'outside-offered-days'],
  ['2026-11-24', 'outside-offered-days'],
  ['2026-11-25', undefined],
  ['2026-11-26', undefined],
  ['2026-11-27', 'outside-offered-days'],
])('on Tuesday the 24th a promise for %s: %s', (on, refused) => {
  expect(because(facts(), promise(on))).toBe(refused)
})

test('a form shown before midnight is not taken after it, whichever day it names', () => {
  const shown = at('2026-11-24', 23, 59, 50)
  const afterMidnight = at('2026-11-25', 0, 0, 0)
  for (const on of ['2026-11-25', '2026-11-26']) {
    expect(because(facts(), promise(on, '2026-11-24'), shown)).toBeUndefined()
    expect(because(facts(), promise(on, '2026-11-24'), afterMidnight)).toBe('day-has-passed')
  }
  expect(because(facts(), promise('2026-11-26', '2026-11-25'), afterMidnight)).toBeUndefined()
  expect(because(facts(), promise('2026-11-26', '2026-11-26'), afterMidnight)).toBe('day-has-passed')
})

test.each<[string, string, string, Refusal | undefined]>([
  ['on the same day, to the other day', '2026-11-24', '2026-11-26', undefined],
  ['on its own day, within the days first offered', '2026-11-25', '2026-11-26', undefined],
  ['on its own day, beyond them', '2026-11-25', '2026-11-27', 'outside-offered-days'],
  ['after its day, while its money is waited for', '2026-11-26', '2026-11-27', 'too-late'],
])('a promise of the 24th for the 25th is moved %s', (_why, today, to, refused) => {
  const answers = [answered({ promise: promised('2026-11-25', '2026-11-26') })]
  expect(because(facts({ answers }), promise(to, today), at(today, 10))).toBe(refused)
})

test('a moved promise keeps the days that were first offered', () => {
  const answers = [answered({ promise: promised('2026-11-25', '2026-11-26') })]
  expect(decide(facts({ answers }), promise('2026-11-26', '2026-11-25'), at('2026-11-25', 10))).toMatchObject({
    cases: [{ lastOfferedDay: '2026-11-26' }],
  })
})

test('a promise stays one when a consultation follows it: it is still moved, not made anew', () => {
  const answers = [answered({ kind: 'consultation', promise: promised('2026-11-25', '2026-11-26') })]
  expect(because(facts({ answers }), promise('2026-11-27', '2026-11-25'), at('2026-11-25', 10))).toBe(
    'outside-offered-days',
  )
})

test.each(['broken', 'cancelled', 'kept'] as const)('after a %s promise days are offered anew', (state) => {
  const answers = [answered({ promise: promised('2026-11-19', '2026-11-20', state), brokenCount: 1 })]
  expect(decide(facts({ answers }), promise('2026-11-26'))).toMatchObject({
    cases: [{ lastOfferedDay: '2026-11-26' }],
  })
})

test('after two broken promises of the case only a consultation, or saying that it is paid', () => {
  const answers = [answered({ brokenCount: 2 })]
  expect(because(facts({ answers }), promise('2026-11-25'))).toBe('only-consultation')
  expect(because(facts({ answers }), consultation)).toBeUndefined()
  expect(because(facts({ answers }), paid)).toBeUndefined()
  expect(because(facts({ answers: [answered({ brokenCount: 1 })] }), promise('2026-11-25'))).toBeUndefined()
})

test('what was answered in an earlier case does not bind', () => {
  const answers = [answered({ caseId: 'case-0', brokenCount: 2, promise: promised('2026-11-20', '2026-11-20') })]
  expect(because(facts({ answers }), promise('2026-11-25'))).toBeUndefined()
})
