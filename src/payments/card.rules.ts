import type { OpenBill } from '#bills'
import { amountOn } from '#bills'
import type { Creditor } from '#creditor'
import type { HolidayCalendar } from '#values/business-day'
import { type Day, daysBetween } from '#values/day'
import { sumYen, type Yen } from '#values/yen'
import type { CardPayment } from './card.store.ts'
import { plannedRedebit, type RedebitFacts } from './redebit.rules.ts'

/** What a card would be asked for today: everything this customer owes, amounts fixed with today's late charge. */
export type CardOrder = Pick<CardPayment, 'amount' | 'chargeDay' | 'bills'>

export type CardOffer =
  | {
      readonly kind: 'offered'
      readonly order: CardOrder
      /** The ways that are left; a slip of the provider's must be paid by the cut-off of a re-debit. */
      readonly methods: readonly ('card' | 'konbini')[]
      readonly payableDays: number
    }
  | { readonly kind: 'refused'; readonly because: 'nothing-owed' | 'redebit-planned' }

type Terms = Pick<Creditor, 'products' | 'redebits' | 'card'>

/** As the provider's own default. */
const slipDaysMax = 3

/** May this be paid by card today? After the cut-off of a re-debit the bank takes the money, and nobody shall pay twice. */
export const cardOffer = (
  bills: readonly OpenBill[],
  redebits: readonly RedebitFacts[],
  creditor: Terms,
  holidays: HolidayCalendar,
  today: Day,
): CardOffer => {
  const owed = bills.map((bill) => ({ billId: bill.billId, amount: amountOn(bill, creditor.products, today).total }))
  const order = { amount: sumYen(owed.map(({ amount }) => amount)), chargeDay: today, bills: owed.filter(isSomething) }
  if (order.amount === 0) return { kind: 'refused', because: 'nothing-owed' }
  const planned = redebits.flatMap((bill) => plannedRedebit(bill, creditor, holidays, today) ?? [])
  if (planned.some(({ isPastCutOff }) => isPastCutOff)) return { kind: 'refused', because: 'redebit-planned' }
  const daysLeft = Math.min(slipDaysMax, ...planned.map(({ cutOff }) => daysBetween(today, cutOff)))
  const methods = (creditor.card?.methods ?? []).filter((method) => method !== 'konbini' || daysLeft >= 1)
  return { kind: 'offered', order, methods, payableDays: Math.max(1, daysLeft) }
}

/** Whether a payment that was begun before is for exactly this: then its page is good still. */
export const isSameOrder = (begun: CardOrder, order: CardOrder): boolean =>
  begun.amount === order.amount &&
  begun.chargeDay === order.chargeDay &&
  begun.bills.length === order.bills.length &&
  order.bills.every(({ billId, amount }) =>
    begun.bills.some((bill) => bill.billId === billId && bill.amount === amount),
  )

const isSomething = ({ amount }: { readonly amount: Yen }): boolean => amount > 0
