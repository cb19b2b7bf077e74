import { type Alphabet, alphabetOf, cutIntoParts } from '#values/short-message'
import type { Part } from './gateway.ts'

/** The text cut into short messages, all in one alphabet; without GSM-7 every text goes in UCS-2. */
export function partsOf(text: string, { hasGsm7 = true }: { readonly hasGsm7?: boolean } = {}): readonly Part[] {
  const alphabet = alphabetFor(text, hasGsm7)
  const texts = cutIntoParts(text, alphabet)
  return texts.map((part, index) => ({ text: part, alphabet, number: index + 1, of: texts.length }))
}

/** The text uncut, for a carrier that cuts it itself. */
export function wholeText(text: string, { hasGsm7 = true }: { readonly hasGsm7?: boolean } = {}): readonly Part[] {
  return [{ text, alphabet: alphabetFor(text, hasGsm7), number: 1, of: 1 }]
}

function alphabetFor(text: string, hasGsm7: boolean): Alphabet {
  return hasGsm7 ? alphabetOf(text) : 'ucs-2'
}
