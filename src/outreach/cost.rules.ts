import { splitIntoParts } from '#messages'
import { type Yen, yen } from '#values/yen'

export type Cost = {
  readonly notices: number
  readonly partsEach: number
  readonly parts: number
  /** Null where the creditor's file does not say what a part costs. */
  readonly total: Yen | null
}

/** What a campaign costs: carriers count parts. A part's price may have hundredths of a yen; the sum is rounded up. */
export const costOf = (text: string, notices: number, yenPerPart: string | undefined): Cost => {
  const partsEach = splitIntoParts(text).length
  const parts = notices * partsEach
  return { notices, partsEach, parts, total: yenPerPart === undefined ? null : yen(total(parts, yenPerPart)) }
}

const total = (parts: number, yenPerPart: string): number => {
  const [whole = '0', hundredths = ''] = yenPerPart.split('.')
  return Math.ceil((parts * (Number(whole) * 100 + Number(hundredths.padEnd(2, '0')))) / 100)
}
