import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeGsm7, encodeGsm7, septetCount, septetsOfUnit } from './gsm-7.ts'

/** 3GPP TS 23.038, 6.2.1: column by column (b7 to b5), row by row (b4 to b1), as the specification prints it. */
const columns = [
  '@ £ $ ¥ è é ù ì ò Ç LF Ø ø CR Å å',
  'Δ _ Φ Γ Λ Ω Π Ψ Σ Θ Ξ ESC Æ æ ß É',
  'SP ! " # ¤ % & \' ( ) * + , - . /',
  '0 1 2 3 4 5 6 7 8 9 : ; < = > ?',
  '¡ A B C D E F G H I J K L M N O',
  'P Q R S T U V W X Y Z Ä Ö Ñ Ü §',
  '¿ a b c d e f g h i j k l m n o',
  'p q r s t u v w x y z ä ö ñ ü à',
]
const named: Readonly<Record<string, string>> = { LF: '\n', CR: '\r', SP: ' ', ESC: '\u001b' }
const table = columns
  .flatMap((column) => column.split(' '))
  .map((name, septet) => ({ septet, character: named[name] ?? name }))
  .filter(({ character }) => character !== '\u001b')

const extended = [
  { character: '\f', octets: '1b0a' },
  { character: '^', octets: '1b14' },
  { character: '{', octets: '1b28' },
  { character: '}', octets: '1b29' },
  { character: '\\', octets: '1b2f' },
  { character: '[', octets: '1b3c' },
  { character: '~', octets: '1b3d' },
  { character: ']', octets: '1b3e' },
  { character: '|', octets: '1b40' },
  { character: '€', octets: '1b65' },
]
const anyCharacter = fc.constantFrom(...[...table, ...extended].map(({ character }) => character))

describe('the alphabet', () => {
  test('has 127 characters at the places that the specification gives them', () => {
    expect(table).toHaveLength(127)
    for (const { septet, character } of table) {
      expect([character, encodeGsm7(character)]).toEqual([character, Buffer.from([septet])])
      expect(septetsOfUnit(character.charCodeAt(0))).toBe(1)
    }
  })

  test.each(extended)('$character is $octets', ({ character, octets }) => {
    expect(encodeGsm7(character).toString('hex')).toBe(octets)
    expect(septetsOfUnit(character.charCodeAt(0))).toBe(2)
  })

  test('has none of the rest', () => {
    const known = new Set([...table, ...extended].map(({ character }) => character.charCodeAt(0)))
    const others = Array.from({ length: 0x10000 }, (_, unit) => unit).filter((unit) => !known.has(unit))
    expect(others.filter((unit) => septetsOfUnit(unit) !== 0)).toEqual([])
  })
})

describe('a text', () => {
  test('is read as it was written, and its length known before', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter, maxLength: 200, size: 'max' }), (text) => {
        const bytes = encodeGsm7(text)
        expect(septetCount(text)).toBe(bytes.length)
        expect(decodeGsm7(bytes)).toBe(text)
      }),
    )
  })

  test.each(['あ', 'a\u001b', 'ç', '`', '\t'])('with %j cannot be written', (text) => {
    expect(septetCount(text)).toBeUndefined()
  })
})

describe('octets', () => {
  test.each([
    ['1b41', 'A'],
    ['1b1b', '\u001b'],
  ])('%s, an unknown pair, are the character of the basic table', (hex, text) => {
    expect(decodeGsm7(Buffer.from(hex, 'hex'))).toBe(text)
  })

  test.each(['80', '4180', '1b', '1bff'])('%s are no text', (hex) => {
    expect(decodeGsm7(Buffer.from(hex, 'hex'))).toBeUndefined()
  })
})
