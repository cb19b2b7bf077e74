import type { Creditor } from '#creditor'
import { addDays, type Day } from '#values/day'
import type { Yen } from '#values/yen'

export type ConvenienceStoreOffer =
  | {
      readonly kind: 'offered'
      readonly amount: Yen
      /** The last day on which a slip issued today can be paid. */
      readonly expiresOn: Day
      /** Where this amount can be paid. */
      readonly chains: readonly string[]
      readonly apps: readonly string[]
    }
  /** No chain takes so much at once. */
  | { readonly kind: 'too-much'; readonly limitYen: number }
  | {
      readonly kind: 'unavailable'
      readonly because: 'not-configured' | 'screens-not-accepted' | 'nothing-owed' | 'no-day-left'
    }

/** May a slip be issued for this total, where can it be paid, until when, and else why not? */
export const convenienceStoreOffer = (
  { convenienceStore }: Pick<Creditor, 'convenienceStore'>,
  { total, today, lastDay }: { readonly total: Yen; readonly today: Day; readonly lastDay?: Day | undefined },
): ConvenienceStoreOffer => {
  if (convenienceStore === undefined) return { kind: 'unavailable', because: 'not-configured' }
  if (!convenienceStore.acceptsScreens) return { kind: 'unavailable', because: 'screens-not-accepted' }
  if (total === 0) return { kind: 'unavailable', because: 'nothing-owed' }
  const { limitYen, apps } = convenienceStore
  const limits = convenienceStore.chains.map((chain) => Math.min(chain.limitYen ?? limitYen, limitYen))
  const chains = chainsTaking(convenienceStore, total)
  if (chains.length === 0) return { kind: 'too-much', limitYen: Math.max(...limits) }
  const wholeTerm = addDays(today, convenienceStore.payableDays - 1)
  const expiresOn = lastDay !== undefined && lastDay < wholeTerm ? lastDay : wholeTerm
  if (expiresOn < today) return { kind: 'unavailable', because: 'no-day-left' }
  return { kind: 'offered', amount: total, expiresOn, chains, apps }
}

/** The chains at which a slip of this amount can be paid, by name. */
export const chainsTaking = (
  { limitYen, chains }: NonNullable<Creditor['convenienceStore']>,
  amount: Yen,
): readonly string[] =>
  chains.filter((chain) => amount <= Math.min(chain.limitYen ?? limitYen, limitYen)).map(({ name }) => name)
