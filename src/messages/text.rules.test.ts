import { describe, expect, test } from 'vitest'
import { splitIntoParts, textProblem } from './text.rules.ts'

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

  test('ends a part a unit early rather than cut 𠮷', () => {
    const [first, second] = splitIntoParts(`${'あ'.repeat(66)}𠮷${'あ'.repeat(10)}`)
    expect(first).toBe('あ'.repeat(66))
    expect(second).toBe(`𠮷${'あ'.repeat(10)}`)
  })

  test('needs at most ten parts for 660 units, even if every part ends early', () => {
    expect(splitIntoParts(`あ${'𠮷'.repeat(329)}あ`)).toHaveLength(10)
  })

  test('of Latin letters alone has room for more', () => {
    expect(splitIntoParts('a'.repeat(160))).toHaveLength(1)
    expect(splitIntoParts('€'.repeat(660))).toHaveLength(9)
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
