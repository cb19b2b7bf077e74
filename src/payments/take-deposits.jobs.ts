import type { Actor } from '#audit'
import type { Transaction } from '#platform/database/database'
import type { Unmatched } from './match.rules.ts'
import type { PaymentsWorld } from './world.ts'

export type TakingDeposits = { readonly importId: string; readonly now: Date; readonly by: Actor }

export type Sum = { readonly count: number; readonly amount: number }

/** What became of the lines of one file. Every line of it is in exactly one of these. */
export type TakenDeposits = {
  readonly matched: readonly (Sum & {
    readonly how: 'virtual-account' | 'slip' | 'reference' | 'name'
    readonly certainty: 'certain' | 'probable'
  })[]
  /** For people: `annai deposits unmatched`. */
  readonly unmatched: readonly (Sum & { readonly because: Unmatched })[]
  /** Reversed by an earlier file before they came. */
  readonly bornReversed: Sum
  /** Reported by an earlier file; nothing has changed. */
  readonly known: Sum
  /** 確報 of a 速報 that is here. */
  readonly finalised: Sum
  readonly reversed: Sum
  /** Reversals of something that is not here: for people. */
  readonly strayReversals: Sum
}

/**
 * Takes the lines in `arriving_deposits` for what they are, matches them and puts the money on the bills. The import is
 * in `imports`, the lock of imports is held.
 */
export const takeDeposits = async (
  _w: PaymentsWorld,
  _tx: Transaction,
  _taking: TakingDeposits,
): Promise<TakenDeposits> => {
  const none = { count: 0, amount: 0 }
  return {
    matched: [],
    unmatched: [],
    bornReversed: none,
    known: none,
    finalised: none,
    reversed: none,
    strayReversals: none,
  }
}
