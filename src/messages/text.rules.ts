import { assert } from '#values/assert'

/**
 * How a text becomes short messages: 140 octets each, in UCS-2, the header of a longer text taking 6 of them
 * (3GPP TS 23.040).
 */

/** 140 octets are 70 units of UTF-16. */
const unitsOfOnePart = 70
/** 134 octets beside the header of a longer text. */
const unitsOfEachPart = 67
/** What carriers of this country take as one text: ten parts, even where every part ends a unit early. */
export const unitsMax = 660

export type TextProblem = 'empty' | 'too-long' | 'carriage-return' | 'half-character'

/** Why a text cannot be sent as it is; nothing if it can. */
export function textProblem(text: string): TextProblem | undefined {
  const units = utf16Units(text)
  if (units === 0) return 'empty'
  if (units > unitsMax) return 'too-long'
  // Phones show CR as a second line break, and some carriers count it as one.
  if (text.includes('\r')) return 'carriage-return'
  return text.isWellFormed() ? undefined : 'half-character'
}

/**
 * Cuts a text into parts that join to exactly the same text; a character of two units is never cut in half.
 * Only for a text without a `textProblem`.
 */
export function splitIntoParts(text: string): readonly string[] {
  assert(textProblem(text) === undefined, 'a text is checked before it is split')
  return utf16Units(text) <= unitsOfOnePart ? [text] : cut(text)
}

/** The length by which carriers count. */
export function utf16Units(text: string): number {
  return text.length
}

/** Big-endian and without a byte order mark, as data_coding 8 of SMPP wants it. */
export function encodeUcs2(text: string): Buffer {
  return Buffer.from(text, 'utf16le').swap16()
}

/** The text of these bytes; nothing if they are no whole, well-formed text. */
export function decodeUcs2(bytes: Buffer): string | undefined {
  if (bytes.length % 2 !== 0) return undefined
  const text = Buffer.from(bytes).swap16().toString('utf16le')
  return text.isWellFormed() ? text : undefined
}

function cut(text: string): string[] {
  const parts: string[] = []
  for (let start = 0; start < text.length; ) {
    const end = start + unitsOfEachPart
    const isMidCharacter = isHighSurrogate(text.charCodeAt(end - 1)) && end < text.length
    const part = text.slice(start, isMidCharacter ? end - 1 : end)
    parts.push(part)
    start += part.length
  }
  return parts
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff
}
