import type { Chance } from '#platform/chance'
import { checkDigit, endsInCheckDigit } from '#values/check-digit'

/**
 * The number of a slip, as it stands in the free part of the barcode. Drawn and not counted: a count would tell how many
 * slips there are, and after a restored backup it would give the numbers of slips that are out a second time.
 */
export const drawSlipNumber = (chance: Chance, padding: 'left' | 'right'): string => {
  // Never with a zero in front, so that the zeros of the padding can be told from it.
  const drawn = `${1 + chance.int(9)}${chance.digits(drawnDigits - 1)}`
  const number = drawn + checkDigit(drawn)
  return padding === 'left' ? number.padStart(freeDigits, '0') : number.padEnd(freeDigits, '0')
}

/** Whether we can have given this number: a digit mistyped or two swapped, and we cannot. */
export const isSlipNumber = (freePart: string, padding: 'left' | 'right'): boolean => {
  if (!/^\d{21}$/.test(freePart)) return false
  const zeros = '0'.repeat(freeDigits - numberDigits)
  const [number, filling] =
    padding === 'left'
      ? [freePart.slice(zeros.length), freePart.slice(0, zeros.length)]
      : [freePart.slice(0, numberDigits), freePart.slice(numberDigits)]
  return filling === zeros && !number.startsWith('0') && endsInCheckDigit(number)
}

const freeDigits = 21
/** Among ninety thousand billion numbers a million slips a month do not meet in our time; the table refuses it too. */
const drawnDigits = 14
const numberDigits = drawnDigits + 1
