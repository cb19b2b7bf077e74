import { join, resolve } from 'node:path'
import { Fault } from '#platform/fault'

/** Everything the environment can say. docs/operating.md explains each; a test compares the two. */
export const environmentNames = [
  'ANNAI_CONSOLE_ADDRESS',
  'ANNAI_CONSOLE_HOST',
  'ANNAI_CONSOLE_HOURS',
  'ANNAI_CONSOLE_IDLE_MINUTES',
  'ANNAI_CONSOLE_PORT',
  'ANNAI_CREDITOR',
  'ANNAI_DATA_DIR',
  'ANNAI_GATEWAYS',
  'ANNAI_KEY_FILE',
  'ANNAI_OIDC_CLIENT_ID',
  'ANNAI_OIDC_CLIENT_SECRET',
  'ANNAI_OIDC_ISSUER',
  'ANNAI_OIDC_ROLES',
  'ANNAI_OIDC_ROLES_CLAIM',
  'ANNAI_OIDC_SCOPE',
  'ANNAI_PORTAL_HOST',
  'ANNAI_PORTAL_PORT',
  'ANNAI_SANDBOX_PORT',
  'ANNAI_SMPP_URL',
  'ANNAI_STRIPE_API',
  'ANNAI_STRIPE_SECRET_KEY',
  'ANNAI_STRIPE_WEBHOOK_SECRET',
  'ANNAI_TRUSTED_PROXIES',
  'ANNAI_LOG_LEVEL',
  'DATABASE_URL',
  'DATABASE_OWNER_URL',
] as const

export type Settings = {
  readonly creditorFile: string
  readonly dataDir: string
  /** Set when the database is somebody else's; without it an embedded one lives in `dataDir`. */
  readonly database?: { readonly appUrl: string; readonly ownerUrl: string }
  readonly keyFile?: string
  readonly portal: { readonly host: string; readonly port: number }
  readonly sandboxPort: number
  readonly console: ConsoleSettings
  /** The file of the carriers; `ANNAI_SMPP_URL` is the short way for a single one. */
  readonly gatewaysFile?: string
  readonly smpp?: { readonly host: string; readonly port: number; readonly systemId: string; readonly password: string }
  /** Of the account that takes cards, when the creditor's file has `card`. */
  readonly stripe?: { readonly secretKey: string; readonly webhookSecret: string; readonly api?: string }
  readonly trustedProxies: readonly string[]
  readonly logLevel: string
}

export type ConsoleSettings = {
  readonly host: string
  readonly port: number
  /** What operators type: `https://console.example`. */
  readonly address?: string
  readonly idleMinutes: number
  readonly absoluteMinutes: number
  /** The identity provider; without it there is a console in a demo only. */
  readonly provider?: {
    readonly issuer: string
    readonly clientId: string
    readonly clientSecret: string
    readonly rolesClaim: string
    readonly scope: string
    /** What the provider calls our roles, as written: `agent=annai-agents,author=annai-authors`. */
    readonly roles?: string
  }
}

/** Reads the environment, the only place that does. Fault `setting-invalid` names the variable. */
export const readSettings = (env: Readonly<Record<string, string | undefined>>): Settings => {
  const appUrl = filled(env.DATABASE_URL)
  const keyFile = filled(env.ANNAI_KEY_FILE)
  const smpp = filled(env.ANNAI_SMPP_URL)
  const gatewaysFile = filled(env.ANNAI_GATEWAYS)
  const stripe = stripeAccount(env)
  if (smpp && gatewaysFile)
    throw new Fault('setting-invalid', 'Set ANNAI_GATEWAYS or ANNAI_SMPP_URL, not both: the file holds every carrier')
  return {
    creditorFile: resolve(filled(env.ANNAI_CREDITOR) ?? join(import.meta.dirname, '../../creditor/demo.yaml')),
    dataDir: resolve(filled(env.ANNAI_DATA_DIR) ?? '.annai'),
    ...(appUrl && { database: { appUrl, ownerUrl: filled(env.DATABASE_OWNER_URL) ?? appUrl } }),
    ...(keyFile && { keyFile: resolve(keyFile) }),
    portal: { host: filled(env.ANNAI_PORTAL_HOST) ?? '127.0.0.1', port: port(env, 'ANNAI_PORTAL_PORT', 8080) },
    sandboxPort: port(env, 'ANNAI_SANDBOX_PORT', 8082),
    console: consoleSettings(env),
    ...(gatewaysFile && { gatewaysFile: resolve(gatewaysFile) }),
    ...(smpp && { smpp: smppAccount(smpp) }),
    ...(stripe && { stripe }),
    trustedProxies: (env.ANNAI_TRUSTED_PROXIES ?? '').split(',').flatMap((part) => filled(part) ?? []),
    logLevel: filled(env.ANNAI_LOG_LEVEL) ?? 'info',
  }
}

const filled = (text: string | undefined): string | undefined => {
  const trimmed = text?.trim()
  return trimmed === '' ? undefined : trimmed
}

const port = (env: Readonly<Record<string, string | undefined>>, name: string, fallback: number): number => {
  const text = filled(env[name])
  if (text === undefined) return fallback
  const number = Number(text)
  if (!/^\d{1,5}$/.test(text) || number > 65_535)
    throw new Fault('setting-invalid', `${name} must be a port, 0 to 65535`)
  return number
}

type Environment = Readonly<Record<string, string | undefined>>

const consoleSettings = (env: Environment): ConsoleSettings => {
  const address = webAddress(env, 'ANNAI_CONSOLE_ADDRESS')
  const provider = identityProvider(env)
  if (provider !== undefined && address === undefined)
    throw new Fault(
      'setting-invalid',
      'ANNAI_CONSOLE_ADDRESS is needed with ANNAI_OIDC_ISSUER: the provider sends back to it',
    )
  return {
    host: filled(env.ANNAI_CONSOLE_HOST) ?? '127.0.0.1',
    port: port(env, 'ANNAI_CONSOLE_PORT', 8081),
    ...(address && { address }),
    idleMinutes: between(env, 'ANNAI_CONSOLE_IDLE_MINUTES', { fallback: 30, max: 240 }),
    absoluteMinutes: 60 * between(env, 'ANNAI_CONSOLE_HOURS', { fallback: 10, max: 24 }),
    ...(provider && { provider }),
  }
}

const identityProvider = (env: Environment): ConsoleSettings['provider'] => {
  const issuer = webAddress(env, 'ANNAI_OIDC_ISSUER')
  const clientId = filled(env.ANNAI_OIDC_CLIENT_ID)
  const clientSecret = filled(env.ANNAI_OIDC_CLIENT_SECRET)
  const roles = filled(env.ANNAI_OIDC_ROLES)
  if (issuer === undefined && clientId === undefined && clientSecret === undefined) return undefined
  if (issuer === undefined || clientId === undefined || clientSecret === undefined)
    throw new Fault(
      'setting-invalid',
      'ANNAI_OIDC_ISSUER, ANNAI_OIDC_CLIENT_ID and ANNAI_OIDC_CLIENT_SECRET are set together',
    )
  const rolesClaim = filled(env.ANNAI_OIDC_ROLES_CLAIM) ?? 'roles'
  const scope = filled(env.ANNAI_OIDC_SCOPE) ?? 'openid profile'
  return { issuer, clientId, clientSecret, rolesClaim, scope, ...(roles && { roles }) }
}

/** HTTPS, or plain HTTP on this machine. */
const webAddress = (env: Environment, name: string): string | undefined => {
  const text = filled(env[name])
  if (text === undefined) return undefined
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isLoopback = url?.protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  if (url?.protocol !== 'https:' && !isLoopback)
    throw new Fault('setting-invalid', `${name} must be an address, https://host`)
  return text.replace(/\/$/, '')
}

const between = (env: Environment, name: string, { fallback, max }: { fallback: number; max: number }): number => {
  const text = filled(env[name])
  if (text === undefined) return fallback
  const number = Number(text)
  if (!/^\d{1,4}$/.test(text) || number < 1 || number > max)
    throw new Fault('setting-invalid', `${name} must be a number, 1 to ${max}`)
  return number
}

const stripeAccount = (env: Readonly<Record<string, string | undefined>>): Settings['stripe'] => {
  const secretKey = filled(env.ANNAI_STRIPE_SECRET_KEY)
  const webhookSecret = filled(env.ANNAI_STRIPE_WEBHOOK_SECRET)
  const api = filled(env.ANNAI_STRIPE_API)
  if (secretKey === undefined && webhookSecret === undefined) return undefined
  if (secretKey === undefined || webhookSecret === undefined)
    throw new Fault('setting-invalid', 'ANNAI_STRIPE_SECRET_KEY and ANNAI_STRIPE_WEBHOOK_SECRET are set together')
  if (api !== undefined && !URL.canParse(api))
    throw new Fault('setting-invalid', 'ANNAI_STRIPE_API must be an address, https://host')
  return { secretKey, webhookSecret, ...(api && { api }) }
}

/** `smpp://systemId:password@host:port`. */
const smppAccount = (text: string) => {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol !== 'smpp:' || url.hostname === '' || url.username === '')
    throw new Fault('setting-invalid', 'ANNAI_SMPP_URL must be like smpp://systemId:password@host:port')
  return {
    host: url.hostname,
    port: url.port === '' ? 2775 : Number(url.port),
    systemId: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
  }
}
