import { createHash } from 'node:crypto'

export type PageParts = {
  /** Inline stylesheets, allowed by their hash. */
  readonly styles: readonly string[]
  /** The whole text of every script, allowed by its hash. */
  readonly scripts: readonly string[]
  /** Whether scripts may ask this server. */
  readonly mayConnect: boolean
  /** Origins besides this one to which a form may lead: browsers look at where it is sent on to as well. */
  readonly formsMayGoTo: readonly string[]
  readonly hasTrustedHtml: boolean
  readonly isSecure: boolean
}

/** On every response, errors and scripts included: constant, so they cost nothing. */
export function securityHeaders(parts: PageParts): Readonly<Record<string, string>> {
  return {
    'content-security-policy': contentSecurityPolicy(parts),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'origin-agent-cluster': '?1',
    // Not no-referrer: with it a form's Origin is "null", and older browsers have nothing else to show where it is from.
    'referrer-policy': 'same-origin',
    'permissions-policy': permissions,
    'x-content-type-options': 'nosniff',
    // For browsers that do not know frame-ancestors.
    'x-frame-options': 'DENY',
    'x-robots-tag': 'noindex, nofollow',
    ...(parts.isSecure && { 'strict-transport-security': 'max-age=63072000; includeSubDomains' }),
  }
}

/** As `integrity` and the policy write it. */
export function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}

function contentSecurityPolicy(parts: PageParts): string {
  const { styles, scripts, mayConnect, formsMayGoTo, hasTrustedHtml, isSecure } = parts
  const hashes = (texts: readonly string[]) => texts.map((text) => `'${hashOf(text)}'`).join(' ') || "'none'"
  return [
    "default-src 'none'",
    `style-src ${hashes(styles)}`,
    `script-src ${hashes(scripts)}`,
    `connect-src ${mayConnect ? "'self'" : "'none'"}`,
    // The empty icon that keeps browsers from asking for /favicon.ico.
    'img-src data:',
    ["form-action 'self'", ...formsMayGoTo].join(' '),
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
    // "default" is the policy that a library's own calls go through without knowing of it.
    `trusted-types ${hasTrustedHtml ? 'default' : "'none'"}`,
    ...(isSecure ? ['upgrade-insecure-requests'] : []),
  ].join('; ')
}

/** Everything off that a page of ours never needs; codes from SMS and copying stay allowed for this origin. */
const permissions = [
  ...[
    'accelerometer',
    'autoplay',
    'browsing-topics',
    'camera',
    'display-capture',
    'encrypted-media',
    'fullscreen',
    'geolocation',
    'gyroscope',
    'hid',
    'identity-credentials-get',
    'magnetometer',
    'microphone',
    'midi',
    'payment',
    'publickey-credentials-get',
    'screen-wake-lock',
    'serial',
    'usb',
    'xr-spatial-tracking',
  ].map((feature) => `${feature}=()`),
  'clipboard-write=(self)',
  'otp-credentials=(self)',
].join(', ')
