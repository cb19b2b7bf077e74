import { expect, test } from 'vitest'
import { day } from '#values/day'
import { readAnswer } from './answer-form.rules.ts'

const today = day('2026-11-24')

test.each<[Record<string, string>, object]>([
  [
    { answer: 'promise:2026-11-25', shownOn: '2026-11-24' },
    { request: { kind: 'promise', day: '2026-11-25', shownOn: '2026-11-24' } },
  ],
  [{ answer: 'promise:tomorrow', shownOn: '2026-11-24' }, { problems: [{ field: 'main' }] }],
  [
    { answer: 'already-paid', method: 'transfer', paidOn: '2026-11-23' },
    { request: { kind: 'already-paid', details: { method: 'transfer', paidOn: '2026-11-23' } } },
  ],
  [{ answer: 'already-paid', method: '', paidOn: '' }, { request: { kind: 'already-paid', details: {} } }],
  [{ answer: 'already-paid', paidOn: '2026-11-25' }, { problems: [{ field: 'paidOn' }] }],
  [{ answer: 'already-paid', paidOn: '2026-11-09' }, { problems: [{ field: 'paidOn' }] }],
  [
    { answer: 'consultation', topic: 'instalments', reachBy: 'letter' },
    { request: { kind: 'consultation', details: { topic: 'instalments', reachBy: 'letter' } } },
  ],
  [{ answer: 'consultation', topic: 'toString' }, { request: { kind: 'consultation', details: {} } }],
  [{}, { problems: [{ field: 'main' }] }],
])('what a caller tells: %j', (form, expected) => {
  expect(readAnswer(form, today)).toMatchObject(expected)
})
