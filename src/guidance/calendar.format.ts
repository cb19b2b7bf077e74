import { addDays, type Day } from '#values/day'

/**
 * A reminder of one day as iCalendar (RFC 5545). It says nothing of the company, of money or of whom it is about:
 * calendars are shared with families and employers.
 */
export function calendarFile({
  uid,
  day,
  now,
}: {
  readonly uid: string
  readonly day: Day
  readonly now: Date
}): string {
  return [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//calendar//JA',
    'METHOD:PUBLISH',
    'BEGIN:VEVENT',
    `UID:${uid}`,
    `DTSTAMP:${now.toISOString().replace(/[-:]|\.\d{3}/g, '')}`,
    `DTSTART;VALUE=DATE:${compactDay(day)}`,
    `DTEND;VALUE=DATE:${compactDay(addDays(day, 1))}`,
    'SUMMARY:予定',
    'CLASS:PRIVATE',
    'TRANSP:TRANSPARENT',
    'BEGIN:VALARM',
    'ACTION:DISPLAY',
    'DESCRIPTION:予定',
    // Nine in the morning of that day, when banks open.
    'TRIGGER;RELATED=START:PT9H',
    'END:VALARM',
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ].join('\r\n')
}

function compactDay(day: Day): string {
  return day.replaceAll('-', '')
}
