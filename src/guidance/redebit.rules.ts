import type { Creditor } from '#creditor'
import { plannedRedebit, type RedebitFacts } from '#payments'
import type { HolidayCalendar } from '#values/business-day'
import { compareDays, type Day } from '#values/day'

/** A debit that will be tried again, or has been, as its customer reads of it. */
export type RedebitView = {
  readonly day: Day
  readonly stage: 'planned' | 'requested' | 'awaiting-result'
  /** Names of the products whose bills it is for; undefined when it is for all that is owed. */
  readonly products: readonly string[] | undefined
}

/** What has to be said before somebody pays or promises, the nearest day first. */
export const redebitViews = (
  facts: readonly RedebitFacts[],
  creditor: Pick<Creditor, 'redebits' | 'products'>,
  holidays: HolidayCalendar,
  today: Day,
): readonly RedebitView[] => {
  const planned = facts.flatMap((bill) => {
    const redebit = plannedRedebit(bill, creditor, holidays, today)
    return redebit === undefined ? [] : [{ bill, redebit }]
  })
  return [...Map.groupBy(planned, ({ redebit }) => redebit.day).values()]
    .flatMap((together) => {
      const [first] = together
      if (first === undefined) return []
      const { day, isPastCutOff, isAwaitingResult } = first.redebit
      const stage = isAwaitingResult ? 'awaiting-result' : isPastCutOff ? 'requested' : 'planned'
      const names = new Set(together.map(({ bill }) => creditor.products[bill.product ?? '']?.name))
      const products = together.length === facts.length ? undefined : [...names].filter((name) => name !== undefined)
      return [{ day, stage, products } as const]
    })
    .toSorted((a, b) => compareDays(a.day, b.day))
}
