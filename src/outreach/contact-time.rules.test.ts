import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import type { Creditor, Policies } from '#creditor'
import { japaneseHolidays as holidays } from '#platform/calendar/holidays'
import { dayInJst, timeInJst, weekday } from '#values/day'
import { at, creditorWith, ten } from '../../test/casework.ts'
import { closedDay, closingOf, contactHours, nextAllowedInstant } from './contact-time.rules.ts'

let creditor: Creditor
beforeAll(async () => {
  creditor = await creditorWith()
})

const contact = (changes: Partial<Policies['contact']> = {}) => ({
  contact: { ...creditor.policies.contact, ...changes },
})

test.each([
  ['09:00', '20:00', '09:00', '20:00'],
  ['00:00', '23:59', '08:00', '21:00'],
  ['07:59', '21:01', '08:00', '21:00'],
  ['10:30', '10:31', '10:30', '10:31'],
])('configured %s to %s is really %s to %s', (opens, closes, really, until) => {
  expect(contactHours(contact({ opens, closes }))).toEqual({ opens: really, closes: until })
})

test.each([
  ['2026-11-24', undefined],
  ['2026-11-21', undefined],
  ['2026-11-22', 'sunday'],
  ['2026-11-23', 'public-holiday'],
  ['2026-12-30', undefined],
  ['2026-12-31', 'turn-of-year'],
  ['2027-01-01', 'turn-of-year'],
  ['2027-01-02', 'turn-of-year'],
  ['2027-01-03', 'turn-of-year'],
  ['2027-01-04', undefined],
])('%s is %s', (on, closed) => {
  expect(closedDay(dayInJst(at(on, 12)), contact(), holidays)).toBe(closed)
})

test('days are open where the policy opens them', () => {
  const open = contact({ onSundays: true, onHolidays: true, overNewYear: true })
  for (const on of ['2026-11-22', '2026-11-23', '2026-12-31', '2027-01-01', '2027-01-03'])
    expect(closedDay(dayInJst(at(on, 12)), open, holidays)).toBeUndefined()
  expect(closedDay(dayInJst(at('2027-01-01', 12)), contact({ overNewYear: true }), holidays)).toBe('public-holiday')
})

test.each([
  ['within the hours, at once', at('2026-11-24', 10, 0, 1), at('2026-11-24', 10, 0, 1)],
  ['before they open', at('2026-11-24', 8, 59, 59), at('2026-11-24', 9)],
  ['as they open', at('2026-11-24', 9), at('2026-11-24', 9)],
  ['in their last second', at('2026-11-24', 19, 59, 59), at('2026-11-24', 19, 59, 59)],
  ['as they close', at('2026-11-24', 20), at('2026-11-25', 9)],
  ['on Friday night, on Saturday', at('2026-11-20', 22), at('2026-11-21', 9)],
  ['on Saturday night, after Sunday and a holiday', at('2026-11-21', 21), at('2026-11-24', 9)],
  ['over the new year', at('2026-12-30', 20), at('2027-01-04', 9)],
])('the next notice may leave: %s', (_when, now, next) => {
  expect(nextAllowedInstant(now, contact(), holidays)).toEqual(next)
})

test('hours that never open defer for ever, which is an end', () => {
  expect(nextAllowedInstant(ten, contact({ opens: '21:30', closes: '23:00' }), holidays)).toBeUndefined()
  expect(nextAllowedInstant(ten, contact({ opens: '05:00', closes: '07:00' }), holidays)).toBeUndefined()
})

const time = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':'))

test('whatever is configured, the next instant lies within 8 to 21 in Japan on an open day, and so does the closing', () => {
  const policy = fc.record({
    opens: time,
    closes: time,
    onSundays: fc.boolean(),
    onHolidays: fc.boolean(),
    overNewYear: fc.boolean(),
  })
  const instants = fc.date({ min: at('2026-01-01', 0), max: at('2030-12-31', 23), noInvalidDate: true })
  fc.assert(
    fc.property(policy, instants, (changes, now) => {
      const policies = contact(changes)
      const next = nextAllowedInstant(now, policies, holidays)
      if (next === undefined) {
        expect(contactHours(policies).opens >= contactHours(policies).closes).toBe(true)
        return
      }
      const day = dayInJst(next)
      expect(next.getTime()).toBeGreaterThanOrEqual(now.getTime())
      expect(timeInJst(next).hour).toBeGreaterThanOrEqual(8)
      expect(timeInJst(next).hour).toBeLessThan(21)
      expect(!changes.onSundays && weekday(day) === 0).toBe(false)
      expect(!changes.onHolidays && holidays.isHoliday(day)).toBe(false)
      const closing = closingOf(day, contactHours(policies))
      expect(closing > next && closing <= at(day, 21)).toBe(true)
    }),
    { numRuns: 500 },
  )
})
