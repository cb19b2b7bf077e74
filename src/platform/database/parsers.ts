import pg from 'pg'
import { Fault } from '#platform/fault'

/**
 * How values of the database become ours. Days stay strings, for a Date would drag a time zone in; amounts and counts
 * become numbers, and one that does not fit exactly is a fault instead of a slightly different amount.
 */
export const parsers = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    const own = format === 'binary' ? undefined : byOid.get(oid)
    return own ?? pg.types.getTypeParser(oid, format as 'text')
  },
} as pg.CustomTypesConfig

export function exactNumber(digits: string): number {
  const value = Number(digits)
  const isExact = /[.eE]/.test(digits) ? significantDigits(digits) <= 15 : Number.isSafeInteger(value)
  if (!isExact || !Number.isFinite(value)) {
    throw new Fault('database-number-unsafe', 'A number from the database does not fit into a JavaScript number.')
  }
  return value
}

/** Fifteen significant digits survive the way through a double and back: IEEE 754, DBL_DIG. */
function significantDigits(digits: string): number {
  return digits
    .replace(/[eE].*$/, '')
    .replace(/[-+.]/g, '')
    .replace(/^0+/, '')
    .replace(/0+$/, '').length
}

type Parser = (text: string) => unknown

const arrayOf = (element: Parser): Parser => {
  const strings = pg.types.getTypeParser(textArray) as (text: string) => readonly (string | null)[]
  return (text) => strings(text).map((item) => (item === null ? null : element(item)))
}

const textArray = 1009 as Parameters<typeof pg.types.getTypeParser>[0]

const asText: Parser = (text) => text

/** The numbers are those of pg_type.dat, which never change. */
const byOid: ReadonlyMap<number, Parser> = new Map<number, Parser>([
  [20, exactNumber], // int8
  [1016, arrayOf(exactNumber)], // int8[]
  [1700, exactNumber], // numeric
  [1231, arrayOf(exactNumber)], // numeric[]
  [1082, asText], // date
  [1182, arrayOf(asText)], // date[]
  [1114, asText], // timestamp, which has no instant to speak of
  [1186, asText], // interval
])
