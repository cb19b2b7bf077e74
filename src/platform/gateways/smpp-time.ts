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
  if (new Date(local).getUTCDate() !== day) return undefined
  return new Date(local - (sign === '+' ? quarters : -quarters) * quarterMs)
}

/** The `YYMMDDhhmmss` of a receipt, in Japanese time; appendix B stops at the minute, most carriers do not. */
export function receiptTime(at: Date): string {
  return digits(new Date(at.getTime() + japanQuarters * quarterMs))
}

/**
 * Reads the date of a receipt: `YYMMDDhhmm`, with seconds, with the century or with marks between (a year of four
 * digits cannot be mistaken: its last two are no month), all as Japanese time, or the form of a validity period, which
 * names its zone. Nothing if it is no such date.
 */
export function parseReceiptTime(text: string): Date | undefined {
  if (/^\d{15}[-+]$/.test(text)) return parseTime(text, new Date(0))
  const written = text.replace(/[-/: ]/g, '')
  if (!/^(?:\d{10}|\d{12}|\d{14})$/.test(written)) return undefined
  const hasCentury = written.length > 10 && written.startsWith('20')
  return japaneseTime(written) ?? (hasCentury ? japaneseTime(written.slice(2)) : undefined)
}

/** `YYMMDDhhmm` or with seconds. */
function japaneseTime(written: string): Date | undefined {
  return parseTime(`${written.padEnd(12, '0')}0${japanQuarters}+`, new Date(0))
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
