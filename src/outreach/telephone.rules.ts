import type { HolidayCalendar } from '#values/business-day'
import { type ContactFacts, type ContactPolicy, decideContact, type Reason } from './contact.rules.ts'

export type TelephoneDecision =
  | { readonly kind: 'may'; readonly reason: TelephoneReason }
  /** Undefined where no hour of the clock helps. */
  | { readonly kind: 'may-not'; readonly because: string; readonly reason: Reason | undefined; readonly until?: Date }

/** Why: nothing stands against it, or the customer has asked to be called. */
export type TelephoneReason = 'nothing-against' | 'asked-to-be-called'

/**
 * May a person at the contact centre ring this customer now? The rules of notices hold, but for what only an SMS has: its
 * text and its caps. Who asked for a consultation waits for our call.
 */
export const decideTelephone = (
  facts: ContactFacts,
  policy: ContactPolicy,
  calendar: HolidayCalendar,
  now: Date,
): TelephoneDecision => {
  const isAsked = facts.told?.kind === 'consultation'
  const asked: ContactFacts = {
    ...facts,
    textProblems: [],
    sent: { today: 0, in7Days: 0, inCase: 0, todayOnPhone: 0, in7DaysOnPhone: 0 },
    told: isAsked ? null : facts.told,
  }
  const decision = decideContact(asked, policy, calendar, now)
  const { chain } = decision
  switch (decision.kind) {
    case 'send':
      return { kind: 'may', reason: isAsked ? 'asked-to-be-called' : 'nothing-against' }
    case 'defer':
      return { kind: 'may-not', because: decision.because, reason: reasonOf(chain), until: decision.until }
    case 'exclude':
      return { kind: 'may-not', because: decision.because, reason: reasonOf(chain) }
  }
}

const reasonOf = (chain: readonly Reason[]): Reason | undefined => chain.find(({ verdict }) => verdict !== 'pass')
