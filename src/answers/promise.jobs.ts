import { type Actor, writeAudit, writeAuditLines } from '#audit'
import type { Creditor } from '#creditor'
import { type Database, inTransaction, type Transaction } from '#platform/database/database'
import { lockOpenCases } from './answer.store.ts'
import { insertOutcomes, type LivePromise, listLivePromisesOf, takeJudgeable } from './promise.store.ts'
import { judgePromise, lastJudgedDay } from './promise-outcome.rules.ts'
import { insertVersion, listVersionBills } from './version.store.ts'
import { insertWorkItems } from './work-item.store.ts'

const promisesPerRound = 500

/**
 * Decides every promise that can be decided now: kept, broken (which opens a work item), or cancelled because its bills
 * were taken back.
 * @returns how many were decided.
 */
export const judgePromises = async (
  db: Database,
  { creditor }: { readonly creditor: Pick<Creditor, 'policies'> },
  now: Date,
): Promise<number> => {
  let count = 0
  for (;;) {
    const decided = await inTransaction(db, (tx) => judgeRound(tx, creditor, now))
    count += decided
    if (decided < promisesPerRound) return count
  }
}

const judgeRound = async (tx: Transaction, creditor: Pick<Creditor, 'policies'>, now: Date): Promise<number> => {
  const promises = await takeJudgeable(tx, lastJudgedDay(creditor.policies, now), promisesPerRound)
  const judged = promises.map((promise) => ({ promise, verdict: judgePromise(promise, creditor.policies, now) }))
  const of = (verdict: 'kept' | 'broken' | 'withdrawn') =>
    judged.filter((one) => one.verdict === verdict).map(({ promise }) => promise)
  const [kept, broken, withdrawn] = [of('kept'), of('broken'), of('withdrawn')]
  await insertOutcomes(
    tx,
    [
      ...kept.map((promise) => ({ promise, outcome: 'kept' as const, because: 'settled' })),
      ...broken.map((promise) => ({ promise, outcome: 'broken' as const, because: 'not-settled-in-time' })),
    ],
    now,
  )
  await insertWorkItems(tx, broken.map(workItemOf), now)
  for (const promise of withdrawn) await cancelOne(tx, promise, 'bills-withdrawn', 'system', now)
  await writeAuditLines(tx, [
    ...kept.map((promise) => ({ ...lineOf(promise, now), act: 'promise.kept' })),
    ...broken.map((promise) => ({ ...lineOf(promise, now), act: 'promise.broken' })),
  ])
  return kept.length + broken.length + withdrawn.length
}

/**
 * Cancels what a customer promised, for a hold or a correction: a version of its own, so that the core system hears of it.
 * @returns how many promises were cancelled.
 */
export const cancelPromises = async (
  tx: Transaction,
  {
    customerId,
    because,
    by,
    now,
  }: { readonly customerId: string; readonly because: string; readonly by: Actor; readonly now: Date },
): Promise<number> => {
  await lockOpenCases(tx, [customerId])
  const promises = await listLivePromisesOf(tx, customerId)
  for (const promise of promises) await cancelOne(tx, promise, because, by, now)
  return promises.length
}

const cancelOne = async (
  tx: Transaction,
  promise: LivePromise,
  because: string,
  by: Actor,
  now: Date,
): Promise<void> => {
  const { customerId, answerId, receiptNumber } = promise
  const bills = await listVersionBills(tx, promise)
  await insertOutcomes(tx, [{ promise, outcome: 'cancelled', because }], now)
  const none = { promisedDay: null, lastOfferedDay: null, quietUntil: null }
  await insertVersion(
    tx,
    { customerId, answerId, kind: 'cancelled', ...none, details: { because }, receiptNumber, bills },
    by,
    now,
  )
  const line = lineOf(promise, now)
  await writeAudit(tx, { ...line, actor: by, act: 'promise.cancelled', facts: { ...line.facts, because } })
}

const workItemOf = ({ customerId, caseId, promisedDay, receiptNumber }: LivePromise) => ({
  customerId,
  caseId,
  kind: 'broken-promise' as const,
  details: { promisedDay, receiptNumber },
})

const lineOf = ({ customerId, answerId, version, promisedDay }: LivePromise, now: Date) => ({
  at: now,
  actor: 'system' as const,
  customerId,
  facts: { answerId, version, promisedDay },
})
