import { Fault } from '#platform/fault'

/**
 * What a failed statement becomes. Lost connections and conflicts with other transactions are faults, for callers
 * treat them alike whatever the statement; everything else stays what PostgreSQL said, without the fields in which it
 * quotes the row: those hold personal data, and errors are logged.
 */
export function cleanError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof Fault) return error
  for (const field of quoting) if (field in error) Reflect.deleteProperty(error, field)
  const { code } = error as { code?: unknown }
  if (typeof code !== 'string') return isLostConnection(error) ? unreachable(error) : error
  if (unreachableCodes.test(code)) return unreachable(error)
  if (busyCodes.has(code)) {
    return new Fault('database-busy', 'The transaction was given up because of another one.', { cause: error })
  }
  if (quotingCodes.test(code)) error.message = `PostgreSQL refused a value (${code}).`
  return error
}

/** For constraints that decide a race: which one stood in the way, if it was one. */
export function violatedConstraint(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  const { code, constraint } = error as { code?: unknown; constraint?: unknown }
  return typeof code === 'string' && code.startsWith('23') && typeof constraint === 'string' ? constraint : undefined
}

const quoting = ['detail', 'where', 'internalQuery'] as const

/** Appendix A of the manual: 08 connection, 57P0x shutdown and start, 53300 too many connections; and the sockets' own. */
const unreachableCodes =
  /^(08...|57P0[1-5]|53300|ECONN.*|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/

const busyCodes: ReadonlySet<string> = new Set(['40001', '40P01', '55P03'])

/** Class 22, data exceptions: their messages repeat the value ("invalid input syntax for type date: …"). */
const quotingCodes = /^22...$/

function isLostConnection(error: Error): boolean {
  return /Connection terminated|timeout exceeded when trying to connect|timeout expired|not queryable/.test(
    error.message,
  )
}

function unreachable(cause: Error): Fault {
  return new Fault('database-unreachable', 'The database cannot be reached, or the connection was lost.', { cause })
}
