import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { septetCount } from './gsm-7.ts'
import { type Alphabet, alphabetOf, cutIntoParts } from './short-message.ts'

const latin = fc.string({
  unit: fc.constantFrom('a', 'é', '€', '[', '\n', '@'),
  minLength: 1,
  maxLength: 700,
  size: 'max',
})
const mixed = fc.string({
  unit: fc.constantFrom('あ', '𠮷', '👩‍👩‍👧', 'a', '€', '\ufeff'),
  minLength: 1,
  maxLength: 400,
})
const sizeOf = (text: string, alphabet: Alphabet) => (alphabet === 'gsm-7' ? septetCount(text) : text.length)
const limits = { 'gsm-7': [160, 153], 'ucs-2': [70, 67] } as const

describe('the alphabet of a text', () => {
  test.each([
    ['Your code is 123456', 'gsm-7'],
    ['10 € {ok} @Ω', 'gsm-7'],
    ['Your code is 123456 ✓', 'ucs-2'],
    ['façade', 'ucs-2'],
    ['お支払い', 'ucs-2'],
    ['ｱ', 'ucs-2'],
  ])('of %j is %s', (text, alphabet) => {
    expect(alphabetOf(text)).toBe(alphabet)
  })
})

describe('cutting a text', () => {
  test.each([
    ['a', 160, 1],
    ['a', 161, 2],
    ['a', 306, 2],
    ['a', 307, 3],
    ['€', 80, 1],
    ['€', 81, 2],
    // An ESC never stands alone: 76 pairs a part, though 153 septets would hold 76.5.
    ['€', 152, 2],
    ['€', 153, 3],
    ['あ', 70, 1],
    ['あ', 71, 2],
    ['あ', 134, 2],
    ['あ', 135, 3],
    ['𠮷', 35, 1],
    ['𠮷', 36, 2],
    ['𠮷', 66, 2],
    ['𠮷', 67, 3],
  ])('%s × %i gives %i parts', (character, times, parts) => {
    const text = character.repeat(times)
    expect(cutIntoParts(text, alphabetOf(text))).toHaveLength(parts)
  })

  test('loses nothing, fits every part, cuts no character and wastes no room', () => {
    fc.assert(
      fc.property(fc.oneof(latin, mixed), (text) => {
        const alphabet = alphabetOf(text)
        const parts = cutIntoParts(text, alphabet)
        expect(parts.join('')).toBe(text)
        const [onePart, eachPart] = limits[alphabet]
        const most = parts.length === 1 ? onePart : eachPart
        for (const [index, part] of parts.entries()) {
          expect(part.isWellFormed()).toBe(true)
          expect(sizeOf(part, alphabet)).toBeLessThanOrEqual(most)
          const next = [...(parts[index + 1] ?? '')][0]
          if (next !== undefined) expect(sizeOf(part + next, alphabet)).toBeGreaterThan(most)
        }
      }),
    )
  })

  test('in UCS-2 takes a Latin text too', () => {
    expect(cutIntoParts('a'.repeat(71), 'ucs-2').map(({ length }) => length)).toEqual([67, 4])
  })
})
