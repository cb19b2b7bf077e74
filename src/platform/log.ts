import { type Logger, pino } from 'pino'

/** Named fields only, never whole objects: personal data must not get in by accident. */
export type Log = Logger

/** JSON lines on standard error: standard output is for data. */
export const openLog = (level: string): Log =>
  pino(
    { level, base: null, redact: { paths: ['err.detail', 'err.where', 'err.parameters'], remove: true } },
    pino.destination(2),
  )
