import type { CookieChange } from './route.ts'

/** An opaque 256-bit id, base64url. */
const ours = /^[A-Za-z0-9_-]{43}$/

/**
 * `__Host-` makes browsers refuse the cookie unless it is Secure, has path / and no domain: no neighbour host and no
 * plain connection can plant one. Plain HTTP on loopback, in the demo only, has to go without.
 */
export function cookieName(name: string, isSecure: boolean): string {
  return isSecure ? `__Host-${name}` : name
}

/** Undefined when there is none, when it cannot be ours, or when two are there and one was planted. */
export function readCookie(header: string | undefined, name: string): string | undefined {
  const values = (header ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1))
  const [value] = values
  return values.length === 1 && value !== undefined && ours.test(value) ? value : undefined
}

/** It lives as long as the browser is open; the server ends it much earlier. */
export function cookieHeader(change: CookieChange, name: string, isSecure: boolean): string {
  const attributes = `Path=/; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`
  return change === 'clear' ? `${name}=; Max-Age=0; ${attributes}` : `${name}=${change.set}; ${attributes}`
}
