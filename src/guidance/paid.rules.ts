import type { PaidDetails } from '#answers'
import { addDays, type Day, parseDay } from '#values/day'

export type TypedPaid = { readonly paidOn: string | undefined; readonly method: string | undefined }

/** Who paid longer ago has been asked about it already. */
export const paidDaysBack = 14

export const paidMethods: Readonly<Record<NonNullable<PaidDetails['method']>, string>> = {
  transfer: '銀行振込',
  'convenience-store': 'コンビニエンスストア',
  'pay-easy': 'ペイジー',
  debit: '口座振替',
  other: 'その他・わからない',
}

/** Whatever of it makes sense: nothing is required, and nothing here is a reason to turn somebody away. */
export function readPaid({ paidOn, method }: TypedPaid, today: Day): PaidDetails {
  const day = parseDay(paidOn ?? '')
  const isRecent = day !== undefined && day <= today && day >= addDays(today, -paidDaysBack)
  return { ...(isRecent && { paidOn: day }), ...(isMethod(method) && { method }) }
}

function isMethod(text: string | undefined): text is NonNullable<PaidDetails['method']> {
  return text !== undefined && Object.hasOwn(paidMethods, text)
}
