import { holidayYears } from '#platform/calendar/holidays'
import type { Problem } from '#platform/config/schema'
import { parseDay, yearOf } from '#values/day'
import type { CreditorFile } from './creditor.schema.ts'

/** What is wrong with the days on which debits are tried again: a day that nobody can count to would silence notices for good. */
export const redebitProblems = ({ redebits, products }: Pick<CreditorFile, 'redebits' | 'products'>) =>
  (redebits?.days ?? []).flatMap(({ day, cutOff, products: named = [] }, index): readonly Problem[] => {
    const key = (name: string) => `redebits.days.${index}.${name}`
    const wrong: Problem[] = []
    if (!isKnown(day)) wrong.push({ key: key('day'), message: `${day} is no day of the calendar` })
    if (cutOff !== undefined && !isKnown(cutOff))
      wrong.push({ key: key('cutOff'), message: `${cutOff} is no day of the calendar` })
    if (cutOff !== undefined && cutOff > day) wrong.push({ key: key('cutOff'), message: 'must not be after its day' })
    for (const product of named)
      if (!Object.hasOwn(products, product))
        wrong.push({ key: key('products'), message: `${product} is the key of no product` })
    if (redebits?.days.findIndex((other) => other.day === day && overlaps(other.products, named)) !== index)
      wrong.push({ key: key('day'), message: `${day} is named twice for the same products` })
    return wrong
  })

/** Bank days are counted from it, and beyond these years nobody knows the holidays. */
const isKnown = (text: string): boolean => {
  const day = parseDay(text)
  return day !== undefined && yearOf(day) > holidayYears.first && yearOf(day) <= holidayYears.last
}

const overlaps = (some: readonly string[] | undefined, others: readonly string[]): boolean =>
  some === undefined || others.length === 0 || some.some((product) => others.includes(product))
