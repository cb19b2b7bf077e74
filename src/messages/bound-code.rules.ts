import { decodeUcs2 } from '#values/ucs-2'

/**
 * "Origin-bound one-time codes delivered via SMS" (https://wicg.github.io/sms-one-time-codes/): the last line
 * `@host #code` lets the phone fill in the code, and only on our own site.
 */

export type BoundCode = { readonly host: string; readonly code: string; readonly embeddedHost?: string }

export type BoundCodeCheck =
  | { readonly kind: 'bound' }
  | {
      readonly kind: 'refused'
      readonly because: 'not-text' | 'carriage-return' | 'unbound' | 'other-host' | 'other-code' | 'text-around'
    }

/** Looks at the very bytes that go to the carrier: they must bind exactly this code to exactly this host. */
export function checkBoundCode(
  finalBytes: Buffer,
  { host, code }: { readonly host: string; readonly code: string },
): BoundCodeCheck {
  const text = decodeUcs2(finalBytes)
  if (text === undefined) return { kind: 'refused', because: 'not-text' }
  if (text.includes('\r')) return { kind: 'refused', because: 'carriage-return' }
  const found = parseOriginBoundCode(text)
  if (found === undefined) return { kind: 'refused', because: 'unbound' }
  if (found.host !== host || !isPlainHost(host)) return { kind: 'refused', because: 'other-host' }
  if (found.code !== code) return { kind: 'refused', because: 'other-code' }
  // The algorithm ignores what follows the code; phones that are older than the algorithm may not.
  if (lastLineOf(text) !== `@${host} #${code}`) return { kind: 'refused', because: 'text-around' }
  return { kind: 'bound' }
}

/** The parsing algorithm of section 3.2, step by step. */
export function parseOriginBoundCode(text: string): BoundCode | undefined {
  const line = lastLineOf(text)
  const host = markedToken(line, 0, '@')
  if (host === undefined || line[host.end] !== ' ') return undefined
  const code = markedToken(line, host.end + 1, '#')
  if (code === undefined) return undefined
  const embedded = line[code.end] === ' ' ? markedToken(line, code.end + 1, '@') : undefined
  return { host: host.token, code: code.token, ...(embedded ? { embeddedHost: embedded.token } : {}) }
}

/** Infra: newlines are normalised, then the text is split strictly. */
function lastLineOf(text: string): string {
  return text.replace(/\r\n?/g, '\n').split('\n').at(-1) ?? ''
}

/** A marker and the run of anything but ASCII whitespace behind it. */
function markedToken(
  line: string,
  position: number,
  marker: string,
): { readonly token: string; readonly end: number } | undefined {
  if (line[position] !== marker) return undefined
  const token = /^[^\t\n\f\r ]*/.exec(line.slice(position + 1))?.[0] ?? ''
  return token === '' ? undefined : { token, end: position + 1 + token.length }
}

/** As phones accept it: letters, digits, dots and hyphens in lower case, and no port. */
function isPlainHost(host: string): boolean {
  return /^[a-z0-9-]+(\.[a-z0-9-]+)*$/.test(host)
}
