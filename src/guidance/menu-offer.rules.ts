import { type AnswerContext, type AnswerFacts, decideAnswer, pendingPromises, promiseChoices } from '#answers'
import { addDays, dayInJst } from '#values/day'
import type { MenuOffer } from './menu.views.ts'

/** What the menu may offer: exactly what the rules of answering would take. Nothing, when nothing is owed. */
export const menuOffer = (facts: AnswerFacts, context: AnswerContext): MenuOffer | { readonly kind: 'settled' } => {
  const today = dayInJst(context.now)
  const tomorrow = addDays(today, 1)
  const probe = decideAnswer(facts, { kind: 'promise', day: tomorrow, shownOn: today }, context)
  const because = probe.kind === 'refused' ? probe.because : undefined
  switch (because) {
    case 'already-settled':
      return { kind: 'settled' }
    case 'on-hold':
    case 'only-consultation':
      return { kind: because }
    case 'day-has-passed':
    case 'too-late':
    case 'outside-offered-days':
    case undefined: {
      const daysMax = context.creditor.policies.promise.days
      const pending = pendingPromises(facts)
      const choices = promiseChoices({ today, days: daysMax, holidays: context.holidays, pending })
      return { kind: 'days', today, daysMax, choices }
    }
  }
}
