import { Temporal } from 'temporal-polyfill'

/** An instant as RFC 3339 with an offset, like 2026-11-25T10:00:00+09:00; undefined for anything else. */
export const parseInstant = (text: string): Date | undefined =>
  attempt(() => new Date(Temporal.Instant.from(text).epochMilliseconds))

/** An ISO 8601 duration of days and shorter, like PT5M or P1D, in milliseconds; undefined for anything else. */
export const parseDuration = (text: string): number | undefined =>
  attempt(() => Temporal.Duration.from(text).total('milliseconds'))

const attempt = <T>(parse: () => T): T | undefined => {
  try {
    return parse()
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}
