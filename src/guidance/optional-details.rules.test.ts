import fc from 'fast-check'
import { expect, test } from 'vitest'
import { day } from '#values/day'
import { readConsultation } from './consultation.rules.ts'
import { readPaid } from './paid.rules.ts'

const today = day('2026-11-24')

test.each([
  [
    { paidOn: '2026-11-23', method: 'transfer' },
    { paidOn: '2026-11-23', method: 'transfer' },
  ],
  [{ paidOn: '2026-11-24', method: undefined }, { paidOn: '2026-11-24' }],
  [{ paidOn: '2026-11-25', method: '' }, {}],
  [{ paidOn: '2026-11-09', method: 'gold' }, {}],
  [
    { paidOn: '2026-11-10', method: 'other' },
    { paidOn: '2026-11-10', method: 'other' },
  ],
  [{ paidOn: 'yesterday', method: 'constructor' }, {}],
  [{ paidOn: undefined, method: undefined }, {}],
])('When and how somebody paid is kept as far as it makes sense: %j', (typed, details) => {
  expect(readPaid(typed, today)).toEqual(details)
})

test('A consultation keeps the choices it knows and no free text', () => {
  expect(readConsultation({ topic: 'instalments', callTime: 'morning', reachBy: 'sms' })).toEqual({
    topic: 'instalments',
    callTime: 'morning',
    reachBy: 'sms',
  })
  const known = ['part-only', 'another-day', 'instalments', 'unknown-claim', 'other']
  fc.assert(
    fc.property(fc.string(), (topic) => {
      const details = readConsultation({ topic, callTime: topic, reachBy: topic })
      return Object.values(details).every((value) => [...known, 'any'].includes(value))
    }),
  )
})
