import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Creditor } from '#creditor'
import { japaneseHolidays as holidays } from '#platform/calendar/holidays'
import { addDays, type Day, day } from '#values/day'
import { plannedRedebit, redebitUnderWay } from './redebit.rules.ts'

type Redebits = NonNullable<Creditor['redebits']>

const planned = (...days: Redebits['days']): Pick<Creditor, 'redebits'> => ({ redebits: { days, cutOffBankDays: 3 } })
const bill = (changes: { product?: string | null; dueDay?: string; resultsOn?: readonly string[] } = {}) => {
  const { product = 'card', dueDay = '2026-11-24', resultsOn = [] } = changes
  return { product, dueDay: day(dueDay), resultsOn: resultsOn.map(day) }
}

/** A Thursday; three bank days before it is the Monday. */
const tenth = { day: '2026-12-10' }

test.each<[string, string, { isPastCutOff: boolean; isAwaitingResult: boolean }, 'open' | 'under way']>([
  ['long before', '2026-11-24', { isPastCutOff: false, isAwaitingResult: false }, 'open'],
  ['the day before the cut-off', '2026-12-06', { isPastCutOff: false, isAwaitingResult: false }, 'open'],
  ['the cut-off itself', '2026-12-07', { isPastCutOff: false, isAwaitingResult: false }, 'under way'],
  ['the day after it', '2026-12-08', { isPastCutOff: true, isAwaitingResult: false }, 'under way'],
  ['the day of the re-debit', '2026-12-10', { isPastCutOff: true, isAwaitingResult: true }, 'under way'],
  ['while nobody knows', '2027-02-01', { isPastCutOff: true, isAwaitingResult: true }, 'under way'],
])('%s (%s)', (_when, today, state, stage) => {
  const asked = [bill(), planned(tenth), holidays, day(today)] as const
  expect(plannedRedebit(...asked)).toEqual({ day: '2026-12-10', cutOff: '2026-12-07', ...state })
  expect(redebitUnderWay(...asked) === undefined ? 'open' : 'under way').toBe(stage)
})

test.each<[string, ReturnType<typeof bill>, Redebits['days'], Day | undefined]>([
  ['no day is planned', bill(), [], undefined],
  ['the result is here', bill({ resultsOn: ['2026-12-10'] }), [tenth], undefined],
  ['the result of another day is here', bill({ resultsOn: ['2026-11-25'] }), [tenth], day('2026-12-10')],
  ['due on the day of the re-debit', bill({ dueDay: '2026-12-10' }), [tenth], undefined],
  ['due after the request had left', bill({ dueDay: '2026-12-08' }), [tenth], undefined],
  ['due on the cut-off', bill({ dueDay: '2026-12-07' }), [tenth], day('2026-12-10')],
  ['another product', bill({ product: 'cashing' }), [{ ...tenth, products: ['card'] }], undefined],
  ['this product among others', bill(), [{ ...tenth, products: ['cashing', 'card'] }], day('2026-12-10')],
  ['a product that nobody knows', bill({ product: null }), [{ ...tenth, products: ['cashing'] }], day('2026-12-10')],
  ['the next of several', bill(), [{ day: '2026-12-20', cutOff: '2026-12-15' }, tenth], day('2026-12-10')],
  ['the first request to leave', bill(), [tenth, { day: '2026-12-20', cutOff: '2026-12-01' }], day('2026-12-20')],
  [
    'the one after a result',
    bill({ resultsOn: ['2026-12-10'] }),
    [{ day: '2026-12-20', cutOff: '2026-12-15' }, tenth],
    day('2026-12-20'),
  ],
])('whether a bill is tried again: %s', (_why, of, days, expected) => {
  expect(plannedRedebit(of, planned(...days), holidays, day('2026-11-25'))?.day).toBe(expected)
})

test('a cut-off of its own goes before the counted one', () => {
  const days = planned({ day: '2026-12-10', cutOff: '2026-12-01' })
  expect(plannedRedebit(bill(), days, holidays, day('2026-12-02'))).toMatchObject({
    cutOff: '2026-12-01',
    isPastCutOff: true,
  })
})

test('a creditor who tries nothing again plans nothing', () => {
  expect(plannedRedebit(bill(), {}, holidays, day('2026-12-10'))).toBeUndefined()
})

test('from the cut-off until the result, and on no other day, nobody is asked to pay', () => {
  const anyDay = fc.integer({ min: 0, max: 80 }).map((days) => addDays(day('2026-11-01'), days))
  const days = fc.array(
    fc.record({ day: anyDay, before: fc.integer({ min: 0, max: 9 }) }).map(({ day, before }) => ({
      day,
      cutOff: addDays(day, -before),
    })),
    { maxLength: 4 },
  )
  fc.assert(
    fc.property(days, anyDay, anyDay, fc.array(anyDay), (redebitDays, dueDay, today, resultsOn) => {
      const of = { product: 'card', dueDay, resultsOn }
      const isQuiet = redebitDays.some(
        (one) => dueDay < one.day && dueDay <= one.cutOff && one.cutOff <= today && !resultsOn.includes(one.day),
      )
      expect(redebitUnderWay(of, planned(...redebitDays), holidays, today) !== undefined).toBe(isQuiet)
    }),
    { numRuns: 500 },
  )
})
