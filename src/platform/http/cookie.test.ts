import { describe, expect, test } from 'vitest'
import { cookieHeader, cookieName, readCookie } from './cookie.ts'

const id = 'AbC-_'.padEnd(43, '0')

describe('The cookie', () => {
  test('is bound to the host and to HTTPS, and out of reach of scripts', () => {
    expect(cookieHeader({ set: id }, cookieName('annai', true), true)).toBe(
      `__Host-annai=${id}; Path=/; HttpOnly; SameSite=Lax; Secure`,
    )
    expect(cookieHeader({ set: id }, 'annai', false)).toBe(`annai=${id}; Path=/; HttpOnly; SameSite=Lax`)
    expect(cookieHeader('clear', cookieName('annai', true), true)).toBe(
      '__Host-annai=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax; Secure',
    )
  })

  test.each([
    [`other=1; annai=${id}`, id],
    [`annai=${id}`, id],
    [undefined, undefined],
    ['', undefined],
    ['annai=short', undefined],
    [`annai=${id}x`, undefined],
    [`annai=${id.slice(1)}'`, undefined],
    [`xannai=${id}`, undefined],
    // One of the two was planted; which one, nobody can tell.
    [`annai=${id}; annai=${id.replace('A', 'B')}`, undefined],
  ])('%j is read as %j', (header, value) => {
    expect(readCookie(header, cookieName('annai', false))).toBe(value)
  })
})
