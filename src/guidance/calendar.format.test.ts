import { expect, test } from 'vitest'
import { day } from '#values/day'
import { calendarFile } from './calendar.format.ts'

const file = calendarFile({ uid: 'abc', day: day('2026-12-31'), now: new Date('2026-11-24T01:02:03.456Z') })

test('The reminder is private and says nothing of the company, of money or of a debt', () => {
  const lines = file.split('\r\n')
  expect(lines).toContain('SUMMARY:予定')
  expect(lines).toContain('CLASS:PRIVATE')
  expect(lines).toContain('DTSTART;VALUE=DATE:20261231')
  expect(lines).toContain('DTEND;VALUE=DATE:20270101')
  expect(lines).toContain('DTSTAMP:20261124T010203Z')
  expect(file.replaceAll('予定', '')).not.toMatch(/[\u3000-\u9fff]/)
  expect(file).not.toMatch(/annai|jaccs|pay/i)
})

test('Its lines end as RFC 5545 wants it and are short enough to need no folding', () => {
  expect(file.endsWith('END:VCALENDAR\r\n')).toBe(true)
  expect(file.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
  for (const line of file.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75)
})
