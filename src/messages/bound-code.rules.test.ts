import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeUcs2 } from '#values/ucs-2'
import { checkBoundCode, parseOriginBoundCode } from './bound-code.rules.ts'

describe('parsing an origin-bound code', () => {
  test.each([
    ['747723 is your ExampleCo authentication code.\n\n@example.com #747723', { host: 'example.com', code: '747723' }],
    ['@example.com #747723', { host: 'example.com', code: '747723' }],
    ['text\r\n@example.com #747723', { host: 'example.com', code: '747723' }],
    [
      '@example.com #747723 @ecommerce.example',
      { host: 'example.com', code: '747723', embeddedHost: 'ecommerce.example' },
    ],
    [
      '@example.com #747723 @ecommerce.example $future',
      { host: 'example.com', code: '747723', embeddedHost: 'ecommerce.example' },
    ],
    ['@example.com #747723 %future', { host: 'example.com', code: '747723' }],
    ['@example.com #747723 ', { host: 'example.com', code: '747723' }],
  ])('finds it in %j', (text, found) => {
    expect(parseOriginBoundCode(text)).toEqual(found)
  })

  test.each([
    'something @example.com #747723',
    '#747723 @ecommerce.example @example.com',
    '@example.com code #747723',
    '@example.com  #747723',
    '@example.com\t#747723',
    '@example.com #747723\n',
    '@example.com #747723\nThank you.',
    '@example.com #',
    '@ #747723',
    '@example.com',
    '＠example.com #747723',
    '',
  ])('finds none in %j', (text) => {
    expect(parseOriginBoundCode(text)).toBeUndefined()
  })
})

describe('the bytes of a code message', () => {
  const own = { host: 'mobile.jaccs.co.jp', code: '1234' }
  const check = (text: string, expected = own) => checkBoundCode(encodeUcs2(text), expected)

  test.each([
    ['認証番号:1234\n\n@mobile.jaccs.co.jp #1234', own],
    ['@localhost #1234', { host: 'localhost', code: '1234' }],
  ])('bind the code to our site: %j', (text, expected) => {
    expect(check(text, expected)).toEqual({ kind: 'bound' })
  })

  test.each([
    ['認証番号:1234', 'unbound'],
    ['認証番号:1234 @mobile.jaccs.co.jp #1234', 'unbound'],
    ['@mobile.jaccs.co.jp #1234\n', 'unbound'],
    ['@mobile.jaccs.co.jp　#1234', 'unbound'],
    [' @mobile.jaccs.co.jp #1234', 'unbound'],
    ['認証番号\r\n@mobile.jaccs.co.jp #1234', 'carriage-return'],
    ['@evil.example #1234', 'other-host'],
    ['@mobile.jaccs.co.jp:8080 #1234', 'other-host'],
    ['@MOBILE.jaccs.co.jp #1234', 'other-host'],
    ['@mobile.jaccs.co.jp #1235', 'other-code'],
    ['@mobile.jaccs.co.jp #12345', 'other-code'],
    ['@mobile.jaccs.co.jp #1234。', 'other-code'],
    ['@mobile.jaccs.co.jp #1234\u200b', 'other-code'],
    ['@mobile.jaccs.co.jp #1234 ', 'text-around'],
    ['@mobile.jaccs.co.jp #1234 @evil.example', 'text-around'],
  ])('are refused: %j is %s', (text, because) => {
    expect(check(text)).toEqual({ kind: 'refused', because })
  })

  test('are refused when the host we expect has a port itself', () => {
    const expected = { host: 'localhost:8080', code: '1234' }
    expect(check('@localhost:8080 #1234', expected)).toEqual({ kind: 'refused', because: 'other-host' })
  })

  test('are refused when they are cut or shifted by an octet', () => {
    const bytes = encodeUcs2('@mobile.jaccs.co.jp #1234')
    expect(checkBoundCode(bytes.subarray(1), own)).toEqual({ kind: 'refused', because: 'not-text' })
    expect(checkBoundCode(bytes.subarray(0, -1), own)).toEqual({ kind: 'refused', because: 'not-text' })
  })

  test('pass only if the last line is exactly ours, whatever is done to one octet', () => {
    const bytes = encodeUcs2('認証番号\n\n@mobile.jaccs.co.jp #1234')
    const lineStart = bytes.length - 2 * '\n@mobile.jaccs.co.jp #1234'.length
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = Buffer.from(bytes)
        changed[at] = (changed[at] ?? 0) ^ change
        const isUntouchedLine = at < lineStart
        if (!isUntouchedLine) expect(checkBoundCode(changed, own).kind).toBe('refused')
      }),
      { numRuns: 500 },
    )
  })
})
