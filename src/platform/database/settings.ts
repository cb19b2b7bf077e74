import type pg from 'pg'
import { Fault } from '#platform/fault'
import { parsers } from './parsers.ts'

/** Every connection of the program is made with these. */
export function connectionSettings(url: string): pg.ClientConfig {
  if (!/^postgres(ql)?:\/\//.test(url) || !URL.canParse(url)) {
    throw new Fault('database-url-malformed', 'A database address looks like postgres://user:password@host:5432/name.')
  }
  return {
    connectionString: url,
    types: parsers,
    // Longer than any failover that is worth waiting for, shorter than a customer waits for a page.
    connectionTimeoutMillis: 10_000,
    // A peer that vanished without a word is noticed by the system's probes instead of never.
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  }
}
