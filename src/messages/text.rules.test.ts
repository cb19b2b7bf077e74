import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeUcs2, encodeUcs2, splitIntoParts, textProblem, utf16Units } from './text.rules.ts'

const sendable = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 330 })
  .filter((text) => textProblem(text) === undefined)
/** Long enough for several parts, and dense with characters of two units. */
const long = fc
  .array(fc.constantFrom('あ', '𠮷', '👩‍👩‍👧', 'a', '\n', '\ufeff'), { minLength: 71, maxLength: 400 })
  .map((characters) => characters.join(''))
  .filter((text) => textProblem(text) === undefined)

describe('splitting a text', () => {
  test.each([
    [1, 1],
    [70, 1],
    [71, 2],
    [134, 2],
    [135, 3],
    [660, 10],
  ])('%i units are %i parts', (units, parts) => {
    expect(splitIntoParts('あ'.repeat(units))).toHaveLength(parts)
  })

  test('loses nothing, fits every part and cuts no character in half', () => {
    fc.assert(
      fc.property(fc.oneof(sendable, long), (text) => {
        const parts = splitIntoParts(text)
        expect(parts.join('')).toBe(text)
        const partMax = parts.length === 1 ? 70 : 67
        for (const part of parts) {
          expect(utf16Units(part)).toBeLessThanOrEqual(partMax)
          expect(part.isWellFormed()).toBe(true)
        }
      }),
    )
  })

  test('ends a part a unit early rather than cut 𠮷', () => {
    const [first, second] = splitIntoParts(`${'あ'.repeat(66)}𠮷${'あ'.repeat(10)}`)
    expect(first).toBe('あ'.repeat(66))
    expect(second).toBe(`𠮷${'あ'.repeat(10)}`)
  })

  test('needs at most ten parts for 660 units, even if every part ends early', () => {
    expect(splitIntoParts(`あ${'𠮷'.repeat(329)}あ`)).toHaveLength(10)
  })

  test.each([
    ['', 'empty'],
    ['あ'.repeat(661), 'too-long'],
    ['一行\r\n二行', 'carriage-return'],
    ['\ud83d', 'half-character'],
  ])('is refused: %j is %s', (text, problem) => {
    expect(textProblem(text)).toBe(problem)
    expect(() => splitIntoParts(text)).toThrow()
  })
})

describe('UCS-2', () => {
  test('is big-endian, without a mark, a line break one LF', () => {
    expect(encodeUcs2('あ\nA').toString('hex')).toBe('3042000a0041')
  })

  test('reads back what it wrote', () => {
    fc.assert(
      fc.property(sendable, (text) => {
        expect(decodeUcs2(encodeUcs2(text))).toBe(text)
      }),
    )
  })

  test.each(['30', '304200', 'd83d', 'dc00d83d'])('%s is no text', (hex) => {
    expect(decodeUcs2(Buffer.from(hex, 'hex'))).toBeUndefined()
  })
})
