import { assert } from '#values/assert'
import { alphabetOf, cutIntoParts } from '#values/short-message'

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

/** The texts of the short messages that the text becomes. Only for a text without a `textProblem`. */
export function splitIntoParts(text: string): readonly string[] {
  assert(textProblem(text) === undefined, 'a text is checked before it is split')
  return cutIntoParts(text, alphabetOf(text))
}

/** The length by which carriers count. */
export function utf16Units(text: string): number {
  return text.length
}
