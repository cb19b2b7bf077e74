import type { Day } from '#values/day'
import type { Clues, Tie } from './match.rules.ts'
import type { PayerReadings } from './payer.rules.ts'

/** A deposit whose owner is looked for. */
export type Ownerless = {
  /** What the caller knows it by. */
  readonly key: string
  readonly channel: Clues['channel']
  readonly amount: number
  readonly onDay: Day
  readonly account: string | null
  readonly reference: string | null
  readonly payer: string | null
}

/** With what its payer's text may mean. */
export type Read = Ownerless & { readonly readings: PayerReadings }

/** One thing that speaks for a customer. */
export type Found = Omit<Tie, 'amount'> & { readonly key: string }
