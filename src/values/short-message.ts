import { septetCount, septetsOfUnit } from './gsm-7.ts'

/**
 * How a text becomes short messages: 140 octets each, the header of a longer text taking 6 of them
 * (3GPP TS 23.040, 9.2.3.24.1). One alphabet for the whole text, so that a phone can join it.
 */

export type Alphabet = 'gsm-7' | 'ucs-2'

/** In septets, and in units of UTF-16. */
const sizes = {
  'gsm-7': { onePart: 160, eachPart: 153 },
  'ucs-2': { onePart: 70, eachPart: 67 },
} as const

/** The smaller alphabet, if it has every character. */
export function alphabetOf(text: string): Alphabet {
  return septetCount(text) === undefined ? 'ucs-2' : 'gsm-7'
}

/** Whether the text is one short message in this alphabet. */
export function fitsOnePart(text: string, alphabet: Alphabet): boolean {
  const length = alphabet === 'ucs-2' ? text.length : (septetCount(text) ?? Number.POSITIVE_INFINITY)
  return length <= sizes[alphabet].onePart
}

/**
 * Cuts a text into parts that join to exactly the same text. Neither a character of two units nor the two septets of
 * a character are ever cut in half. Only for a text that the alphabet has.
 */
export function cutIntoParts(text: string, alphabet: Alphabet): readonly string[] {
  if (fitsOnePart(text, alphabet)) return [text]
  const cutAt = alphabet === 'ucs-2' ? endInUcs2 : endInGsm7
  const parts: string[] = []
  for (let start = 0; start < text.length; ) {
    const end = cutAt(text, start)
    parts.push(text.slice(start, end))
    start = end
  }
  return parts
}

function endInUcs2(text: string, start: number): number {
  const end = start + sizes['ucs-2'].eachPart
  if (end >= text.length) return text.length
  return isHighSurrogate(text.charCodeAt(end - 1)) ? end - 1 : end
}

function endInGsm7(text: string, start: number): number {
  let septets = 0
  let end = start
  while (end < text.length) {
    septets += septetsOfUnit(text.charCodeAt(end))
    if (septets > sizes['gsm-7'].eachPart) return end
    end += 1
  }
  return end
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff
}
