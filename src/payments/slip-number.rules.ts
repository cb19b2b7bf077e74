import type { Chance } from '#platform/chance'
import { checkDigit } from '#values/check-digit'

/**
 * The number of a slip, as it stands in the free part of the barcode. Drawn and not counted: a count would tell how many
 * slips there are, and after a restored backup it would give the numbers of slips that are out a second time. The last
 * digit checks the others: a slip that somebody typed wrongly at a till is not another customer's.
 */
export const drawSlipNumber = (chance: Chance, padding: 'left' | 'right'): string => {
  // Never with a zero in front, so that the zeros of the padding can be told from it.
  const drawn = `${1 + chance.int(9)}${chance.digits(drawnDigits - 1)}`
  const number = drawn + checkDigit(drawn)
  return padding === 'left' ? number.padStart(freeDigits, '0') : number.padEnd(freeDigits, '0')
}

const freeDigits = 21
/** Among ninety thousand billion numbers a million slips a month do not meet in our time; the table refuses it too. */
const drawnDigits = 14
