import type { Actor } from '#audit'
import type { Db, Transaction } from '#platform/database/database'
import { dropKnown, finalise, setFinalsAside, type Tally, tallyArriving } from './arriving-lines.store.ts'
import { judgeMatch, type Match } from './match.rules.ts'
import type { Ownerless } from './ownerless.ts'
import {
  listWaiting,
  type Placed,
  placeByAccountAndSlip,
  placeByNumber,
  placeJudged,
  sumPlaced,
} from './place-deposits.store.ts'
import { type Rebalanced, rebalance } from './rebalance.ts'
import { type Reversed, reverseDeposits, reverseLateArrivals } from './reversal.store.ts'
import { settleImport } from './settle-import.ts'
import { addSums, noSum, type Sum } from './sum.rules.ts'
import { gatherEvidence } from './ties.store.ts'
import type { PaymentsWorld } from './world.ts'

export type TakingDeposits = { readonly importId: string; readonly now: Date; readonly by: Actor }

/** What became of the lines of one file. Every line is in exactly one of these, but for `bornReversed`. */
export type TakenDeposits = {
  readonly matched: Placed['matched']
  /** For people: `annai deposits unmatched`. */
  readonly unmatched: Placed['unmatched']
  /** Reported by an earlier file; nothing has changed. */
  readonly known: Sum
  /** 確報 of a 速報 that is here. */
  readonly finalised: Sum
  readonly reversed: Sum
  /** Reversals of something that is not here: for people. */
  readonly strayReversals: Sum
  /** Of the matched and unmatched, what an earlier file had reversed before it came. */
  readonly bornReversed: Sum
  /** What it did to the bills. */
  readonly bills: Rebalanced
}

/**
 * Takes the lines in `arriving_deposits` for what they are, matches them and puts the money on the bills. The import is
 * in `imports`, the lock of imports is held.
 */
export const takeDeposits = async (
  w: PaymentsWorld,
  tx: Transaction,
  taking: TakingDeposits,
): Promise<TakenDeposits> => {
  const lines = await tallyArriving(tx)
  const known = await setAside(tx, taking.importId, lines)
  await placeDeposits(w, tx, taking)
  const placed = await sumPlaced(tx, taking.importId)
  const finals = lines.has('final') ? await finalise(tx, taking) : { finalised: noSum, known: noSum }
  const reversals: Reversed = lines.has('reversal') ? await reverseDeposits(tx, taking) : noReversals
  const bornReversed = await reverseLateArrivals(tx, taking)
  const settled = await settleImport(tx, w.creditor, taking.importId, taking.now)
  const undone = await rebalance(tx, w.creditor, reversals.customerIds, taking.now)
  return {
    ...placed,
    known: addSums(known, finals.known, reversals.known),
    finalised: finals.finalised,
    reversed: reversals.reversed,
    strayReversals: reversals.stray,
    bornReversed,
    bills: {
      settled: undone.settled + settled.settled,
      reopened: undone.reopened + settled.reopened,
      surplus: undone.surplus + settled.surplus,
    },
  }
}

const noReversals: Reversed = { reversed: noSum, known: noSum, stray: noSum, customerIds: [] }

/** Leaves only lines of new money among those that arrive, beside the reversals. */
const setAside = async (tx: Transaction, importId: string, lines: ReadonlyMap<string, Tally>): Promise<Sum> => {
  if (lines.has('final')) await setFinalsAside(tx)
  return dropKnown(
    tx,
    importId,
    [...lines].flatMap(([act, tally]) => (act === 'reversal' ? [] : [tally])),
  )
}

const placeDeposits = async (w: PaymentsWorld, tx: Transaction, placing: TakingDeposits): Promise<void> => {
  await placeByAccountAndSlip(tx, placing)
  await placeByNumber(tx, placing)
  for await (const page of listWaiting(tx)) await placeJudged(tx, await judgePage(tx, w, page), placing)
}

/** By the deposits' keys. */
export const judgePage = async (
  db: Db,
  w: Pick<PaymentsWorld, 'vault' | 'creditor'>,
  page: readonly Ownerless[],
): Promise<ReadonlyMap<string, Match>> => {
  const evidence = await gatherEvidence(db, w, page)
  const policy = { byName: w.creditor.policies.deposits.matchByName }
  return new Map([...evidence].map(([key, { clues, ties }]) => [key, judgeMatch(clues, ties, policy)]))
}
