import { describe, expect, test } from 'vitest'
import { partsOf, wholeText } from './parts.ts'

describe('the parts of a text', () => {
  test('are numbered from 1 and share one alphabet, though one part alone could do with less', () => {
    const parts = partsOf(`${'a'.repeat(67)}${'あ'.repeat(5)}`)
    expect(parts).toEqual([
      { text: 'a'.repeat(67), alphabet: 'ucs-2', number: 1, of: 2 },
      { text: 'あ'.repeat(5), alphabet: 'ucs-2', number: 2, of: 2 },
    ])
  })

  test.each([
    [true, 'gsm-7', 1],
    [false, 'ucs-2', 2],
  ])('of a Latin text, where the carrier takes GSM-7: %s, go in %s', (hasGsm7, alphabet, of) => {
    expect(partsOf('a'.repeat(100), { hasGsm7 })[0]).toMatchObject({ alphabet, of })
  })
})

test('a whole text is one part, however long', () => {
  expect(wholeText('あ'.repeat(500))).toEqual([{ text: 'あ'.repeat(500), alphabet: 'ucs-2', number: 1, of: 1 }])
})
