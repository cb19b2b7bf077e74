/**
 * Times as SMPP 3.4 writes them (section 7.1.1): `YYMMDDhhmmsstnnp`, where p is + or - for a moment nn quarters of
 * an hour ahead of or behind UTC, and R for a span from now.
 */

const japanQuarters = 36
const quarterMs = 15 * 60_000
const dayMs = 24 * 60 * 60_000
/** The day field of a span has two digits, and months have no fixed length: we never say more than 31 days. */
const spanMaxMs = 31 * dayMs + 23 * 3_600_000

/** The moment, in Japanese time, cut down to a tenth of a second: a message must never live past it. */
export function absoluteTime(at: Date): string {
  const local = new Date(at.getTime() + japanQuarters * quarterMs)
  const tenth = Math.floor(local.getUTCMilliseconds() / 100)
  return `${digits(local)}${tenth}${japanQuarters}+`
}

/** The span from `now` to the moment, in whole seconds, cut down; nothing once the moment has passed. */
export function relativeTime(at: Date, now: Date): string | undefined {
  const span = Math.min(at.getTime() - now.getTime(), spanMaxMs)
  if (span < 1000) return undefined
  const seconds = Math.floor(span / 1000)
  const parts = [
    Math.floor(seconds / 86_400),
    Math.floor(seconds / 3600) % 24,
    Math.floor(seconds / 60) % 60,
    seconds % 60,
  ]
  return `0000${parts.map(two).join('')}000R`
}

/** Reads either form; nothing if it is neither. */
export function parseTime(text: string, now: Date): Date | undefined {
  const match = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d)(\d\d)([-+R])$/.exec(text)
  if (match === null) return undefined
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, tenth = 0, quarters = 0] = match
    .slice(1, 9)
    .map(Number)
  const sign = match[9]
  if (sign === 'R') {
    const months = new Date(now)
    months.setUTCFullYear(now.getUTCFullYear() + year, now.getUTCMonth() + month, now.getUTCDate() + day)
    return new Date(months.getTime() + ((hour * 60 + minute) * 60 + second) * 1000)
  }
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 59 || quarters > 48)
    return undefined
  const local = Date.UTC(2000 + year, month - 1, day, hour, minute, second, tenth * 100)
  return new Date(local - (sign === '+' ? quarters : -quarters) * quarterMs)
}

/** The `YYMMDDhhmmss` of a receipt, in Japanese time; appendix B stops at the minute, most carriers do not. */
export function receiptTime(at: Date): string {
  return digits(new Date(at.getTime() + japanQuarters * quarterMs))
}

/** Reads `YYMMDDhhmm` or `YYMMDDhhmmss` of a receipt as Japanese time; nothing if it is no such date. */
export function parseReceiptTime(text: string): Date | undefined {
  if (!/^(\d{10}|\d{12})$/.test(text)) return undefined
  return parseTime(`${text.padEnd(12, '0')}0${japanQuarters}+`, new Date(0))
}

/** YYMMDDhhmmss of a date whose UTC fields already hold the local time. */
function digits(local: Date): string {
  return [
    local.getUTCFullYear() % 100,
    local.getUTCMonth() + 1,
    local.getUTCDate(),
    local.getUTCHours(),
    local.getUTCMinutes(),
    local.getUTCSeconds(),
  ]
    .map(two)
    .join('')
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}
