import type { Chance } from '#platform/chance'
import type { Clock } from '#platform/clock/clock'
import type { Database } from '#platform/database/database'
import type { Vault } from '#platform/vault/vault'
import type { Script } from './assets.ts'
import { cookieName } from './cookie.ts'
import { securityHeaders } from './headers.ts'
import type { Route } from './route.ts'

export type HttpOptions = {
  readonly host: string
  /** 0 for any free port. */
  readonly port: number
  readonly routes: readonly Route[]
  /** The stylesheets that stand inside the pages. */
  readonly styles: readonly string[]
  readonly scripts: readonly Script[]
  /** Where browsers think they are, 'https://pay.example': decides about Secure cookies, HSTS and foreign forms. */
  readonly siteOrigin: string
  /** Whether our scripts may ask this server. */
  readonly scriptsMayConnect?: boolean
  /** Origins besides this one to which a form of ours may lead in the end: a payment provider's pages. */
  readonly formsMayGoTo?: readonly string[]
  /** When not the customers' site: cookies ignore ports, so every server has a name of its own. */
  readonly cookieName?: string
  /** Whether a library that makes HTML from text runs here, through the one policy of ours (`trusted-html.js`). */
  readonly hasTrustedHtml?: boolean
  /** Host names to answer to, without port; any when left out. Keeps a name that points here from becoming an origin. */
  readonly hostNames?: readonly string[]
  /** Addresses or networks of the proxies whose word about the client's address counts. */
  readonly trustedProxies: readonly string[]
  readonly db: Database
  readonly vault: Pick<Vault, 'hash' | 'seal' | 'open'>
  readonly clock: Clock
  readonly chance: Chance
  /** The page for a request that leads nowhere. */
  showTrouble(trouble: Trouble): string
  /** Gets what went wrong and on which route; never what was typed. */
  onFault(error: unknown, at: { readonly method: string; readonly route: string; readonly status: number }): void
  readonly limits?: Partial<Limits>
}

export type Trouble = 400 | 403 | 404 | 405 | 413 | 415 | 421 | 500 | 503

export type Limits = {
  /** The longest form is a consultation of 500 signs, each nine bytes when encoded. */
  readonly bodyBytes: number
  readonly headerBytes: number
  /** A request that takes longer to arrive is an attack or hopeless. */
  readonly headersTimeoutMs: number
  readonly requestTimeoutMs: number
  readonly keepAliveTimeoutMs: number
  /** More at once only wait for the database, so they are told to come back. */
  readonly underWayMax: number
  /** After closing begins, connections that do not finish are cut. */
  readonly closeTimeoutMs: number
}

const usualLimits: Limits = {
  bodyBytes: 16 * 1024,
  headerBytes: 16 * 1024,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 20_000,
  keepAliveTimeoutMs: 20_000,
  underWayMax: 500,
  closeTimeoutMs: 10_000,
}

/** What answering needs at hand. */
export type Desk = HttpOptions & {
  readonly limits: Limits
  readonly isSecure: boolean
  readonly cookie: string
  readonly headers: Readonly<Record<string, string>>
  underWay: number
}

export function openDesk(options: HttpOptions): Desk {
  const isSecure = options.siteOrigin.startsWith('https:')
  const headers = securityHeaders({
    styles: options.styles,
    scripts: options.scripts.map(({ text }) => text),
    mayConnect: options.scriptsMayConnect ?? false,
    formsMayGoTo: options.formsMayGoTo ?? [],
    hasTrustedHtml: options.hasTrustedHtml ?? false,
    isSecure,
  })
  const cookie = cookieName(options.cookieName ?? 'annai', isSecure)
  return { ...options, limits: { ...usualLimits, ...options.limits }, isSecure, cookie, headers, underWay: 0 }
}
