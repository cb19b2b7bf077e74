import { describe, expect, test } from 'vitest'
import { isFromOurPages, isNoForeignPage } from './same-origin.ts'

const site = 'https://pay.example'

describe('A form counts only when a page of ours sent it', () => {
  test.each([
    [{ 'sec-fetch-site': 'same-origin' }, true],
    [{ 'sec-fetch-site': 'same-site', origin: site }, false],
    [{ 'sec-fetch-site': 'cross-site', origin: site }, false],
    [{ 'sec-fetch-site': 'none', origin: site }, false],
    [{ origin: site }, true],
    [{ origin: 'https://pay.example.evil.example' }, false],
    [{ origin: 'http://pay.example', host: 'pay.example' }, false],
    [{ origin: 'null' }, false],
    [{ origin: 'http://127.0.0.1:8080', host: '127.0.0.1:8080' }, true],
    [{ origin: 'http://127.0.0.1:9090', host: '127.0.0.1:8080' }, false],
    [{ origin: 'http://evil.example:8080', host: 'evil.example:8080' }, false],
    [{}, false],
  ])('%j: %j', (headers, isOurs) => {
    expect(isFromOurPages(headers, site)).toBe(isOurs)
  })
})

describe('A program may call, a foreign page may not', () => {
  test.each([
    [{}, true],
    [{ 'sec-fetch-site': 'none' }, true],
    [{ 'sec-fetch-site': 'same-origin' }, true],
    [{ 'sec-fetch-site': 'cross-site' }, false],
    [{ origin: 'http://evil.example', host: '127.0.0.1:8082' }, false],
    [{ origin: 'http://127.0.0.1:8082', host: '127.0.0.1:8082' }, true],
  ])('%j: %j', (headers, isAllowed) => {
    expect(isNoForeignPage(headers)).toBe(isAllowed)
  })
})
