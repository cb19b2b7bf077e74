import { addDays, type Day, dayInJst, instantOfJst } from '#values/day'
import type { ContactDecision, ContactFacts } from './contact.rules.ts'

/** No rule waits longer: seven days of notices, a promise of a month with its posting time, a few holidays. */
export const daysAheadMax = 60

/**
 * When it is worth asking again whether this customer may be contacted; undefined when no hour by itself changes the
 * answer: somebody has to release a hold, the bank has to answer, the customer has paid.
 */
export const askAgainAt = (
  decision: Exclude<ContactDecision, { readonly kind: 'send' }>,
  { promiseQuietUntil, told }: Pick<ContactFacts, 'promiseQuietUntil' | 'told'>,
  asked: Date,
): Date | undefined => {
  if (decision.kind === 'defer') return decision.until
  const today = dayInJst(asked)
  switch (decision.because) {
    case 'live-promise':
      return morningAfter(promiseQuietUntil ?? today)
    case 'told-already-paid':
    case 'told-consultation':
      return morningAfter(told?.quietUntil ?? today)
    case 'cap-per-day':
    case 'cap-in-7-days':
      return morningAfter(today)
    default:
      return undefined
  }
}

const morningAfter = (day: Day): Date => instantOfJst(addDays(day, 1), 0)
